"""Who is asked to verify and to check: by duty grid and nearness, never a party to the repair."""

import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from gis.case.models import Attachment, Case
from gis.case.side_models import CaseCoDepartment, CaseTask
from gis.case.states import CaseState
from gis.case.task_queries import lamp, waiting_tasks
from gis.case.task_words import reason_words
from gis.case.tasks import end_task, give_task, hand_task_on, open_task
from gis.errors import InvalidInput
from gis.i18n import in_locale
from gis.people.models import Person, Role
from tests import hand_made_city as city
from tests.hand_made_city import NOW
from tests.small_city import AsRole
from tests.test_case_loop import act, report

PHOTO = io.BytesIO()
Image.new("RGB", (64, 48), "orange").save(PHOTO, "PNG")


@pytest.fixture
def town(session: Session) -> Session:
    city.build(session)
    return session


def asked(session: Session, case: Case, kind: str = "verify") -> str | None:
    """The login of who is asked."""
    task = give_task(session, case, kind, None, NOW)
    return None if task.assignee_id is None else session.get_one(Person, task.assignee_id).login


def test_the_duty_grid_decides_before_nearness(town: Session) -> None:
    city.person(town, "west", "west")
    city.person(town, "next-door", "middle")
    near_the_border = city.case(town, 395, 50)
    assert asked(town, near_the_border) == "west"
    task = open_task(town, near_the_border)
    assert task is not None
    assert (task.kind, task.given_at, task.due_at) == ("verify", NOW, NOW + timedelta(minutes=30))
    assert task.reason == {
        "rule": "duty_grid", "duty_grid": "west", "distance_m": 200.0, "by_track": False,
        "open_tasks": 0, "candidates": 1, "own_report": False,
    }  # fmt: skip


def test_of_a_duty_grid_the_nearest_by_a_fresh_track(town: Session) -> None:
    # Without a track both stand in the middle, 150 m from the place.
    city.person(town, "early", "west")
    walker = city.person(town, "walker", "west", shares_track=True)
    place = city.case(town, 50, 100)
    city.walk(town, walker, 60, 100, NOW - timedelta(minutes=31))
    assert asked(town, place) == "early"  # an old point says nothing
    city.walk(town, walker, 60, 100, NOW - timedelta(minutes=29))
    assert asked(town, place) == "walker"
    task = open_task(town, place)
    assert task is not None
    assert (task.reason["by_track"], task.reason["distance_m"]) == (True, 10.0)
    city.walk(town, walker, 395, 100, NOW - timedelta(minutes=1))
    assert asked(town, place) == "early"  # the last point counts, not the nearest
    walker.shares_track = False
    city.walk(town, walker, 60, 100, NOW)
    assert asked(town, place) == "early"  # who shares no track is not looked for on it


def test_of_equally_near_ones_who_has_the_fewest_tasks_then_the_older_account(town: Session) -> None:
    city.person(town, "one", "west")
    city.person(town, "two", "west")
    chosen = [asked(town, city.case(town, 10 * n, 50)) for n in range(1, 5)]
    assert chosen == ["one", "two", "one", "two"]


def test_a_few_steps_nearer_is_not_nearer(town: Session) -> None:
    busy = city.person(town, "busy", "west", shares_track=True)
    free = city.person(town, "free", "west", shares_track=True)
    give_task(town, city.case(town, 350, 150), "verify", None, NOW)
    assert town.scalars(select(CaseTask.assignee_id)).all() == [busy.id]
    city.walk(town, busy, 60, 100, NOW)
    city.walk(town, free, 110, 100, NOW)
    assert asked(town, city.case(town, 50, 100)) == "free"


def test_where_nobody_of_the_duty_grid_may_the_nearest_other_does(town: Session) -> None:
    city.person(town, "far", "east")
    city.person(town, "near", "middle", "east")
    city.person(town, "roaming")  # patrols nothing: nobody knows where
    place = city.case(town, 50, 100)
    assert asked(town, place) == "near"
    task = open_task(town, place)
    assert task is not None
    assert (task.reason["rule"], task.reason["distance_m"], task.reason["candidates"]) == (
        "nearest",
        550.0,
        3,
    )


