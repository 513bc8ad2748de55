"""Queues and lists of cases: who finds what, in which order, counted how, and by which index."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, create_engine, func, or_, select, text
from sqlalchemy.orm import Session

from gis.case.clocks import lamp_of
from gis.case.models import Case
from gis.case.narrowing import CaseFilter, list_of
from gis.case.order import Order, first_rows
from gis.case.queries import case_page
from gis.case.queues import MOST_COUNTED, QUEUES, Queue, queues_of
from gis.case.record import Act
from gis.case.scope import cases_in_scope, narrow_views
from gis.case.service import apply_action
from gis.case.side_models import CaseCoDepartment
from gis.case.states import CaseState
from gis.cluster import Cluster
from gis.errors import InvalidInput, NotFound
from gis.people.models import Department, Person, Role
from gis.people.service import add_person
from sample_data.load import load
from tests.conftest import make_database
from tests.small_city import AsRole

COPIES = 400  # of each open case: enough that reading the whole table would be the wrong plan


@pytest.fixture(scope="module")
def crowd(cluster: Cluster, template: str) -> Iterator[Engine]:
    """The small city with each of its open cases many times, due at other moments around now."""
    engine = create_engine(
        make_database(cluster, "crowded_city", template), connect_args={"options": "-c jit=off"}
    )
    with engine.begin() as connection:
        load(connection, "small")
        names = [column.name for column in Case.__table__.columns if column.name not in ("id", "case_no")]
        due = "now() + (n - :copies / 2) * interval '97 minutes' + c.id % 90 * interval '1 minute'"
        moved = {"stage_due_at": due, "stage_warn_at": f"{due} - interval '1 hour'"}
        values = ", ".join(moved.get(name, f"c.{name}") for name in names)
        connection.execute(
            text(
                f'INSERT INTO "case" (case_no, {", ".join(names)})'
                f" SELECT c.case_no || 'Q' || n, {values}"
                ' FROM "case" AS c, generate_series(1, :copies) AS n WHERE c.stage IS NOT NULL'
            ),
            {"copies": COPIES},
        )
        connection.execute(text('ANALYZE "case"'))
    yield engine
    engine.dispose()


@pytest.fixture
def session(crowd: Engine) -> Iterator[Session]:
    with crowd.connect() as connection:
        outer = connection.begin()
        with Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()


def demo(session: Session, role: str) -> Person:
    return session.scalars(select(Person).where(Person.login == role)).one()


def walked(session: Session, person: Person, wanted: CaseFilter, limit: int) -> list[Case]:
    """All pages of a list, one after the other."""
    found: list[Case] = []
    cursor = None
    while True:
        page = case_page(session, person, wanted, limit, cursor)
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found


def lamp_at(case: Case, now: datetime) -> str | None:
    return lamp_of(now, case.stage_warn_at, case.stage_due_at)


WORKED = [(queue, role) for queue in QUEUES.values() for role in queue.roles]
NAMES = [f"{queue.code}-{role}" for queue, role in WORKED]


def in_queue(case: Case, queue: Queue, own: set[int]) -> bool:
    """What belongs to a queue, said once more in plain words; ``own``: departments, empty for the centres."""
    if queue.code == "not_fixed":
        return case.said == "not_fixed" and case.state is CaseState.CLOSED
    if queue.code == "part":
        return False  # nobody helps with anything in this city
    if own and case.department_id not in own:
        return False
    states = {
        "accept": {CaseState.REPORTED},
        "audit": {CaseState.SELF_DISPOSED},
        "verify": {CaseState.VERIFYING},
        "file": {CaseState.VERIFIED},
        "dispatch": {CaseState.FILED},
        "dispose": {CaseState.DISPATCHED, CaseState.ACCEPTED, CaseState.DISPOSED},
        "suspended": {CaseState.SUSPENDED},
        "send_check": {CaseState.FED_BACK},
        "check": {CaseState.CHECKING},
        "close": {CaseState.CHECKED},
    }
    return case.state in states[queue.code] if queue.code in states else case.pending == queue.code


@pytest.mark.parametrize(("queue", "role"), WORKED, ids=NAMES)
def test_a_queue_holds_what_waits_and_the_most_urgent_comes_first(
    session: Session, queue: Queue, role: Role
) -> None:
    if role is Role.INSPECTOR:
        session.execute(text("DELETE FROM case_task"))  # nobody was asked: everybody may
    person = demo(session, role)
    own = {person.department_id} if role in (Role.DEPARTMENT, Role.OWNER) and person.department_id else set()
    every = session.scalars(select(Case)).all()
    expected = [case for case in every if in_queue(case, queue, own)]
    expected.sort(key=lambda case: (case.stage_due_at if queue.order is Order.DUE else 0, case.id))
    found = walked(session, person, CaseFilter(queue=queue.code), limit=997)
    assert [case.id for case in found] == [case.id for case in expected]
    before = datetime.now(UTC)
    counted = next(waiting for waiting in queues_of(session, person) if waiting.queue is queue)
    after = datetime.now(UTC)
    assert counted.count == min(len(expected), MOST_COUNTED)
    assert counted.is_capped == (len(expected) > MOST_COUNTED)
    # A lamp may turn while one looks.
    lamps = [[lamp_at(case, now) for case in expected[: MOST_COUNTED + 1]] for now in (before, after)]
    assert (counted.red, counted.yellow) in [(told.count("red"), told.count("yellow")) for told in lamps]


def test_the_crowd_is_one(session: Session) -> None:
    """Or the plans below would say nothing, and no queue would be counted to its end."""
    assert session.scalar(select(func.count()).where(Case.stage == "dispose")) > 5 * MOST_COUNTED  # type: ignore[operator]


def plan_of(session: Session, person: Person, wanted: CaseFilter, cursor: str | None = None) -> str:
    order, parts = list_of(session, person, wanted)
    statement = select(first_rows(parts, order, 51, cursor))
    compiled = statement.compile(session.connection().engine, compile_kwargs={"render_postcompile": True})
    rows = session.connection().exec_driver_sql(f"EXPLAIN {compiled}", compiled.params)
    return "\n".join(row[0] for row in rows)


@pytest.mark.parametrize(("queue", "role"), WORKED, ids=NAMES)
def test_no_queue_reads_the_whole_table(session: Session, queue: Queue, role: Role) -> None:
    plan = plan_of(session, demo(session, role), CaseFilter(queue=queue.code))
    assert 'Seq Scan on "case"' not in plan, plan


@pytest.mark.parametrize(
    ("code", "role"), [("dispatch", "dispatcher"), ("dispose", "department"), ("dispose", "dispatcher")]
)
def test_a_page_far_down_begins_in_the_index(session: Session, code: str, role: str) -> None:
    person = demo(session, role)
    cursor = None
    for _page in range(5):
        cursor = case_page(session, person, CaseFilter(queue=code), 50, cursor).next_cursor
    plan = plan_of(session, person, CaseFilter(queue=code), cursor)
    assert "ROW(" in plan.split("Index Cond", 1)[1].splitlines()[0], plan
    assert "Sort Key" not in plan, plan


LISTS = {
    "newest": CaseFilter(),
    "open": CaseFilter(is_open=True),
    "due": CaseFilter(sort=Order.DUE),
    "state": CaseFilter(states=(CaseState.CHECKED,)),
    "number": CaseFilter(words="E0110202611"),
    "rare words": CaseFilter(words="不曾有过"),
    "near": CaseFilter(near=(109.99, 39.82, 50)),
    "reporter": CaseFilter(reporter="me"),
    "follower": CaseFilter(follower="me"),
    "pending": CaseFilter(pending="extension"),
    "parent": CaseFilter(parent="E01"),
}


@pytest.mark.parametrize("role", ["dispatcher", "department"])
@pytest.mark.parametrize("wanted", LISTS.values(), ids=LISTS.keys())
def test_no_list_reads_the_whole_table(session: Session, wanted: CaseFilter, role: str) -> None:
    plan = plan_of(session, demo(session, role), wanted)
    assert 'Seq Scan on "case"' not in plan, plan


def test_an_inspector_finds_what_nobody_else_was_asked_to_look_at(session: Session) -> None:
    person = demo(session, "inspector")
    asked = session.execute(
        text(
            'SELECT t.case_id, t.assignee_id FROM case_task AS t JOIN "case" AS c ON c.id = t.case_id'
            " WHERE c.stage = 'check' AND t.ended_at IS NULL"
        )
    ).all()
    others = {row.case_id for row in asked if row.assignee_id != person.id}
    assert others
    found = {case.id for case in walked(session, person, CaseFilter(queue="check"), 500)}
    assert found
    assert not found & others
    session.execute(text("UPDATE case_task SET assignee_id = :me"), {"me": person.id})
    assert others <= {case.id for case in walked(session, person, CaseFilter(queue="check"), 500)}


def test_lamps_of_lists_are_those_of_cases(session: Session) -> None:
    person = demo(session, "dispatcher")
    every = session.scalars(select(Case)).all()
    for lamp in ("green", "yellow", "red"):
        before = {case.id for case in every if lamp_at(case, datetime.now(UTC)) == lamp}
        found = {case.id for case in walked(session, person, CaseFilter(lamp=lamp), 1000)}
        after = {case.id for case in every if lamp_at(case, datetime.now(UTC)) == lamp}
        # A lamp may turn while one looks.
        assert before & after <= found <= before | after, lamp
        assert found
    with pytest.raises(InvalidInput):
        case_page(session, person, CaseFilter(lamp="blue"))


# Search


def held(session: Session, word: str) -> set[int]:
    """What plain comparison finds."""
    pattern = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    told = or_(Case.description.ilike(pattern), Case.address.ilike(pattern))
    return set(session.scalars(select(Case.id).where(told)))


def found_by(session: Session, words: str) -> set[int]:
    return {case.id for case in walked(session, demo(session, "dispatcher"), CaseFilter(words=words), 1000)}


def test_search_finds_exactly_what_holds_the_word(session: Session) -> None:
    chance = random.Random(7)  # noqa: S311 - words, no secrets
    texts = session.scalars(select(Case.description).where(Case.case_no.not_like("%Q%"))).all()
    words = set()
    for length in (1, 2, 2, 2, 3, 3, 4, 5, 7):
        told = chance.choice(texts)
        start = chance.randrange(len(told) - length)
        words.add(told[start : start + length].strip() or "井")
    for word in words | {"附近", "不曾有过", "井"}:
        if not word.split() or len(word.split()) > 1:
            continue
        assert found_by(session, word) == held(session, word), word


def test_every_word_must_be_held_in_any_order(session: Session) -> None:
    one, two = held(session, "附近"), held(session, "处理")
    assert one - two
    assert found_by(session, "处理  附近") == one & two


@pytest.mark.parametrize("odd", ["'", "\\", "50%_", "a&b", "!(x|y)", ":*", "😀井", "MiXed", "井 盖"])
def test_odd_characters_are_searched_for_as_they_are(session: Session, odd: str) -> None:
    case = session.scalars(select(Case).order_by(Case.id).limit(1)).one()
    case.description = f"此处写着{odd}字样"
    session.flush()
    assert case.id in found_by(session, odd)
    for part in odd.split():
        assert found_by(session, part) == held(session, part)


def test_search_by_number_takes_its_beginning(session: Session) -> None:
    case = session.scalars(select(Case).where(Case.state == CaseState.CLOSED).limit(1)).one()
    assert case.id in found_by(session, case.case_no[:9].lower())
    assert found_by(session, case.case_no) == {case.id}
    numbers = session.scalars(select(Case.case_no).where(Case.case_no.startswith(case.case_no[:9])))
    assert len(found_by(session, case.case_no[:9])) == len(numbers.all())


def test_too_many_words_are_refused(session: Session) -> None:
    with pytest.raises(InvalidInput):
        found_by(session, "一 二 三 四 五 六 七 八 九")
    with pytest.raises(InvalidInput):
        found_by(session, "   ")


# Who sees what


@pytest.fixture
def helper(session: Session) -> Person:
    """Somebody of a department that has no case of its own."""
    made = Department(code="HELP", name_zh="协办单位", name_en="Helper")
    session.add(made)
    session.flush()
    return add_person(session, "helper", "x", None, "department", "HELP")


def give_part(session: Session, case: Case, person: Person) -> None:
    assert person.department_id is not None
    session.add(
        CaseCoDepartment(case_id=case.id, department_id=person.department_id, added_at=case.updated_at)
    )
    case.open_parts = 1
    session.flush()


def test_a_department_that_helps_sees_the_case_everywhere_and_can_end_its_part(
    session: Session, helper: Person
) -> None:
    case = session.scalars(
        select(Case).where(Case.state == CaseState.ACCEPTED).order_by(Case.id).limit(1)
    ).one()
    mapped = text("SELECT id FROM app.cases WHERE id = :id")

    def sights() -> list[bool]:
        narrow_views(session, helper)
        seen = select(Case.id).where(Case.id == case.id, cases_in_scope(session, helper))
        return [
            session.scalar(seen) is not None,
            [found.id for found in walked(session, helper, CaseFilter(), 10)] == [case.id],
            [found.id for found in walked(session, helper, CaseFilter(sort=Order.DUE), 10)] == [case.id],
            session.scalar(mapped, {"id": case.id}) == case.id,
        ]

    assert sights() == [False] * 4
    with pytest.raises(NotFound):
        apply_action(session, case.case_no, "part_done", helper)
    give_part(session, case, helper)
    assert sights() == [True] * 4
    part = CaseFilter(queue="part")
    assert [found.id for found in case_page(session, helper, part).items] == [case.id]
    assert case_page(session, helper, CaseFilter(queue="dispose")).items == []  # not the main department
    apply_action(session, case.case_no, "part_done", helper, Act(note="已完成"))
    assert case_page(session, helper, part).items == []
    assert sights() == [True] * 4


def test_a_case_of_both_kinds_stands_once_in_a_list(session: Session) -> None:
    person = demo(session, "department")
    case = case_page(session, person, CaseFilter(queue="dispose")).items[0]
    give_part(session, case, person)
    found = [one.id for one in walked(session, person, CaseFilter(is_open=True), 100)]
    assert len(found) == len(set(found))
    assert case.id in found


def test_areas_cut_a_list_without_gap_or_double(session: Session) -> None:
    street, community = session.execute(
        text(
            "SELECT s.code AS street, c.code AS community FROM area AS s, area AS c"
            " WHERE s.level = 'street' AND c.level = 'community' AND c.parent_id <> s.id"
            " ORDER BY 1, 2 LIMIT 1"
        )
    ).one()
    person = add_person(session, "areas", "x", None, "acceptor", area_code=street)
    session.execute(
        text("INSERT INTO person_area SELECT :person, id FROM area WHERE code = :code"),
        {"person": person.id, "code": community},
    )
    seen = text(
        'SELECT c.id FROM "case" AS c JOIN area AS s ON s.id = c.street_id'
        " JOIN area AS m ON m.id = c.community_id"
        " WHERE s.code = :street OR m.code = :community ORDER BY c.id DESC"
    )
    expected = list(session.scalars(seen, {"street": street, "community": community}))
    assert expected
    assert [case.id for case in walked(session, person, CaseFilter(), 501)] == expected
    by_due = [case.id for case in walked(session, person, CaseFilter(sort=Order.DUE), 501)]
    open_cases = set(session.scalars(select(Case.id).where(Case.stage.is_not(None))))
    assert set(by_due) == set(expected) & open_cases
    assert len(by_due) == len(set(by_due))


# Over HTTP


def test_queues_over_http_are_those_of_the_role(as_role: AsRole) -> None:
    for role in Role:
        items = as_role(role).get("/api/v1/queues").json()["items"]
        assert [item["code"] for item in items] == [q.code for q in QUEUES.values() if role in q.roles]
        for item in items:
            cases = as_role(role).get("/api/v1/cases", params={"queue": item["code"], "limit": 1000}).json()
            assert len(cases["items"]) == item["count"], item


def test_a_list_walks_its_own_addresses(as_role: AsRole) -> None:
    client = as_role("dispatcher")
    address, found = "/api/v1/cases?queue=dispose&limit=7", []
    while address:
        page = client.get(address).json()
        found += [case["stage_due_at"] for case in page["items"]]
        address = page["next"]
    assert len(found) > 7
    assert found == sorted(found)


@pytest.mark.parametrize(
    "query",
    [
        "queue=none", "stage=none", "lamp=blue", "pending=none", "sort=best", "near=1,2", "near=200,0,5",
        "near=109.9,39.8,999999", "reported_from=2026-01-01T00:00:00", "queue=dispatch&cursor=WzFd",
        "cursor=!!", "sort=due&cursor=WyJ4IiwgMV0", "q=%20",
    ],
)  # fmt: skip
def test_what_no_list_knows_is_refused_by_name(as_role: AsRole, query: str) -> None:
    answer = as_role("dispatcher").get(f"/api/v1/cases?{query}")
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"].strip("/")


def test_people_narrow_lists(as_role: AsRole) -> None:
    inspector = as_role("inspector")
    mine = inspector.get("/api/v1/cases?reporter=me&limit=500").json()["items"]
    by_name = as_role("acceptor").get("/api/v1/cases?reporter=inspector&limit=500").json()["items"]
    assert [case["case_no"] for case in mine] == [case["case_no"] for case in by_name]
    assert mine
    assert inspector.get("/api/v1/cases?reporter=nobody-there").json()["items"] == []


# Saved filters


def test_a_filter_is_kept_replaced_and_removed_by_its_owner_only(as_role: AsRole) -> None:
    client, other = as_role("dispatcher"), as_role("acceptor")
    query = {"queue": "dispose", "lamp": "red", "state": ["accepted"], "q": "井盖"}
    kept = client.post("/api/v1/filters", json={"name": " 红灯 ", "query": query})
    assert kept.status_code == 201
    own = f"/api/v1/filters/{kept.json()['id']}"
    assert kept.json()["name"] == "红灯"
    assert client.get("/api/v1/cases", params=query).status_code == 200
    twice = client.post("/api/v1/filters", json={"name": "红灯", "query": {}})
    assert (twice.status_code, twice.json()["filter_id"]) == (409, kept.json()["id"])
    assert other.put(own, json={"name": "x", "query": {}}).status_code == 404
    assert other.delete(own).status_code == 404
    assert other.get("/api/v1/filters").json()["items"] == []
    put = client.put(own, json={"name": "黄灯", "query": query | {"lamp": "yellow"}})
    assert put.json()["query"]["lamp"] == "yellow"
    assert [item["name"] for item in client.get("/api/v1/filters").json()["items"]] == ["黄灯"]
    assert client.delete(own).status_code == 204
    assert client.get("/api/v1/filters").json()["items"] == []


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"colour": "red"}, "/query/colour"),
        ({"lamp": "blue"}, "/query/lamp"),
        ({"state": "lost"}, "/query/state/0"),
        ({"queue": "none"}, "/queue"),
        ({"due_before": "tomorrow"}, "/query/due_before"),
        ({"bbox": "1,2"}, "/bbox"),
    ],
)
def test_a_filter_that_no_list_takes_is_not_kept(
    as_role: AsRole, query: dict[str, str], pointer: str
) -> None:
    answer = as_role("dispatcher").post("/api/v1/filters", json={"name": "x", "query": query})
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == pointer
