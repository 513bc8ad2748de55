"""公平监督: every watch finds the case that was planted for it, and not its innocent twin."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import Browser
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.errors import InvalidInput, NotAllowed
from gis.evaluation.leads import find_leads, tally, write_note
from gis.evaluation.period import Period, parse_period
from gis.evaluation.watches import WATCHES
from gis.people.models import Person
from tests.browser import PHONE, visit
from tests.small_city import AsRole

MONTH = parse_period("2026-03")
START = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
X, Y = 413000, 4410000
WATCHED = "/api/v1/evaluation/watches"


@dataclass
class Town:
    """A street with two unit grids side by side, departments A and B, and people; rows are put in by hand."""

    session: Session

    def __post_init__(self) -> None:
        self.numbers = count(1)
        self.srid = self.run(
            "SELECT srid FROM geometry_columns WHERE f_table_name = 'unit_grid'"
        ).scalar_one()
        for id_, code, level, parent in (
            (1, "150602", "district", None), (2, "150602001", "street", 1),
            (3, "150602001001", "community", 2), (4, "150602001002", "community", 2),
        ):  # fmt: skip
            self.run(
                "INSERT INTO area (id, code, level, name_zh, name_en, parent_id, geom)"
                f" VALUES (:id, :code, :level, :code, :code, :parent, ST_Multi({self.box(0, 200)}))",
                id=id_, code=code, level=level, parent=parent,
            )  # fmt: skip
        self.run(
            "INSERT INTO duty_grid (id, code, name, street_id, geom)"
            f" VALUES (1, 'D1', 'D1', 2, ST_Multi({self.box(0, 200)}))"
        )
        for id_, community, west in ((1, 3, 0), (2, 4, 100)):
            self.run(
                "INSERT INTO unit_grid (id, code, edition, community_id, duty_grid_id, area_m2, geom) VALUES"
                f" (:id, :code, 'GB30428.1-2013', :community, 1, 10000, {self.box(west, west + 100)})",
                id=id_, code=f"G{id_}", community=community,
            )  # fmt: skip
        self.run("INSERT INTO department (id, code, name_zh, name_en)"
                 " VALUES (1, 'A', 'a', 'a'), (2, 'B', 'b', 'b')")  # fmt: skip
        self.evaluator = self.person("e", "evaluator", "evaluation")
        self.wang = self.person("wang", "inspector", "supervision")
        self.li = self.person("li", "inspector", "supervision")
        self.dispatcher = self.person("disp", "dispatcher", "command")
        self.other = self.person("disp2", "dispatcher", "command")
        self.leader = self.person("lead", "shift_leader", "supervision")

    def run(self, statement: str, **values: Any) -> Any:
        return self.session.execute(text(statement), values)

    def box(self, west: float, east: float) -> str:
        return f"ST_MakeEnvelope({X + west}, {Y}, {X + east}, {Y + 100}, {self.srid})"

    def at(self, east: float) -> str:
        return f"ST_SetSRID(ST_MakePoint({X + east}, {Y + 50}), {self.srid})"

    def person(self, login: str, role: str, centre: str) -> int:
        return int(
            self.run(
                "INSERT INTO person (login, name, password_hash, role, centre)"
                " VALUES (:login, :login, '!', :role, :centre) RETURNING id",
                login=login, role=role, centre=centre,
            ).scalar_one()
        )  # fmt: skip

    def case(
        self, at: datetime = START, *, reporter: int | None = None, east: float = 50, **more: Any
    ) -> int:
        """A closed case that was reported at a moment; its id."""
        number = next(self.numbers)
        grid = 1 if east < 100 else 2
        row = {
            "no": f"E{number:05}", "class": "0101", "source": "inspector", "department": 1, "parent": None,
            "reporter": reporter, "at": at, "grid": grid, "community": grid + 2,
        } | more  # fmt: skip
        return int(
            self.run(
                'INSERT INTO "case" (case_no, kind, edition, class_code, state, source, description,'
                " location, unit_grid_id, community_id, street_id, department_id, parent_id, reporter_id,"
                " reported_at, filed_at, dispatched_at, disposed_at, closed_at, due_at)"
                " VALUES (:no, 'event', 'GB30428.2-2013/YC', :class, 'closed', :source, '',"
                f" {self.at(east)}, :grid, :community, 2, :department, :parent, :reporter,"
                " :at, :at, :at, :at, :at, :at)"
                " RETURNING id",
                **row,
            ).scalar_one()
        )

    def step(
        self, case: int, action: str, actor: int, at: datetime, role: str = "inspector", department: int = 1
    ) -> None:
        self.run(
            "INSERT INTO case_step (case_id, seq, action, from_state, to_state, actor_id, actor_role,"
            " department_id, at)"
            " SELECT CAST(:case AS bigint), coalesce(max(seq), 0) + 1, :action,"
            " CASE WHEN max(seq) IS NOT NULL THEN 'fed_back' END, 'checked', :actor, :role, :department, :at"
            " FROM case_step WHERE case_id = :case",
            case=case, action=action, actor=actor, role=role, department=department, at=at,
        )  # fmt: skip

    def photo(self, case: int, sha: str, stage: str = "report", east: float | None = None) -> None:
        place = "NULL" if east is None else self.at(east)
        self.run(
            "INSERT INTO attachment (case_id, stage, sha256, media_type, size_bytes, width_px, height_px,"
            " uploaded_by, uploaded_at, taken_place)"
            f" VALUES (:case, :stage, :sha, 'image/jpeg', 1, 1, 1, :by, :at, {place})",
            case=case, stage=stage, sha=sha * 64, by=self.wang, at=START,
        )  # fmt: skip

    def point(self, person: int, at: datetime, east: float, accuracy: float = 5) -> None:
        self.run(
            "INSERT INTO patrol_point (person_id, at, accuracy_m, unit_grid_id, location)"
            f" VALUES (:person, :at, :accuracy, :grid, {self.at(east)})",
            person=person, at=at, accuracy=accuracy, grid=1 if east < 100 else 2 if east < 200 else None,
        )  # fmt: skip

    def leads(self, code: str, period: Period = MONTH, **limits: float) -> list[Any]:
        self.run("SET CONSTRAINTS ALL IMMEDIATE")  # facts are written
        self.run("SET CONSTRAINTS ALL DEFERRED")
        watch, reader = WATCHES[code], self.session.get_one(Person, self.evaluator)
        found = list(find_leads(self.session, reader, watch, period, limits, 100).items)
        assert tally(self.session, reader, watch, period, limits).leads == len(found)
        return found


@pytest.fixture
def town(session: Session) -> Town:
    return Town(session)


def patrol(town: Town) -> None:
    """Wang walks the western grid of the duty grid every week, and once, long ago, the eastern one."""
    town.run("INSERT INTO person_duty_grid (person_id, duty_grid_id) VALUES (:wang, 1)", wang=town.wang)
    town.point(town.wang, START - 60 * DAY, 150)
    for week in range(3):
        town.point(town.wang, START + week * 7 * DAY, 50)
    town.case(START, source="citizen", east=150)


def photos(town: Town) -> None:
    """One picture in two cases; another in a case and its child; two that are used once."""
    parent = town.case()
    for case, sha in (
        (town.case(), "a"), (town.case(), "a"), (parent, "b"), (town.case(parent=parent), "b"),
        (town.case(), "c"), (town.case(), "d"),
    ):  # fmt: skip
        town.photo(case, sha)


def far(town: Town) -> None:
    """Checked from two kilometres; beside it; afar by an inexact point; far by track but near by photo."""
    for minute, (east, accuracy) in enumerate([(2050, 5), (60, 5), (2050, 3000), (2050, 5)]):
        case, at = town.case(east=50), START + minute * 20 * MINUTE
        town.point(town.wang, at + MINUTE, east, accuracy)
        town.step(case, "feed_back", town.leader, at - 30 * MINUTE, "department")
        town.step(case, "check", town.wang, at)
        if minute == 3:
            town.photo(case, "a", "inspection", east=55)


def quick(town: Town) -> None:
    """One check after twenty seconds, one after exactly a minute."""
    for seconds in (20, 60):
        case = town.case()
        town.step(case, "feed_back", town.leader, START, "department")
        town.step(case, "check", town.wang, START + timedelta(seconds=seconds))


def passes(town: Town) -> None:
    """Wang passes 25 of 25 of A and 24 of 25 of B; Li 19 of 19 of A and 30 of 45 of B."""
    for person, department, right, wrong in (
        (town.wang, 1, 25, 0), (town.wang, 2, 24, 1), (town.li, 1, 19, 0), (town.li, 2, 30, 15),
    ):  # fmt: skip
        for number in range(right + wrong):
            case = town.case()
            town.step(case, "check" if number < right else "rework", person, START, department=department)


def jumps(town: Town) -> None:
    """Li in the east: two reports a day all month. Wang in the west: one a week, twelve on the last day."""
    for day in range(31):
        for hour in (1, 5):
            town.case(MONTH.begins + day * DAY + timedelta(hours=hour), reporter=town.li, east=150)
    for day in (1, 8, 15):
        town.case(MONTH.begins + day * DAY, reporter=town.wang)
    for minute in range(12):
        town.case(MONTH.ends - DAY + minute * MINUTE, reporter=town.wang)


def closings(town: Town) -> None:
    """A closes six of eight without an after-photo, B one of eight; imported ones have none by nature."""
    for department, source, without, with_photo in (
        (1, "inspector", 6, 2),
        (2, "inspector", 1, 7),
        (2, "imported", 9, 0),
    ):
        for number in range(without + with_photo):
            case = town.case(department=department, source=source)
            town.step(case, "close", town.leader, START, "shift_leader", department)
            if number >= without:
                town.photo(case, "a", "disposal")


def classes(town: Town) -> None:
    """Wang reports 22 times one class, Li 30 times three; a third inspector 19 times one."""
    third = town.person("zhao", "inspector", "supervision")
    told = [(town.wang, "0102")] * 22 + [(third, "0103")] * 19
    told += [(town.li, code) for code in ("0101", "0102", "0103")] * 10
    for person, class_code in told:
        case = town.case(reporter=person, **{"class": class_code})
        town.step(case, "report", person, START)


def extensions(town: Town) -> None:
    """A is granted 12 of 12 by one dispatcher, B 6 of 12 by another."""
    for department, dispatcher, granted, denied in ((1, town.dispatcher, 12, 0), (2, town.other, 6, 6)):
        for number in range(granted + denied):
            action = "grant_extension" if number < granted else "deny_extension"
            town.step(town.case(), action, dispatcher, START, "dispatcher", department)


PLANTED: dict[str, tuple[Callable[[Town], None], set[str]]] = {
    "grid_unvisited": (patrol, {"2026-03:G2"}),
    "photo_twice": (photos, {"a" * 64}),
    "check_far": (far, {"E00001/2"}),
    "check_quick": (quick, {"E00001/2"}),
    "always_pass": (passes, {"2026-03:wang:A"}),
    "jump_collector": (jumps, {"2026-03:wang"}),
    "jump_community": (jumps, {"2026-03:150602001001"}),
    "no_after_photo": (closings, {"2026-03:A"}),
    "one_class": (classes, {"2026-03:wang"}),
    "always_granted_department": (extensions, {"2026-03:A"}),
    "always_granted_dispatcher": (extensions, {"2026-03:disp"}),
}


def test_every_watch_has_its_planted_case() -> None:
    assert PLANTED.keys() == WATCHES.keys()


@pytest.mark.parametrize("code", WATCHES)
def test_what_was_planted_is_found_and_its_twin_is_not(town: Town, code: str) -> None:
    plant, expected = PLANTED[code]
    assert town.leads(code) == []
    plant(town)
    found = town.leads(code)
    assert {lead.subject for lead in found} == expected
    assert all(lead.figures.keys() == WATCHES[code].tells.keys() for lead in found)
    assert all(0 < len(lead.cases) <= lead.cases_total for lead in found)
    # The period decides: a year earlier there is nothing.
    assert town.leads(code, parse_period("2025-03")) == []


def test_a_photo_sent_twice_is_known_by_the_bytes_that_were_sent(town: Town) -> None:
    """Written anew, the same picture has other bytes: what the phone held was the same."""
    for sha in ("a", "b"):
        town.photo(town.case(), sha)
    assert town.leads("photo_twice") == []
    town.run("UPDATE attachment SET source_sha256 = repeat('c', 64)")
    (lead,) = town.leads("photo_twice")
    assert (lead.subject, lead.figures["times"], lead.cases_total) == ("c" * 64, 2, 2)


def test_figures_are_those_on_paper(town: Town) -> None:
    passes(town)
    (lead,) = town.leads("always_pass")
    # Others: 24 + 19 + 30 of 25 + 19 + 45; Wilson's lower end for 25 of 25 is 25 / (25 + 1.96²).
    assert lead.figures == {
        "checks": 25,
        "city_share": pytest.approx(73 / 89),
        "at_least": pytest.approx(25 / (25 + 1.96**2)),
    }
    assert lead.cases_total == 25
    jumps(town)
    (lead,) = town.leads("jump_collector")
    # 15 reports in 31 days, 12 of them in the last three: 15 · 3/31 expected.
    expected = 15 * 3 / 31
    assert (lead.figures["last"], lead.figures["before"]) == (12, 3)
    assert lead.figures["expected"] == pytest.approx(expected)
    assert lead.figures["z"] == pytest.approx((12 - expected) / (expected * 28 / 31) ** 0.5)


@pytest.mark.parametrize(
    ("code", "plant", "limits"),
    [
        ("always_pass", passes, {"least": 26}), ("check_quick", quick, {"seconds": 20}),
        ("check_far", far, {"metres": 2000}), ("jump_collector", jumps, {"z": 19.0}),
        ("no_after_photo", closings, {"share": 0.8}), ("one_class", classes, {"least": 23}),
        ("grid_unvisited", patrol, {"weeks": 12}),
    ],
)  # fmt: skip
def test_a_stricter_limit_finds_less(
    town: Town, code: str, plant: Callable[[Town], None], limits: dict[str, float]
) -> None:
    plant(town)
    assert len(town.leads(code)) == 1
    assert town.leads(code, **limits) == []


def test_where_nobody_shares_a_track_no_grid_is_accused(town: Town) -> None:
    town.run("INSERT INTO person_duty_grid (person_id, duty_grid_id) VALUES (:wang, 1)", wang=town.wang)
    town.point(town.li, START, 50)
    assert town.leads("grid_unvisited") == []


def test_leads_come_page_by_page_the_strangest_first(town: Town) -> None:
    for seconds in (50, 10, 30, 20, 40):
        case = town.case()
        town.step(case, "feed_back", town.leader, START, "department")
        town.step(case, "check", town.wang, START + timedelta(seconds=seconds))
    watch, reader = WATCHES["check_quick"], town.session.get_one(Person, town.evaluator)
    seen: list[float] = []
    cursor: str | None = None
    while True:
        page = find_leads(town.session, reader, watch, MONTH, {}, 2, cursor)
        seen += [lead.figures["seconds"] for lead in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == [10, 20, 30, 40, 50]


def test_a_note_stays_with_its_lead_and_its_period(town: Town) -> None:
    closings(town)
    watch, reader = WATCHES["no_after_photo"], town.session.get_one(Person, town.evaluator)
    write_note(town.session, reader, watch, "2026-03:A", "explained", "地下管道", MONTH, {})
    (lead,) = town.leads("no_after_photo")
    assert (lead.note.outcome, lead.note.note, lead.note.by) == ("explained", "地下管道", "e")
    assert tally(town.session, reader, watch, MONTH, {}).open == 0
    write_note(town.session, reader, watch, "2026-03:A", "open", "", MONTH, {})
    assert tally(town.session, reader, watch, MONTH, {}).open == 1
    (lead,) = town.leads("no_after_photo", parse_period("2026-Q1"))
    assert lead.note is None


def test_who_sees_a_part_of_the_city_sees_no_leads(town: Town) -> None:
    town.run("INSERT INTO person_area (person_id, area_id) VALUES (:e, 2)", e=town.evaluator)
    with pytest.raises(NotAllowed):
        town.leads("check_quick")


@pytest.mark.parametrize("said", ["nan", "inf", "-1", "x", "", "1e9", "2.5"])
def test_a_limit_is_a_number_within_its_bounds(said: str) -> None:
    with pytest.raises(InvalidInput):
        WATCHES["check_quick"].limits_with({"seconds": said})


# ---- Over HTTP -----------------------------------------------------------------------------------------


def test_the_table_tells_of_every_watch(as_role: AsRole) -> None:
    told = as_role("evaluator").get(f"{WATCHED}?period=2026-10").json()
    assert [row["code"] for row in told["items"]] == list(WATCHES)
    for row in told["items"]:
        assert row["looks_for"]
        assert row["innocent"]
        leads = as_role("evaluator").get(f"{row['url']}&limit=1000").json()
        assert len(leads["items"]) == row["leads"] == leads["leads"]


def test_a_lead_of_the_sample_city_is_noted(as_role: AsRole) -> None:
    """No photo came with the sample's cases."""
    client = as_role("evaluator")
    address = f"{WATCHED}/no_after_photo?period=2026-10&least=1"
    lead = client.get(address).json()["items"][0]
    assert client.get(lead["cases"][0]["url"]).status_code == 200
    note = f"{WATCHED}/no_after_photo/notes/{lead['subject']}?period=2026-10&least=1"
    assert client.put(note, json={"outcome": "explained"}).status_code == 422
    answer = client.put(note, json={"outcome": "explained", "note": "不要求拍照"})
    assert answer.status_code == 200, answer.text
    assert client.get(address).json()["items"][0]["note"]["note"] == "不要求拍照"


