"""Counts of reports by time: every case in one bar, by the city's calendar, and only what one may see."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from gis.case.histogram import MOST_BARS, Step, _bounds
from tests.small_city import AsRole

ZONE = ZoneInfo("Asia/Shanghai")
PATH = "/api/v1/cases/histogram"
MOMENTS = st.integers(631_152_000, 2_051_222_400).map(lambda second: datetime.fromtimestamp(second, UTC))


@given(since=MOMENTS, days=st.integers(0, MOST_BARS - 10), step=st.sampled_from(list(Step)))
def test_bars_follow_each_other_on_the_calendar(since: datetime, days: int, step: Step) -> None:
    until = since + timedelta(days=days)
    bounds = _bounds(since, until, step)
    assert bounds[0] <= since
    assert bounds[-1] >= until
    assert len(bounds) >= 2
    for bound in bounds:
        assert (bound.hour, bound.minute) == (0, 0)
        assert step is not Step.WEEK or bound.isoweekday() == 1
        assert step is not Step.MONTH or bound.day == 1
    gaps = {(after - before).days for before, after in pairwise(bounds)}
    assert gaps <= {Step.DAY: {1}, Step.WEEK: {7}, Step.MONTH: {28, 29, 30, 31}}[step]


def first_day(day: date, step: Step) -> date:
    if step is Step.MONTH:
        return day.replace(day=1)
    return day - timedelta(days=day.weekday()) if step is Step.WEEK else day


@pytest.mark.parametrize("step", list(Step))
def test_every_case_stands_in_the_bar_of_its_day(as_role: AsRole, small_city: str, step: Step) -> None:
    told = as_role("evaluator").get(PATH, params={"step": step}).json()
    engine = create_engine(small_city)
    with engine.connect() as connection:
        moments = list(connection.scalars(text('SELECT reported_at FROM "case"')))
    engine.dispose()
    by_hand = Counter(first_day(moment.astimezone(ZONE).date(), step) for moment in moments)
    counted = {date.fromisoformat(bar["at"][:10]): bar["count"] for bar in told["items"] if bar["count"]}
    assert counted == by_hand
    assert told["total"] == len(moments) > 0


def test_it_is_narrowed_as_lists_are(as_role: AsRole) -> None:
    client = as_role("department")
    for query in ("", "lamp=red", "kind=event", "q=%E8%B7%AF", "queue=accept"):
        listed, after = 0, f"/api/v1/cases?limit=200&{query}"
        while after:
            page = client.get(after).json()
            listed, after = listed + len(page["items"]), page["next"]
        assert client.get(f"{PATH}?{query}").json()["total"] == listed, query


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("from=2026-01-01T00:00:00", "/from"),
        ("from=NaN", "/from"),
        ("to=9999-12-31T23:59:59Z", "/to"),
        (f"from={quote('2026-02-01T00:00:00+08:00')}&to=2026-01-01T00:00:00Z", "/to"),
        ("step=day&from=1905-01-01T00:00:00Z", "/step"),
        ("step=year", "/step"),
        ("bbox=1,2,3", "/bbox"),
    ],
)
def test_what_cannot_be_is_named(as_role: AsRole, query: str, pointer: str) -> None:
    answer = as_role("dispatcher").get(f"{PATH}?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer
