"""考核周期 and what is refused: periods as they are written, objects and indicators nobody knows."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from gis.errors import InvalidInput
from gis.evaluation.figures import figures
from gis.evaluation.indicators import INDICATORS, OBJECT_KINDS, indicators_of
from gis.evaluation.period import Period, of_day, parse_period
from gis.people.models import Person

# As it is written, when it begins and ends by the city's clocks (UTC+8), and the one before it.
WRITTEN = [
    ("2026-10-03", "2026-10-03T00:00+08:00", "2026-10-04T00:00+08:00", "2026-10-02"),
    ("2026-W01", "2025-12-29T00:00+08:00", "2026-01-05T00:00+08:00", "2025-W52"),
    ("2026-01", "2026-01-01T00:00+08:00", "2026-02-01T00:00+08:00", "2025-12"),
    ("2026-Q1", "2026-01-01T00:00+08:00", "2026-04-01T00:00+08:00", "2025-Q4"),
    ("2024", "2024-01-01T00:00+08:00", "2025-01-01T00:00+08:00", "2023"),
]
REFUSED = [
    "", "2026-13", "2026-Q5", "2026-W60", "2026-02-30", "0001", "9999", "soon",
    "2026-10-17/2026-10-03", "2026-10-03/2026-10-03", "2026-10-03/never",
]  # fmt: skip
KINDS = st.sampled_from(["day", "week", "month", "quarter", "year"])


@pytest.mark.parametrize(("code", "begins", "ends", "before"), WRITTEN)
def test_a_period_reads_as_it_is_written(code: str, begins: str, ends: str, before: str) -> None:
    period = parse_period(code)
    assert (period.begins, period.ends) == (datetime.fromisoformat(begins), datetime.fromisoformat(ends))
    assert (period.code, period.before().code) == (code, before)


@pytest.mark.parametrize("code", REFUSED)
def test_what_is_no_period_is_refused(code: str) -> None:
    with pytest.raises(InvalidInput):
        parse_period(code)


@given(
    st.sampled_from(["day", "week", "month", "quarter", "year"]), st.dates(date(1991, 1, 1), date(2199, 1, 1))
)
def test_each_moment_lies_in_one_period_of_a_kind(kind: str, day: date) -> None:
    period = of_day(kind, day)
    assert period.before().ends == period.begins
    assert parse_period(period.code) == period
    noon = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
    assert period.begins <= noon < period.ends


def test_a_period_runs_forwards_has_an_offset_and_has_begun() -> None:
    now = datetime(2026, 3, 2, tzinfo=UTC)
    with pytest.raises(InvalidInput):
        Period(now, now)
    with pytest.raises(InvalidInput):
        Period(datetime(2026, 1, 1), now)  # noqa: DTZ001 - that is the fault
    with pytest.raises(InvalidInput):
        Period(now + timedelta(days=1), now + timedelta(days=2)).refuse_future(now)


def test_what_nobody_knows_is_refused(small_city: str) -> None:
    period = parse_period("2026-10")
    engine = create_engine(small_city)
    with Session(engine) as session:
        evaluator = session.scalars(select(Person).where(Person.login == "evaluator")).one()
        for kind, codes, indicators in (
            ("planet", None, None),
            ("street", ["999999999"], None),
            ("department", None, ["valid_report"]),  # told of regions only
        ):
            with pytest.raises(InvalidInput):
                figures(session, evaluator, kind, period, codes=codes, indicators=indicators)
    engine.dispose()


def test_every_indicator_says_how_far_it_may_be_trusted() -> None:
    assert all(row.source and row.status for row in INDICATORS.values())
    assert {row.code for kind in OBJECT_KINDS for row in indicators_of(kind)} == set(INDICATORS)