@pytest.mark.parametrize(
    ("areas", "may"),
    [
        ((), True), (("150602",), True), (("150602001",), True), (("150602001001",), True),
        (("150602002",), False), (("150602002", "150602001001"), True),
    ],
)  # fmt: skip
def test_nobody_is_asked_outside_the_own_areas(town: Session, areas: tuple[str, ...], may: bool) -> None:
    city.person(town, "limited", "west", areas=areas)
    assert asked(town, city.case(town, 50, 50)) == ("limited" if may else None)


def test_neither_a_closed_account_nor_another_role_is_asked(town: Session) -> None:
    city.person(town, "gone", "west").active = False
    city.person(town, "acceptor", "west", role=Role.ACCEPTOR)
    place = city.case(town, 50, 50)
    assert asked(town, place) is None
    task = open_task(town, place)
    assert task is not None
    assert task.reason == {"rule": "nobody"}


class TestPartyToTheRepair:
    """Whoever repaired it does not say whether it is repaired."""

    @pytest.fixture
    def place(self, town: Session) -> Case:
        self.bureau = city.department(town, "BUREAU")
        self.works = city.department(town, "WORKS", self.bureau)
        self.team = city.department(town, "TEAM", self.works)
        self.other = city.department(town, "OTHER", self.bureau)
        return city.case(town, 50, 50, CaseState.CHECKING, holder=self.works)

    @pytest.mark.parametrize(
        ("of", "may"), [("works", False), ("bureau", False), ("team", False), ("other", True)]
    )
    def test_of_the_department_that_has_it(self, town: Session, place: Case, of: str, may: bool) -> None:
        city.person(town, "seconded", "west", of=getattr(self, of))
        assert asked(town, place, "check") == ("seconded" if may else None)

    def test_of_a_department_that_had_it(self, town: Session, place: Case) -> None:
        city.person(town, "seconded", "west", of=self.other)
        dispatcher = city.person(town, "dispatcher", role=Role.DISPATCHER)
        city.step(town, place, "dispatch", dispatcher, 1, self.other)
        assert asked(town, place, "check") is None

    def test_of_a_co_department(self, town: Session, place: Case) -> None:
        city.person(town, "seconded", "west", of=self.other)
        town.add(CaseCoDepartment(case_id=place.id, department_id=self.other.id, added_at=NOW))
        assert asked(town, place, "check") is None

    def test_who_worked_for_the_department_then(self, town: Session, place: Case) -> None:
        turncoat = city.person(town, "turncoat", role=Role.DEPARTMENT, of=self.works)
        city.step(town, place, "dispose", turncoat, 1, self.works)
        turncoat.role, turncoat.centre, turncoat.department_id = Role.INSPECTOR, "supervision", None
        assert asked(town, place, "check") is None
        assert (
            asked(town, city.case(town, 50, 50, CaseState.CHECKING, holder=self.works), "check") == "turncoat"
        )

    def test_who_put_it_right_on_the_spot(self, town: Session) -> None:
        handy = city.person(town, "handy", "west")
        place = city.case(town, 50, 50, reporter=handy)
        city.step(town, place, "report", handy, 1)
        assert asked(town, place) == "handy"
        city.step(town, place, "self_dispose", handy, 2)
        assert asked(town, place) is None

    def test_sees_no_task_that_is_nobodys(self, town: Session, place: Case) -> None:
        party = city.person(town, "party", "west", of=self.works)
        assert asked(town, place, "check") is None
        assert waiting_tasks(town, party).items == []
        bystander = city.person(town, "bystander")
        assert [found.case.id for found in waiting_tasks(town, bystander).items] == [place.id]


def test_the_own_report_is_checked_by_another_where_there_is_one(town: Session) -> None:
    works = city.department(town, "WORKS")
    reporter = city.person(town, "reporter", "west", shares_track=True)
    city.person(town, "neighbour", "middle")
    place = city.case(town, 50, 50, CaseState.CHECKING, reporter, works)
    city.walk(town, reporter, 50, 50, NOW)
    assert asked(town, place, "check") == "reporter"  # nobody else of the duty grid
    task = open_task(town, place)
    assert task is not None
    assert task.reason["own_report"] is True
    city.person(town, "colleague", "west")
    assert asked(town, place, "check") == "colleague"
    assert asked(town, place, "verify") == "reporter"  # a report may be verified by who made it


def test_a_case_has_one_open_task(town: Session) -> None:
    place = city.case(town, 50, 50)
    first = give_task(town, place, "verify", None, NOW)
    second = give_task(town, place, "verify", None, NOW + timedelta(minutes=1))
    assert (first.outcome, second.outcome) == ("withdrawn", None)
    town.add(CaseTask(case_id=place.id, kind="check", given_at=NOW, due_at=NOW))
    with pytest.raises(IntegrityError):
        town.flush()


