"""管线事故率: cases of bursts, leaks and lids tied to the pipes they are of, per 100 km and year, in groups.

Cases and pipes are brought together in the database, by the spatial index of the pipes; a case counts in the
year in which it was filed. Length and cases are of the network as it was recorded: a line counts from
``valid_from`` to before ``valid_to``, an abandoned one not at all. Age is that in the calendar year. Time
before the first case on record does not count: nothing was written down then, whatever burst.
"""

import json
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.case.scope import scope_of
from gis.database import read_sql
from gis.errors import InvalidInput, NotAllowed
from gis.evaluation.incident_classes import classes_of
from gis.evaluation.incident_question import KEYS, REASONS, Question
from gis.evaluation.incident_rates import Rate
from gis.evaluation.period import Period, of_day
from gis.i18n import _
from gis.page import Page, read_cursor, write_cursor
from gis.people.models import Person
from gis.pipeline.attribute_words import words_of
from gis.settings import get_settings

ABANDONED = "1"  # of usage_status
MOST_YEARS = 20
Values = dict[str, Any]
Code = str | None


@dataclass(frozen=True)
class Group:
    """The incidents and the network of one group; None in ``key``: the pipes do not tell it."""

    key: dict[str, Code]
    title: dict[str, str]
    rate: Rate


@dataclass(frozen=True)
class YearRate:
    """One calendar year, as far as it has come and is on record; ``is_whole``: all of it."""

    year: int
    rate: Rate
    is_whole: bool


@dataclass(frozen=True)
class Incidents:
    """``total`` are those that were tied; ``untied`` counts the others by reason.

    ``observed_from``: the first day of the period that counts, None where no case was on record in it.
    """

    observed_from: date | None
    total: Rate
    groups: list[Group]
    untied: dict[str, int]
    trend: list[YearRate]


@dataclass(frozen=True)
class IncidentCase:
    """One case and the line it was tied to, none where ``reason`` says why not."""

    id: int
    case_no: str
    filed_at: datetime
    class_name: tuple[str, str]  # Chinese, English
    reason: str | None
    segment_id: int | None
    distance_m: float | None
    key: dict[str, Code]


def incidents(
    session: Session, reader: Person, question: Question, years: int = 5, now: datetime | None = None
) -> Incidents:
    """Rates of a period by group, the most incidents first, and the trend of the years up to it.

    Raises
    ------
    InvalidInput
        The period lies in the future; ``years`` is not 0 to :data:`MOST_YEARS`.
    NotAllowed
        The reader sees a part of the city only: lengths are those of the whole.
    """
    if not 0 <= years <= MOST_YEARS:
        raise InvalidInput(
            _("A trend has 0 to {most} years").format(most=MOST_YEARS), errors=[{"pointer": "/years"}]
        )
    now = now or datetime.now(UTC)
    _check(session, reader, question, now)
    began = _records_begin(session)
    span = _span(question.period, now, began)
    over = _years(span)
    tied: dict[tuple[Code, ...], int] = {}
    untied = Counter(dict.fromkeys(REASONS, 0))
    for (reason, *codes), number in _cases_by(
        session, question, question.period, now, ("reason", *question.by)
    ).items():
        if reason is None:
            tied[tuple(codes)] = number
        else:
            untied[reason] += number
    length = _length_by(session, question, span, question.by)
    rates = {key: Rate(tied.get(key, 0), length.get(key, 0.0), over) for key in tied | length}
    return Incidents(
        span[0] if span[0] < span[1] else None,
        Rate(sum(tied.values()), sum(length.values()), over),
        _groups(session, question.by, rates),
        dict(untied),
        _trend(session, question, years, now, began),
    )


def incident_cases(
    session: Session,
    reader: Person,
    question: Question,
    key: Mapping[str, str],
    reason: str | None = None,
    limit: int = 50,
    cursor: str | None = None,
    now: datetime | None = None,
) -> Page[IncidentCase]:
    """The cases behind one number: of a group (``key``: name → code), or not tied for a reason; by id.

    Raises
    ------
    InvalidInput
        As :func:`incidents`; an unknown band or reason.
    """
    now = now or datetime.now(UTC)
    _check(session, reader, question, now)
    if reason is not None and reason not in REASONS:
        raise InvalidInput(
            _("Unknown reason {reason}; known: {known}").format(reason=reason[:20], known=", ".join(REASONS)),
            errors=[{"pointer": "/reason"}],
        )
    conditions = ["r.reason IS NULL" if reason is None else "r.reason = :reason", "r.id > :after"]
    values = _case_values(question, question.period, now)
    values |= {"reason": reason, "after": read_cursor(cursor, int)[0] if cursor else 0, "limit": limit + 1}
    for name, code in key.items():
        conditions.append(f"{KEYS[name].sql} IS NOT DISTINCT FROM :key_{name}")
        values[f"key_{name}"] = KEYS[name].found(code, words_of(session, KEYS[name].words))
    rows = session.execute(
        text(
            "SELECT r.id, r.case_no, r.filed_at, k.name_zh, k.name_en, r.reason, r.segment_id, r.distance_m,"
            f" {', '.join(row.sql for row in KEYS.values())} FROM ({read_sql('incident_pipes').text}) AS r"
            " JOIN object_class AS k ON (k.edition, k.kind, k.code) = (r.edition, r.case_kind, r.case_class)"
            f" WHERE {' AND '.join(conditions)} ORDER BY r.id LIMIT :limit"
        ),
        values,
    ).all()
    shown = [
        IncidentCase(
            id_, case_no, filed_at, (zh, en), why, segment_id, distance_m,
            {name: of.code(one) for (name, of), one in zip(KEYS.items(), found, strict=True)},
        )
        for id_, case_no, filed_at, zh, en, why, segment_id, distance_m, *found in rows[:limit]
    ]  # fmt: skip
    return Page(shown, write_cursor(shown[-1].id) if len(rows) > limit else None)


