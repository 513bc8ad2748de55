"""此刻: the day so far beside the day before, open cases by link and lamp, the last days, the last steps.

For screens that are looked at all day, so each is one cheap query: steps by their time, open cases by the
index of the queues, days from totals. The day's counts are of steps taken: a case closed today counts today,
however late it is; the figures of a period count by :mod:`gis.evaluation.counts`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

from gis.case.scope import Scope, scope_of
from gis.case.stages import STAGES
from gis.case.workflow import ACTIONS
from gis.errors import InvalidInput
from gis.evaluation.counts import COUNTS
from gis.evaluation.period import of_day
from gis.i18n import N_, _, pick
from gis.people.models import Person
from gis.settings import get_settings

LAMPS = ("green", "yellow", "red", "none")
MOST_DAYS = 400
MOST_STEPS = 100
LONGEST_AGO = timedelta(
    days=7
)  # steps before that are no news; whoever sees few cases is not searched for longer

# What is counted of a day: code, what it is called, SQL over s, a row of case_step.
ACTS = (
    ("reported", N_("Reported today"), "s.seq = 1"),
    ("filed", N_("Filed today"), "s.action = 'file'"),
    ("dispatched", N_("Dispatched today"), "s.action = 'dispatch'"),
    ("disposed", N_("Handed over today"), "s.action = 'feed_back'"),
    ("closed", N_("Closed today"), "s.action IN ('close', 'force_close')"),
)
# Of each of the last days, and of today so far.
OF_DAYS = ("reported", "filed", "should_dispose", "disposed_in_time", "closed")


@dataclass(frozen=True)
class StageNow:
    """How many open cases are in a link, by lamp; ``none``: no limit runs."""

    stage: str
    title: str
    lamps: dict[str, int]

    @property
    def open(self) -> int:
        return sum(self.lamps.values())


@dataclass(frozen=True)
class Now:
    """``since`` is the city's midnight; ``yesterday`` counts up to the same time of the day before."""

    at: datetime
    since: datetime
    today: dict[str, int]
    yesterday: dict[str, int]
    stages: list[StageNow]
    lamps: dict[str, int] = field(default_factory=dict)

    @property
    def open(self) -> int:
        return sum(self.lamps.values())


@dataclass(frozen=True)
class DayCounts:
    """What counts on one day, by :data:`OF_DAYS`."""

    day: date
    counts: dict[str, int]


@dataclass(frozen=True)
class StepNow:
    """One step just taken; ``lamp`` is that of its case at this moment, None where no limit runs."""

    id: int
    at: datetime
    case_no: str
    action: str
    action_title: str
    class_name: str
    street: str
    department: str
    lamp: str | None


_LAMP = (
    "CASE WHEN c.stage IS NULL OR c.stage_due_at >= '9000-01-01T00:00Z' THEN 'none'"
    " WHEN c.stage_due_at < :now THEN 'red' WHEN c.stage_warn_at <= :now THEN 'yellow' ELSE 'green' END"
)


def city_now(session: Session, reader: Person, now: datetime | None = None) -> Now:
    """The day so far and the open cases that a reader may see."""
    at = now or datetime.now(UTC)
    day = of_day("day", at.astimezone(get_settings().zone).date())
    before = day.before()
    same_time = min(before.begins + (at - day.begins), before.ends)
    scope = scope_of(session, reader)
    # Only who is narrowed needs the case beside its steps.
    join = 'JOIN "case" AS c ON c.id = s.case_id' if _seen(scope) else ""
    days = (("today", "s.at >= :midnight"), ("yesterday", "s.at < :same_time"))
    columns = ", ".join(
        f"count(DISTINCT s.case_id) FILTER (WHERE {when} AND {which}) AS {name}_{code}"
        for name, when in days
        for code, _title, which in ACTS
    )
    values = {"now": at, "midnight": day.begins, "begins": before.begins, "same_time": same_time}
    acts = (
        session.execute(
            text(
                f"SELECT {columns} FROM case_step AS s {join}"
                f" WHERE s.at >= :begins AND s.at <= :now {_seen(scope)}"
            ),
            values | _values(scope),
        )
        .mappings()
        .one()
    )
    found: dict[str, dict[str, int]] = {code: dict.fromkeys(LAMPS, 0) for code in STAGES}
    for stage, lamp, number in session.execute(
        text(
            f'SELECT c.stage, {_LAMP} AS lamp, count(*) FROM "case" AS c'
            f" WHERE c.stage IS NOT NULL {_seen(scope)} GROUP BY 1, 2"
        ),
        values | _values(scope),
    ):
        found[stage][lamp] = number
    return Now(
        at,
        day.begins,
        _of_day(acts, "today"),
        _of_day(acts, "yesterday"),
        [StageNow(code, _(STAGES[code].title), lamps) for code, lamps in found.items()],
        {lamp: sum(lamps[lamp] for lamps in found.values()) for lamp in LAMPS},
    )


def _of_day(acts: RowMapping, name: str) -> dict[str, int]:
    return {code: acts[f"{name}_{code}"] for code, _title, _which in ACTS}