def test_the_task_records_who_ended_it(town: Session) -> None:
    city.person(town, "asked", "west")
    other = city.person(town, "other")
    place = city.case(town, 50, 50)
    task = give_task(town, place, "verify", None, NOW)
    end_task(town, place, "not_confirmed", other, NOW + timedelta(minutes=9))
    assert (task.outcome, task.ended_by, task.ended_at) == (
        "not_confirmed",
        other.id,
        NOW + timedelta(minutes=9),
    )
    end_task(town, place, "void", other, NOW + timedelta(minutes=10))  # nothing is open any more
    assert task.outcome == "not_confirmed"
    assert town.scalar(select(func.count()).select_from(CaseTask)) == 1


class TestHandingOn:
    def test_to_another_inspector_keeps_the_time(self, town: Session) -> None:
        acceptor = city.person(town, "acceptor", role=Role.ACCEPTOR)
        city.person(town, "first", "west")
        second = city.person(town, "second", "middle")
        place = city.case(town, 50, 50)
        task = give_task(town, place, "verify", None, NOW)
        hand_task_on(town, place, "second", acceptor, NOW + timedelta(minutes=20))
        assert (task.assignee_id, task.given_by) == (second.id, acceptor.id)
        assert (task.given_at, task.due_at) == (NOW, NOW + timedelta(minutes=30))
        assert (task.reason["rule"], task.reason["by"]) == ("by_hand", "Acceptor")

    def test_where_no_task_was_open_makes_one(self, town: Session) -> None:
        acceptor = city.person(town, "acceptor", role=Role.ACCEPTOR)
        works = city.department(town, "WORKS")
        inspector = city.person(town, "inspector", "west")
        place = city.case(town, 50, 50, CaseState.CHECKING, holder=works)
        hand_task_on(town, place, "inspector", acceptor, NOW)
        task = open_task(town, place)
        assert task is not None
        assert (task.kind, task.assignee_id) == ("check", inspector.id)

    @pytest.mark.parametrize("login", ["nobody", "acceptor", "gone", "elsewhere", "party"])
    def test_to_who_may_not_is_refused(self, town: Session, login: str) -> None:
        works = city.department(town, "WORKS")
        acceptor = city.person(town, "acceptor", role=Role.ACCEPTOR)
        first = city.person(town, "first", "west")
        city.person(town, "gone", "west").active = False
        city.person(town, "elsewhere", "west", areas=("150602002",))
        city.person(town, "party", "west", of=works)
        place = city.case(town, 50, 50, CaseState.CHECKING, holder=works)
        task = give_task(town, place, "check", None, NOW)
        with pytest.raises(InvalidInput) as refused:
            hand_task_on(town, place, login, acceptor, NOW)
        assert refused.value.extra["errors"][0]["pointer"] == "/person"
        assert task.assignee_id == first.id