def _check(session: Session, reader: Person, question: Question, now: datetime) -> None:
    question.period.refuse_future(now)
    scope = scope_of(session, reader)
    if scope.streets or scope.communities or scope.departments is not None:
        raise NotAllowed(_("These rates are of the whole city; you see a part of it"))


def _case_values(question: Question, period: Period, now: datetime) -> Values:
    classes = [
        {"edition": row.edition, "kind": row.case_kind, "code": row.code, "pipe_class": row.pipe_class,
         "sub_codes": row.sub_codes}
        for row in classes_of(question.incident)
    ]  # fmt: skip
    return {
        "classes": json.dumps(classes),
        "begins": period.begins,
        "ends": period.until(now),
        "zone": get_settings().timezone,
        "radius_m": question.radius_m,
        "abandoned": ABANDONED,
    }


def _cases_by(
    session: Session, question: Question, period: Period, now: datetime, by: Sequence[str]
) -> dict[tuple[Any, ...], int]:
    values = _case_values(question, period, now)
    return {key: int(number) for key, number in _grouped(session, "incident_pipes", values, "count(*)", by)}


def _length_by(
    session: Session, question: Question, span: tuple[date, date], by: Sequence[str]
) -> dict[tuple[Any, ...], float]:
    """Kilometre-years of the pipelines that the classes of cases can name: others can have no incident."""
    named = sorted({row.pipe_class for row in classes_of(question.incident) if row.pipe_class})
    values = {"first": span[0], "after": span[1], "pipe_classes": named, "abandoned": ABANDONED}
    found = _grouped(session, "network_years", values, "sum(r.km_years)", by)
    return {key: float(km_years) for key, km_years in found}


def _grouped(
    session: Session, query: str, values: Values, amount: str, by: Sequence[str]
) -> list[tuple[tuple[Hashable, ...], Any]]:
    """Amounts of the rows of a query by keys of :data:`KEYS` or columns of it."""
    keys = ", ".join(KEYS[name].sql if name in KEYS else f"r.{name}" for name in by)
    rows = session.execute(
        text(f"SELECT {amount}, {keys} FROM ({read_sql(query).text}) AS r GROUP BY {keys}"), values
    )
    return [
        (
            tuple(KEYS[name].code(one) if name in KEYS else one for name, one in zip(by, found, strict=True)),
            total,
        )
        for total, *found in rows
    ]


def _groups(session: Session, by: Sequence[str], rates: Mapping[tuple[Code, ...], Rate]) -> list[Group]:
    names = {name: words_of(session, KEYS[name].words) for name in by}
    groups = []
    for codes, rate in rates.items():
        key = dict(zip(by, codes, strict=True))
        title = {
            name: _("unknown") if code is None else names[name].get(code, code) for name, code in key.items()
        }
        groups.append(Group(key, title, rate))
    return sorted(groups, key=lambda one: (-one.rate.incidents, -one.rate.km_years, str(one.key)))


def _trend(
    session: Session, question: Question, years: int, now: datetime, began: date | None
) -> list[YearRate]:
    """The calendar years up to the one in which the period ends, oldest first; ``began``: of the records."""
    if not years:
        return []
    last = of_day("year", _last_day(question.period.until(now)))
    whole = Period(of_day("year", date(last.begins.year - years + 1, 1, 1)).begins, last.ends)
    cases = _cases_by(session, question, whole, now, ("reason", "year"))
    length = _length_by(session, question, _span(whole, now, began), ("year",))
    rates = []
    for year in range(whole.begins.year, last.begins.year + 1):
        of_year = of_day("year", date(year, 1, 1))
        rate = Rate(cases.get((None, year), 0), length.get((year,), 0.0), _years(_span(of_year, now, began)))
        if began is not None and year >= began.year:
            rates.append(YearRate(year, rate, of_year.ends <= now and year > began.year))
    return rates


def _records_begin(session: Session) -> date | None:
    """The day of the first case that was filed; none yet: None."""
    first = session.scalar(text('SELECT min(filed_at) FROM "case"'))
    return first.astimezone(get_settings().zone).date() if first else None


def _span(period: Period, now: datetime, began: date | None) -> tuple[date, date]:
    """The days of a period as far as it has come and is on record: the first, and the one after the last."""
    after = _last_day(period.until(now)) + timedelta(days=1)
    first = period.begins.astimezone(get_settings().zone).date()
    return (after if began is None else min(max(first, began), after)), after


def _last_day(ends: datetime) -> date:
    local = ends.astimezone(get_settings().zone)
    return local.date() - timedelta(days=1) if local.time() == time.min else local.date()


def _years(span: tuple[date, date]) -> float:
    """How many calendar years a span of days is; each year is one, leap year or not."""
    first, after = span
    total = 0.0
    for year in range(first.year, after.year + 1):
        begins, ends = date(year, 1, 1), date(year + 1, 1, 1)
        total += max(0, (min(after, ends) - max(first, begins)).days) / (ends - begins).days
    return total
