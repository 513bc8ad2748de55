"""案件事实: what the database keeps as cases change is what follows from their steps, however a case goes.

Random walks through the workflow by real actions, after each of which the facts are written as at a commit;
beside them a fold over the steps in plain Python that knows neither the clocks' intervals nor any SQL.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from gis.case.models import Case
from gis.case.record import Act
from gis.case.service import apply_action
from gis.case.stages import STAGES
from gis.case.standing import standing_of
from gis.case.workflow import open_steps
from gis.errors import CityGridError
from gis.evaluation.counts import COUNTS
from gis.evaluation.rebuild import rebuild
from gis.settings import get_settings
from tests.told_cases import PLACES, Town

BEGIN = datetime(2024, 4, 1, tzinfo=UTC)
LIMITS = {"accept": 15, "verify": 30, "file": 15, "dispatch": 15, "send_check": 15, "check": 30, "close": 15}
STAGE_OF = {
    "reported": "accept", "self_disposed": "accept", "verifying": "verify", "verified": "file",
    "filed": "dispatch", "dispatched": "dispose", "accepted": "dispose", "disposed": "dispose",
    "suspended": "suspend", "fed_back": "send_check", "checking": "check", "checked": "close",
}  # fmt: skip
OVER = ("archived", "refused", "merged", "void")
SECONDS = {
    "accept_s": ("accept",), "verify_s": ("verify",), "file_s": ("file",), "dispatch_s": ("dispatch",),
    "dispose_s": ("dispose",), "suspend_s": ("suspend",), "check_s": ("send_check", "check"),
    "close_s": ("close",),
}  # fmt: skip
# Where a walk begins: so that few steps of chance lead into every corner.
BEGINNINGS = (
    "",
    "file+10 dispatch:W+10",
    "file+10 dispatch:W+20 feed+500 send+5",
    "file+10 dispatch:W+10 ask_wait:9+30 wait+10",
    "file+10 dispatch:R+10 feed+2000 send+5 check+5 close+20",
    "file+10 dispatch:W+10 force+300 not_fixed+5",
)
RARE = ("refuse", "merge", "void", "ask_void", "archive", "self_dispose", "not_file", "not_put_right")
LEFT_OUT = ("assign_task", "put_under", "take_out")  # say nothing that facts hold
GAPS = st.sampled_from([1, 10, 15, 16, 30, 31, 200, 1400, 3000, 20_000])
WALKS = st.lists(st.tuples(st.integers(0, 10_000), GAPS), min_size=4, max_size=16)


@pytest.fixture(scope="module")
def town(database: Engine) -> Iterator[Town]:
    with database.connect() as connection:
        outer = connection.begin()
        with Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as session:
            yield Town.build(session)
        outer.rollback()


# ---- A walk --------------------------------------------------------------------------------------------


def walk(town: Town, place: str, source: str | None, beginning: str, choices: list[tuple[int, int]]) -> Case:
    """Report a case and take as many steps as there are choices (number, minutes since the one before)."""
    other = town.report(place, BEGIN)  # what a report may be merged into
    case = town.report(place, BEGIN, source)
    if source:
        beginning = beginning and f"send_v+10 verify+20 {beginning}"
    at = town.tell(case, place, beginning, BEGIN, {})
    town.write_facts()
    for number, minutes in choices:
        at += timedelta(minutes=minutes)
        offered = sorted(
            {
                (step.action, login)
                for login, person in town.people.items()
                for step in open_steps(standing_of(case, person, at), person.role)
                if step.action not in LEFT_OUT and (step.action not in RARE or number % 7 == 0)
                if person.department_id in (None, case.department_id) or step.action == "part_done"
                if not step.stays or number % 2 == 0
            }
        )
        if not offered:
            continue
        action, login = offered[number % len(offered)]
        if action == "self_dispose":
            town.photo(case)
        act = Act(
            note="-",
            department=("W", "R", "W2")[number % 3],
            until=at + timedelta(days=1 + number % 30),
            case=other.case_no,
            class_code="0101" if action == "reclassify" else None,
        )
        try:
            with town.session.begin_nested():
                apply_action(town.session, case.case_no, action, town.people[login], act, at=at)
        except CityGridError:
            continue  # the person is of another department, repaired it, …
        event(action)
        town.write_facts()
    return case


# ---- What follows from the steps, in plain Python -----------------------------------------------------


@dataclass
class Visit:
    """One stay in a link: from when to when, which step ended it, and the minutes used in it before."""

    stage: str
    begun: datetime
    before: timedelta
    ended: datetime | None = None
    by: Any = None

    @property
    def length(self) -> timedelta:
        return self.ended - self.begun if self.ended else timedelta()

    @property
    def left(self) -> timedelta:
        return timedelta(minutes=LIMITS[self.stage]) - self.before

    @property
    def limit(self) -> datetime:
        return max(self.begun, self.begun + self.left)

    @property
    def in_time(self) -> bool:
        return self.ended is not None and self.length <= self.left


def visits_of(steps: list[Any]) -> list[Visit]:
    visits: list[Visit] = []
    for step in steps:
        before = STAGE_OF.get(step.from_state or "")
        after = STAGE_OF.get(step.to_state)
        if before == after and step.action not in ("dispatch", "redispatch"):
            continue
        if visits and visits[-1].ended is None:
            visits[-1].ended, visits[-1].by = step.at, step
        if after:
            earlier = [v for v in visits if v.stage == after]
            goes_on = after == "accept" and step.action == "not_confirmed" and earlier
            used = earlier[-1].before + earlier[-1].length if goes_on else timedelta()
            visits.append(Visit(after, step.at, used))
    return visits


def when(ended: datetime | None, limit: datetime | None, done: bool) -> datetime | None:
    if ended is None or (limit is not None and limit < ended):
        return limit
    return ended if done else None


def folded(steps: list[Any], due: datetime | None, source: str) -> dict[str, Any]:
    """Moments, flags and numbers of a case from its steps; its present limit is given."""
    state, visits = steps[-1].to_state, visits_of(steps)
    over = state in OVER
    filed = disposed = closed = answered = ended = None
    forced = satisfied = False
    for step in steps:
        match step.action:
            case "file":
                filed = step.at
            case "send_back" if step.from_state == "filed":
                filed = None
            case "feed_back":
                disposed = step.at
            case "rework":
                disposed = None
            case "close" | "force_close":
                closed, forced = step.at, step.action == "force_close"
            case "reopen":
                closed, forced, disposed = None, False, disposed or step.at
            case "say_fixed" | "say_not_fixed":
                answered, satisfied = step.at, step.action == "say_fixed"
            case "archive" | "refuse" | "merge" | "void":
                ended = step.at

    def last(stage: str) -> Visit | None:
        return next((v for v in reversed(visits) if v.stage == stage), None)

    def times(action: str) -> int:
        return sum(step.action == action for step in steps)

    verify, check = last("verify"), last("check")
    verified = bool(verify and verify.by and verify.by.action in ("verify", "not_confirmed"))
    checked = bool(check and check.by and check.by.action in ("check", "rework"))
    waits = [v for v in visits if v.stage == "dispatch" and not (v.by and v.by.action == "send_back")]
    wait = waits[0] if waits else None
    dispatched = times("dispatch") > 0
    wrong = sum(step.action == "send_back" and step.actor_role == "department" for step in steps)
    file = next((v for v in reversed(visits) if v.by and v.by.action == "file"), None)
    counts = filed is not None and not over
    in_time = counts and disposed is not None and (due is None or disposed <= due)
    if not counts:
        ending = None
    elif disposed is None and closed is not None and due is not None and closed <= due:
        ending = closed
    else:
        ending = closed if in_time or due is None else due
    return {
        "state": state, "reported_at": steps[0].at, "filed_at": filed, "disposed_at": disposed,
        "closed_at": closed, "answered_at": answered, "judged_at": filed or (ended if over else None),
        "verify_at": when(verify.ended, verify.limit, verified) if verify else None,
        "dispatch_at": when(wait.ended, wait.limit, dispatched) if wait else None,
        "settled_at": when(disposed or closed, due, disposed is not None) if counts else None,
        "check_at": when(check.ended, check.limit, checked) if check else None,
        "ending_at": ending, "is_public": source == "hotline",
        "is_filed": filed is not None and state != "void", "is_void": filed is not None and state == "void",
        "is_self_disposed": state == "archived", "is_valid": filed is not None or state == "archived",
        "was_verified": verified, "verified_in_time": bool(verified and verify and verify.in_time),
        "filed_in_time": bool(filed and file and file.in_time), "was_dispatched": dispatched,
        "dispatched_in_time": bool(dispatched and wait and wait.in_time),
        "dispatched_right": dispatched and not wrong and not times("redispatch"),
        "is_disposed": counts and disposed is not None, "disposed_in_time": in_time,
        "is_exempt": times("grant_appeal") > 0, "was_checked": checked,
        "checked_in_time": bool(checked and check and check.in_time), "is_closed": state == "closed",
        "closed_by_force": forced, "was_reopened": times("reopen") > 0, "is_satisfied": satisfied,
        "rework_count": reworks(steps), "extension_count": times("grant_extension"),
        "suspension_count": times("grant_suspension"), "sent_back_count": wrong, "urged_count": times("urge"),
    } | {
        name: sum(
            int(v.length.total_seconds()) for v in visits if v.stage in stages
        )
        for name, stages in SECONDS.items()
    }  # fmt: skip


def reworks(steps: list[Any]) -> int:
    count = 0
    for place, step in enumerate(steps):
        if step.action != "rework":
            continue
        earlier = {(s.action, s.department_id) for s in steps[:place]}
        later = [s.action for s in steps[place + 1 :]]
        ends = [
            a for a in later if a in ("rework", "feed_back", "send_back", "redispatch", "void", "force_close")
        ]
        gave_away = bool(ends) and ends[0] in ("send_back", "redispatch", "void")
        count += ("feed_back", step.department_id) in earlier and not gave_away
    return count


def acts(steps: list[Any], fold: dict[str, Any], asked: list[Any]) -> Counter[tuple[Any, ...]]:
    """Acts of people: (duty, person, when it counts, done, in time, right); ``asked``: who, for each look."""
    visits = visits_of(steps)
    found: list[tuple[Any, ...]] = []
    first = steps[0]
    if first.actor_role == "inspector":
        right = fold["is_valid"] if fold["judged_at"] else None
        found.append(("report", first.actor_id, fold["judged_at"], True, None, right))
    looks = iter(asked)
    for visit in visits:
        by = visit.by
        if visit.stage in ("verify", "check"):
            assignee = next(looks)
            if by and by.actor_role == "inspector":
                at = min(visit.ended or visit.limit, visit.limit)
                found.append((visit.stage, by.actor_id, at, True, visit.in_time, None))
            elif assignee is not None and (visit.ended is None or visit.ended > visit.limit):
                found.append((visit.stage, assignee, visit.limit, False, False, None))
        elif visit.stage in ("accept", "send_check") and by:
            at = min(by.at, visit.limit)
            found.append((visit.stage, by.actor_id, at, True, visit.in_time, None))
    for place, step in enumerate(steps):
        later = [s for s in steps[place + 1 :] if s.action in ("file", "dispatch", "redispatch", "send_back")]
        then = (later[0].action, later[0].actor_role) if later else (None, None)
        visit_ended = next((v for v in visits if v.by is step), None)
        if step.action == "file":
            voided = any(s.action == "void" for s in steps[place + 1 :])
            right = not voided and then != ("send_back", "dispatcher")
        elif step.action in ("dispatch", "redispatch"):
            right = then[0] != "redispatch" and then != ("send_back", "department")
        elif step.action == "close":
            right = None
        else:
            continue
        timed = None if step.action == "redispatch" else visit_ended
        at = min(step.at, timed.limit) if timed else step.at
        found.append((step.action, step.actor_id, at, True, timed.in_time if timed else None, right))
    return Counter(found)


def parts(steps: list[Any], fold: dict[str, Any], due: datetime | None, ids: dict[str, int]) -> Counter[Any]:
    """Departments beside the main one: (part, department, when it counts, done, in time)."""
    found: list[tuple[Any, ...]] = []
    helpers: dict[int, tuple[datetime, datetime | None]] = {}
    before = None
    for step in steps:
        if step.action == "redispatch" or (step.action == "send_back" and step.actor_role == "department"):
            found.append(("former", before, step.at, False, False))
        elif step.action == "add_department":
            helpers[ids[step.detail["department"]]] = (step.at, None)
        elif step.action == "part_done" and step.of in helpers:
            helpers[step.of] = (helpers[step.of][0], helpers[step.of][1] or step.at)
        before = step.department_id
    for department, (added, done) in helpers.items():
        open_to_count = fold["is_filed"] and (due is None or added <= due)
        at = when(done or fold["closed_at"], due, done is not None) if open_to_count else None
        found.append(
            ("co", department, at, done is not None, done is not None and (due is None or done <= due))
        )
    return Counter(found)


# ---- What the database says ---------------------------------------------------------------------------


def rows(session: Session, statement: str, **values: Any) -> list[Any]:
    return list(session.execute(text(statement), values))


def kept(session: Session) -> dict[str, Counter[tuple[Any, ...]]]:
    """All facts, and totals summed by key."""
    return {
        name: Counter(tuple(row) for row in rows(session, statement))
        for name, statement in {
            "case_fact": "SELECT * FROM case_fact",
            "case_fact_part": "SELECT * FROM case_fact_part",
            "case_fact_post": "SELECT * FROM case_fact_post",
            "fact_total": "SELECT grain, count_no, bucket, object_id, sum(amount) FROM fact_total"
            " GROUP BY 1, 2, 3, 4 HAVING sum(amount) <> 0",
        }.items()
    }


def counted(session: Session, zone: ZoneInfo) -> Counter[tuple[Any, ...]]:
    """Totals counted from the facts, one by one."""
    found: Counter[tuple[Any, ...]] = Counter()
    for count in COUNTS.values():
        for row in rows(
            session,
            f"SELECT f.{count.at} AS at, coalesce(f.department_id, 0) AS department,"
            f" f.community_id AS community, f.unit_grid_id AS unit_grid, {count.amount or 1} AS amount"
            f" FROM case_fact AS f"
            f" WHERE f.{count.at} IS NOT NULL AND ({count.where})",
        ):
            day = row.at.astimezone(zone).date()
            found["department", count.no, day, row.department] += row.amount
            found["community", count.no, day, row.community] += row.amount
            found["unit_grid", count.no, day.replace(day=1), row.unit_grid] += row.amount
    return Counter((*key, amount) for key, amount in found.items() if amount)


# ---- Tests ---------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(
    place=st.sampled_from(sorted(PLACES)),
    source=st.sampled_from([None, None, "hotline"]),
    beginning=st.sampled_from(BEGINNINGS),
    choices=WALKS,
)
def test_facts_kept_are_facts_derived_and_follow_from_the_steps(
    town: Town, place: str, source: str | None, beginning: str, choices: list[tuple[int, int]]
) -> None:
    session = town.session
    example = session.begin_nested()
    try:
        case = walk(town, place, source, beginning, choices)
        check_case(session, case)
        before = kept(session)
        assert before["fact_total"] == counted(session, get_settings().zone)
        rebuild(session.connection())
        assert kept(session) == before
    finally:
        example.rollback()


def check_case(session: Session, case: Case) -> None:
    """The facts of a case are what its steps say."""
    steps = rows(
        session,
        "SELECT s.*, p.department_id AS of FROM case_step AS s JOIN person AS p ON p.id = s.actor_id"
        " WHERE case_id = :id ORDER BY seq",
        id=case.id,
    )
    (fact,) = rows(session, "SELECT * FROM case_fact WHERE case_id = :id", id=case.id)
    fold = folded(steps, case.due_at, case.source)
    assert {name: getattr(fact, name) for name in fold} == fold
    asked = rows(session, "SELECT assignee_id FROM case_task WHERE case_id = :id ORDER BY id", id=case.id)
    told = "SELECT duty, person_id, at, is_done, in_time, is_right FROM case_fact_post WHERE case_id = :id"
    found = Counter(tuple(row) for row in rows(session, told, id=case.id))
    assert found == acts(steps, fold, [row.assignee_id for row in asked])
    ids = dict(tuple(row) for row in rows(session, "SELECT code, id FROM department"))
    told = "SELECT part, department_id, counted_at, is_done, in_time FROM case_fact_part WHERE case_id = :id"
    found = Counter(tuple(row) for row in rows(session, told, id=case.id))
    assert found == parts(steps, fold, case.due_at, ids)


def test_limits_of_links_are_those_of_the_table(session: Session) -> None:
    for stage in STAGES.values():
        limit = session.scalar(text("SELECT app.link_limit(:stage)"), {"stage": stage.code})
        assert limit == (None if stage.minutes is None else timedelta(minutes=stage.minutes)), stage.code
    assert {code: stage.minutes for code, stage in STAGES.items() if stage.minutes} == LIMITS