class TestList:
    def test_an_inspector_sees_the_own_and_nobodys_of_the_own_areas(self, town: Session) -> None:
        one = city.person(town, "one", "west", areas=("150602001",))
        places = {name: city.case(town, x, 50) for name, x in (("own", 50), ("free", 450), ("beyond", 950))}
        assert asked(town, places["own"]) == "one"
        two = city.person(town, "two", "west", areas=("150602001",))
        theirs = city.case(town, 60, 50)
        hand_task_on(town, give_to_nobody(town, theirs), "two", two, NOW)
        for name in ("free", "beyond"):
            give_to_nobody(town, places[name])
        acceptor = city.person(town, "acceptor", role=Role.ACCEPTOR)
        seen = {reader: cases_of(town, reader) for reader in (one, two, acceptor)}
        assert seen[one] == {places["own"].id, places["free"].id}
        assert seen[two] == {theirs.id, places["free"].id}
        assert seen[acceptor] == {case.id for case in (*places.values(), theirs)}
        end_task(town, places["free"], "verify", one, NOW)
        assert cases_of(town, two) == {theirs.id}

    def test_distance_and_bearing_are_those_of_the_ellipsoid(self, town: Session) -> None:
        acceptor = city.person(town, "acceptor", role=Role.ACCEPTOR)
        place = city.case(town, 350, 150)
        give_task(town, place, "verify", None, NOW)
        (found,) = waiting_tasks(town, acceptor, here=city.lonlat(50, 150)).items
        lon, lat = city.lonlat(50, 150)
        metres, degrees = town.execute(
            text(
                "SELECT ST_Distance(a, b), degrees(ST_Azimuth(a, b)) FROM (SELECT"
                " ST_MakePoint(:lon, :lat)::geography AS a, ST_MakePoint(:to_lon, :to_lat)::geography AS b"
                ") AS ends"
            ),
            {"lon": lon, "lat": lat, "to_lon": found.lon, "to_lat": found.lat},
        ).one()
        assert found.distance_m == pytest.approx(metres, abs=0.001)
        assert found.bearing_deg == pytest.approx(degrees, abs=0.001)
        assert found.distance_m == pytest.approx(300, abs=0.5)
        (back,) = waiting_tasks(town, acceptor, here=city.lonlat(750, 150)).items
        assert back.bearing_deg == pytest.approx(270, abs=1)
        (blind,) = waiting_tasks(town, acceptor).items
        assert (blind.distance_m, blind.bearing_deg) == (None, None)

    def test_pages_hold_every_task_once_the_most_urgent_first(self, town: Session) -> None:
        acceptor = city.person(town, "acceptor", role=Role.ACCEPTOR)
        given = [
            give_task(town, city.case(town, 10 + n, 50), "verify", None, NOW + timedelta(minutes=minute))
            for n, minute in enumerate((5, 1, 1, 9, 0))
        ]
        seen, cursor = [], None
        while True:
            page = waiting_tasks(town, acceptor, 2, cursor)
            seen += [found.task.id for found in page.items]
            if (cursor := page.next_cursor) is None:
                break
        assert seen == [task.id for task in sorted(given, key=lambda task: (task.due_at, task.id))]

    def test_photos_come_with_the_task(self, town: Session) -> None:
        acceptor = city.person(town, "acceptor", role=Role.ACCEPTOR)
        bare, shown = city.case(town, 50, 50), city.case(town, 60, 50)
        for of in (bare, shown):
            give_task(town, of, "verify", None, NOW)
        for number in range(15):
            town.add(
                Attachment(
                    case_id=shown.id, stage="report", sha256=f"{number:064}", media_type="image/jpeg",
                    size_bytes=1, width_px=1, height_px=1,
                )
            )  # fmt: skip
        town.flush()
        first, second = waiting_tasks(town, acceptor).items
        assert first.photos == []
        assert [photo.sha256 for photo in second.photos] == [f"{number:064}" for number in range(12)]

    @pytest.mark.parametrize(
        ("minutes", "colour"), [(23.9, "green"), (24, "yellow"), (30, "yellow"), (30.1, "red")]
    )
    def test_the_lamp_turns_at_four_fifths_and_at_the_end(
        self, town: Session, minutes: float, colour: str
    ) -> None:
        task = give_task(town, city.case(town, 50, 50), "verify", None, NOW)
        assert lamp(task, NOW + timedelta(minutes=minutes)) == colour


def cases_of(session: Session, reader: Person) -> set[int]:
    return {found.case.id for found in waiting_tasks(session, reader).items}


def give_to_nobody(session: Session, place: Case) -> Case:
    give_task(session, place, "verify", None, NOW).assignee_id = None
    session.flush()
    return place


@pytest.mark.parametrize(
    ("reason", "english", "chinese"),
    [
        (
            {"rule": "duty_grid", "duty_grid": "W1", "distance_m": 230.0, "by_track": True, "candidates": 1},
            "patrols duty grid W1; was 230 m away", "责任网格 W1 的监督员；派发时距现场约 230 米",
        ),
        (
            {"rule": "nobody"}, "no inspector fits; any of the area may do it",
            "暂无合适的监督员，辖区内任一监督员均可办理",
        ),
        (
            {"rule": "by_hand", "by": "Wang", "distance_m": None, "candidates": 1, "own_report": True},
            "given by Wang; also reported it", "由Wang指派；同时是本案上报人",
        ),
        ({}, "", ""),
    ],
)  # fmt: skip
def test_the_reason_is_told_in_words(reason: dict[str, Any], english: str, chinese: str) -> None:
    with in_locale("en"):
        assert reason_words(reason) == english
    with in_locale("zh_CN"):
        assert reason_words(reason) == chinese