@pytest.mark.parametrize(
    ("role", "method", "path", "status"),
    [
        ("shift_leader", "GET", "", 403), ("dispatcher", "GET", "/check_quick", 403),
        ("evaluator", "GET", "/nothing", 404), ("evaluator", "GET", "?period=2150", 422),
        ("evaluator", "GET", "/check_quick?seconds=nan", 422),
        ("evaluator", "GET", "/check_quick?wrong=1", 422),
        ("evaluator", "GET", "/check_quick?cursor=x", 422),
        ("evaluator", "PUT", "/check_quick/notes/nobody", 404), ("evaluator", "PUT", "/nothing/notes/x", 404),
    ],
)  # fmt: skip
def test_what_cannot_be_asked(as_role: AsRole, role: str, method: str, path: str, status: int) -> None:
    body = {"json": {"outcome": "explained", "note": "x"}} if method == "PUT" else {}
    assert as_role(role).request(method, f"{WATCHED}{path}", **body).status_code == status


def test_a_person_notes_a_lead_on_the_page(browser: Browser, live_server: str) -> None:
    with visit(browser, live_server, "evaluator", size=PHONE) as seen:
        page = seen.go("/evaluation/watches?period=2026-10")
        page.click("text=无处置后照片即结案")
        page.wait_for_load_state("networkidle")
        lead = page.locator(".lead").first
        lead.locator("select").select_option("confirmed")
        lead.locator("textarea").fill("抽查属实")
        lead.locator("[type=submit]").click()
        lead.locator(".badge[data-outcome=confirmed]").wait_for()
        seen.check()
        seen.go(page.url.removeprefix(live_server))
        assert page.locator(".lead textarea").first.input_value() == "抽查属实"