def last_days(
    session: Session, reader: Person, number: int = 30, now: datetime | None = None
) -> list[DayCounts]:
    """What counted on each of the last days, today so far included, oldest first; a day without is zeros.

    Raises
    ------
    InvalidInput
        ``number`` is not 1 to :data:`MOST_DAYS`.
    """
    if not 1 <= number <= MOST_DAYS:
        raise InvalidInput(
            _("Between 1 and {most} days can be told").format(most=MOST_DAYS), errors=[{"pointer": "/days"}]
        )
    at = now or datetime.now(UTC)
    today = at.astimezone(get_settings().zone).date()
    first = today - timedelta(days=number - 1)
    found = {first + timedelta(days=n): dict.fromkeys(OF_DAYS, 0) for n in range(number)}
    scope = scope_of(session, reader)
    grain, narrowed = _totals_of(scope)
    codes = {COUNTS[code].no: code for code in OF_DAYS}
    rows = session.execute(
        text(
            "SELECT bucket, count_no, sum(amount) FROM fact_total"
            " WHERE grain = :grain AND count_no = ANY(:nos) AND bucket >= :first AND bucket < :today"
            f" {narrowed} GROUP BY 1, 2"
        ),
        {"grain": grain, "nos": list(codes), "first": first, "today": today, **_values(scope)},
    )
    for day, count_no, amount in rows:
        found[day][codes[count_no]] = int(amount)
    found[today] = _counts_since(session, scope, of_day("day", today).begins, at)
    return [DayCounts(day, counts) for day, counts in found.items()]


def _counts_since(session: Session, scope: Scope, midnight: datetime, now: datetime) -> dict[str, int]:
    # Totals hold what is due later today already: today is counted from the facts.
    parts = " UNION ALL ".join(
        f"SELECT '{row.code}' AS code, count(*) FROM case_fact AS f"
        f" WHERE f.{row.at} >= :midnight AND f.{row.at} <= :now AND {row.where} {_seen(scope, 'f')}"
        for row in (COUNTS[code] for code in OF_DAYS)
    )
    rows = session.execute(text(parts), {"midnight": midnight, "now": now, **_values(scope)})
    return {code: int(number) for code, number in rows}


def last_steps(
    session: Session, reader: Person, number: int = 20, now: datetime | None = None
) -> Sequence[StepNow]:
    """The steps taken last on cases that a reader may see, newest first.

    Raises
    ------
    InvalidInput
        ``number`` is not 1 to :data:`MOST_STEPS`.
    """
    if not 1 <= number <= MOST_STEPS:
        raise InvalidInput(
            _("Between 1 and {most} steps can be told").format(most=MOST_STEPS),
            errors=[{"pointer": "/limit"}],
        )
    at = now or datetime.now(UTC)
    scope = scope_of(session, reader)
    rows = session.execute(
        text(
            f"SELECT s.id, s.at, c.case_no, s.action, nullif({_LAMP}, 'none'),"
            " k.name_zh, k.name_en, a.name_zh, a.name_en, d.name_zh, d.name_en"
            ' FROM case_step AS s JOIN "case" AS c ON c.id = s.case_id'
            " JOIN object_class AS k ON (k.edition, k.kind, k.code) = (c.edition, c.kind, c.class_code)"
            " JOIN area AS a ON a.id = c.street_id"
            " LEFT JOIN department AS d ON d.id = c.department_id"
            f" WHERE s.at <= :now AND s.at > :first {_seen(scope)}"
            " ORDER BY s.at DESC, s.id DESC LIMIT :number"
        ),
        {"now": at, "first": at - LONGEST_AGO, "number": number, **_values(scope)},
    )
    return [
        StepNow(
            id_, when, case_no, action, _(ACTIONS.get(action, action)),
            pick(class_zh, class_en), pick(street_zh, street_en), pick(of_zh or "", of_en or ""), lamp,
        )
        for id_, when, case_no, action, lamp, class_zh, class_en, street_zh, street_en, of_zh, of_en in rows
    ]  # fmt: skip


def _seen(scope: Scope, row: str = "c") -> str:
    """SQL that narrows rows of ``case`` or ``case_fact`` to a scope; empty for the whole city."""
    parts = []
    if scope.streets or scope.communities:
        parts.append(f"AND ({row}.street_id = ANY(:streets) OR {row}.community_id = ANY(:communities))")
    if scope.departments is not None:
        parts.append(f"AND {row}.department_id = ANY(:departments)")
    return " ".join(parts)


def _totals_of(scope: Scope) -> tuple[str, str]:
    """The grain of totals that tells of a scope, and SQL that narrows it."""
    if scope.departments is not None:
        return "department", "AND object_id = ANY(:departments)"
    if scope.streets or scope.communities:
        return "community", (
            "AND (object_id = ANY(:communities)"
            " OR object_id IN (SELECT id FROM area WHERE parent_id = ANY(:streets)))"
        )
    return "community", ""


def _values(scope: Scope) -> dict[str, list[int]]:
    return {
        "streets": list(scope.streets),
        "communities": list(scope.communities),
        "departments": list(scope.departments or ()),
    }