class TestOverHttp:
    """The tasks of real cases, on the small city."""

    @pytest.fixture
    def called_in(self, as_role: AsRole, place: dict[str, float]) -> str:
        """The number of a case from the hotline that was sent to be verified."""
        number = report(as_role("acceptor"), place, source="hotline")["case_no"]
        act(as_role, "acceptor", number, "send_verification")
        return str(number)

    def test_the_task_comes_with_the_state_and_goes_with_it(
        self, as_role: AsRole, called_in: str, place: dict[str, float]
    ) -> None:
        act(as_role, "acceptor", called_in, "assign_task", person="inspector")
        task = task_of(as_role, "inspector", called_in, lon=place["lon"], lat=place["lat"] - 0.001)
        assert task is not None
        case = as_role("inspector").get(f"/api/v1/cases/{called_in}").json()
        for name in ("class_name", "description", "address", "lon", "lat", "state", "version"):
            assert task[name] == case[name], name
        assert (task["kind"], task["kind_title"], task["lamp"]) == ("verify", "Verification on site", "green")
        assert (task["assignee"], task["assignee_name"]) == ("inspector", "演示监督员")
        assert task["reason"].startswith("given by 演示受理员")
        assert task["distance_m"] == pytest.approx(111, abs=1)
        assert task["bearing_deg"] == pytest.approx(0, abs=0.1)
        assert task_of(as_role, "acceptor", called_in) is not None
        act(as_role, "inspector", called_in, "verify")
        assert task_of(as_role, "inspector", called_in) is None
        assert task_of(as_role, "acceptor", called_in) is None

    @pytest.mark.parametrize("action", ["refuse", "not_confirmed"])
    def test_whatever_ends_the_link_ends_the_task(self, as_role: AsRole, called_in: str, action: str) -> None:
        assert task_of(as_role, "acceptor", called_in) is not None
        role = "inspector" if action == "not_confirmed" else "acceptor"
        act(as_role, role, called_in, action)
        assert task_of(as_role, "acceptor", called_in) is None

    def test_a_task_is_handed_to_an_inspector_only(self, as_role: AsRole, called_in: str) -> None:
        answer = as_role("acceptor").post(
            f"/api/v1/cases/{called_in}/actions/assign_task", json={"person": "dispatcher"}
        )
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/person")

    def test_photos_have_their_small_ones(self, as_role: AsRole, called_in: str) -> None:
        answer = as_role("acceptor").post(
            f"/api/v1/cases/{called_in}/attachments", files={"file": ("a.png", PHOTO.getvalue(), "image/png")}
        )
        assert answer.status_code == 201, answer.text
        task = task_of(as_role, "acceptor", called_in)
        assert task is not None
        (photo,) = task["photos"]
        assert photo["stage"] == "report"
        for address in (photo["url"], photo["thumb_url"]):
            found = as_role("acceptor").get(address)
            assert (found.status_code, found.headers["content-type"][:6]) == (200, "image/")

    def test_pages_of_tasks_end(self, as_role: AsRole, called_in: str) -> None:
        seen: list[int] = []
        address: str | None = "/api/v1/tasks?limit=1"
        while address:
            page = as_role("acceptor").get(address).json()
            seen += [task["id"] for task in page["items"]]
            address = page["next"]
        assert len(seen) == len(set(seen))
        everything = as_role("acceptor").get("/api/v1/tasks?limit=1000").json()["items"]
        assert seen == [task["id"] for task in everything]

    @pytest.mark.parametrize(
        ("query", "pointer"),
        [
            ("lon=110", "/lat"), ("lat=39.8", "/lon"), ("cursor=x", "/cursor"), ("limit=5000", "/limit"),
            ("cursor=WyJ4IiwgMV0", "/cursor"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_asked_is_refused(self, as_role: AsRole, query: str, pointer: str) -> None:
        answer = as_role("inspector").get(f"/api/v1/tasks?{query}")
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)

    def test_tasks_are_the_supervision_centres(self, as_role: AsRole) -> None:
        for role in ("dispatcher", "department", "evaluator"):
            assert as_role(role).get("/api/v1/tasks").status_code == 403


def task_of(as_role: AsRole, role: str, case_no: str, **query: float) -> dict[str, Any] | None:
    items = as_role(role).get("/api/v1/tasks", params={"limit": 1000, **query}).json()["items"]
    found: list[dict[str, Any]] = [task for task in items if task["case_no"] == case_no]
    assert len(found) <= 1
    return found[0] if found else None
