"""Figures on the map: classes, what counts are set against, hot spots, repeat places; each by an oracle."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, expect
from scipy import sparse
from sqlalchemy import create_engine, select, text
from sqlalchemy.orm import Session

from gis.evaluation.breaks import HOW, classify
from gis.evaluation.figures import figures
from gis.evaluation.gi_star import chance, gi_star
from gis.evaluation.hotspots import categorise, hotspots, whole_weeks
from gis.evaluation.period import Period, parse_period
from gis.evaluation.repeats import CASES_TOLD, repeats
from gis.evaluation.spatial import map_values
from gis.people.models import Person
from tests.browser import visit
from tests.small_city import AsRole

MAP, HOTSPOTS, REPEATS = (f"/api/v1/evaluation/{name}" for name in ("map", "hotspots", "repeats"))


@pytest.fixture
def session(small_city: str) -> Iterator[Session]:
    """A session whose changes are undone."""
    engine = create_engine(small_city)
    with Session(engine) as opened:
        yield opened
        opened.rollback()
    engine.dispose()


@pytest.fixture
def evaluator(session: Session) -> Person:
    return session.scalars(select(Person).where(Person.login == "evaluator")).one()


@pytest.fixture
def month(session: Session) -> Period:
    """A month with cases: that of the first report."""
    first: datetime = session.execute(text("SELECT min(reported_at) FROM case_fact")).scalar_one()
    return parse_period(f"{first.astimezone():%Y-%m}")


def lattice(side: int) -> sparse.csr_array:
    """Cells of a square that touch by an edge or a corner."""
    cells = list(itertools.product(range(side), repeat=2))
    near = [[max(abs(a - c), abs(b - d)) == 1 for c, d in cells] for a, b in cells]
    return sparse.csr_array(np.array(near, dtype=float))


# ---- Classes ----


@given(
    st.lists(st.floats(0, 1000) | st.sampled_from([0.0, 1.0, 50.0]), min_size=1, max_size=80),
    st.sampled_from(sorted(HOW)),
    st.booleans(),
)
def test_each_value_lies_in_exactly_one_class_and_within_its_bounds(
    values: list[float], how: str, zero_apart: bool
) -> None:
    numbers, classes = classify(np.array(values), how, zero_apart)
    for value, number in zip(values, numbers, strict=True):
        one = classes[number]
        assert value <= one.most
        assert value > one.above or (one.first and value >= one.above)
    assert [one.count for one in classes] == [numbers.tolist().count(one.no) for one in classes]
    if zero_apart:
        assert classes[0].most == 0
    else:
        assert all(one.count for one in classes) or how == "equal"


def test_a_value_that_most_have_makes_a_class_of_its_own() -> None:
    _numbers, classes = classify(np.array([1.0] * 90 + [0.1, 0.2, 0.3, 0.4, 0.5] * 2), "quantile")
    assert classes[-1].most == 1.0
    assert classes[-1].count == 90
    assert len(classes) == 5


# ---- Values ----


def test_values_are_those_of_the_figures(session: Session, evaluator: Person, month: Period) -> None:
    for kind in ("district", "street", "community", "unit_grid"):
        for indicator in ("reported", "on_time_disposal", "disposal_hours"):
            told = map_values(session, evaluator, kind, indicator, month)
            expected = {
                row.code: row.figures[indicator].value
                for row in figures(session, evaluator, kind, month, indicators=[indicator])
            }
            assert {one.code: one.value for one in told.items} == expected
            assert any(value is not None for value in expected.values())
            assert all((one.missing == "no_cases") == (one.value is None) for one in told.items)


def test_counts_are_set_against_area_people_and_streets(
    session: Session, evaluator: Person, month: Period
) -> None:
    """By shapely from the shapes themselves; a street on a border is half on each side."""
    roads = shapely.union_all(
        shapely.from_wkb([bytes(one) for one in session.scalars(text("SELECT ST_AsBinary(geom) FROM road"))])
    )
    shapes = {
        code: (shapely.from_wkb(bytes(shape)), people)
        for code, shape, people in session.execute(
            text("SELECT code, ST_AsBinary(geom), population FROM area WHERE level = 'community'")
        )
    }
    counted = {
        one.code: one.value for one in map_values(session, evaluator, "community", "filed", month).items
    }
    assert sum(value or 0 for value in counted.values()) > 0
    for per in ("area", "population", "street_km"):
        for one in map_values(session, evaluator, "community", "filed", month, per=per).items:
            shape, people = shapes[one.code]
            amount = {
                "area": shape.area / 1e6,
                "population": people / 10_000 if people else None,
                "street_km": (
                    roads.intersection(shape).length - roads.intersection(shape.boundary).length / 2
                )
                / 1000,
            }[per]
            count = counted[one.code]
            if amount and count is not None:
                assert one.value == pytest.approx(count / amount, rel=1e-6)
            else:
                assert (one.value, one.missing) == (None, "unknown")


def test_people_of_unit_grids_are_unknown(session: Session, evaluator: Person, month: Period) -> None:
    told = map_values(session, evaluator, "unit_grid", "reported", month, per="population")
    assert {(one.value, one.missing) for one in told.items} == {(None, "unknown")}
    assert (told.legend, told.unlisted) == ([], "unknown")


def test_few_cases_are_marked(session: Session, evaluator: Person, month: Period) -> None:
    items = map_values(session, evaluator, "community", "on_time_disposal", month).items
    assert {one.few for one in items} == {True, False}
    assert all(one.few == (0 < (one.denominator or 0) < 10) for one in items)


# ---- Hot spots ----


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 6), min_size=9, max_size=9))
def test_the_chance_is_that_of_all_choices_counted_one_by_one(counts: list[int]) -> None:
    near = lattice(3)
    found = chance(np.array(counts), near)
    for cell in range(9):
        around = [
            counts[cell],
            *(counts[at] for at in near.indices[near.indptr[cell] : near.indptr[cell + 1]]),
        ]
        sums = [sum(chosen) for chosen in itertools.combinations(counts, len(around))]
        assert found[cell] == pytest.approx(np.mean([one >= sum(around) for one in sums]), abs=1e-9)


def test_the_statistic_is_that_of_the_formula_and_finds_what_was_planted() -> None:
    """Ord and Getis 1995, equation 14, by numpy over a full matrix."""
    side = 20
    near = lattice(side)
    counts = np.random.default_rng(7).poisson(0.3, side * side)
    counts.reshape(side, side)[7:12, 7:12] += 3
    told = gi_star(counts, near, rate=0.05)
    weights = near.toarray() + np.eye(side * side)
    around, mean, spread = weights.sum(axis=1), counts.mean(), counts.std()
    n = counts.size
    expected = (weights @ counts - mean * around) / (spread * np.sqrt((n * around - around**2) / (n - 1)))
    np.testing.assert_allclose(told.z, expected, rtol=1e-9)
    hot = told.hot.reshape(side, side)
    assert hot[8:11, 8:11].all()
    hot[6:13, 6:13] = False  # the cells next to it share its cases
    assert not hot.any()


def test_noise_has_hardly_a_hot_spot() -> None:
    near = lattice(30)
    chances = np.random.default_rng(11)
    found = [gi_star(chances.poisson(rate, 900), near, 0.05).hot.sum() for rate in (0.05, 0.5, 5) * 4]
    assert sum(found) <= 3


def test_nothing_at_all_and_the_same_everywhere_are_not_hot() -> None:
    for counts in (np.zeros(9, dtype=int), np.full(9, 4)):
        told = gi_star(counts, lattice(3), 0.05)
        assert not told.hot.any()
        assert (told.p == 1).all()


@pytest.mark.parametrize(
    ("category", "hot", "z"),
    [
        ("new", "00000001", [0, 0, 0, 0, 0, 0, 0, 5]),
        ("intensifying", "01111111", [1, 3, 4, 5, 6, 7, 8, 9]),
        ("diminishing", "11111111", [9, 8, 7, 6, 5, 4, 3.5, 3]),
        ("persistent", "11101111", [5, 6, 4, 1, 6, 5, 4, 5]),
        ("emerging", "00000111", [0, 1, 0, 0, 1, 5, 4, 5]),
        ("past", "11111110", [5, 6, 4, 5, 6, 5, 4, 1]),
        ("sporadic", "10000101", [5, 1, 0, 1, 0, 5, 1, 5]),
        ("sporadic", "00100000", [0, 1, 5, 1, 0, 0, 1, 0]),
    ],
)
def test_categories(category: str, hot: str, z: list[float]) -> None:
    found, _trend = categorise(np.array([one == "1" for one in hot]), np.array(z, dtype=float))
    assert found == category


def test_planted_cases_make_a_new_hot_spot(session: Session, evaluator: Person) -> None:
    last: datetime = session.execute(text("SELECT max(reported_at) FROM case_fact")).scalar_one()
    until = Period(last - timedelta(days=1), last + timedelta(days=7))
    now = until.ends
    span = whole_weeks(until.ends, 1)[0]
    middle, code = session.execute(text("SELECT id, code FROM unit_grid ORDER BY code LIMIT 1")).one()
    around = session.scalars(
        text(
            "SELECT b.id FROM unit_grid AS a JOIN unit_grid AS b ON ST_DWithin(a.geom, b.geom, 1)"
            " WHERE a.id = :middle ORDER BY b.id"
        ),
        {"middle": middle},
    ).all()
    before = hotspots(session, evaluator, until, weeks=6, now=now)
    cases = session.scalars(text("SELECT case_id FROM case_fact ORDER BY case_id")).all()
    for at, grid in enumerate(around):
        session.execute(
            text("UPDATE case_fact SET unit_grid_id = :grid, reported_at = :at WHERE case_id = ANY(:moved)"),
            {"grid": grid, "at": span.begins + timedelta(hours=30), "moved": cases[8 * at : 8 * at + 8]},
        )
    after = hotspots(session, evaluator, until, weeks=6, now=now)
    known = {one.code for one in before.items}
    news = {one.code: one for one in after.items if one.code not in known}
    assert news[code].counts[-1] >= 8
    assert {one.category for one in news.values()} == {"new"}
    assert [week.code for week in after.weeks][-1] == span.code
    for week in after.weeks:
        expected = session.execute(
            text("SELECT count(*) FROM case_fact WHERE reported_at >= :begins AND reported_at < :ends"),
            {"begins": week.begins, "ends": week.ends},
        ).scalar_one()
        assert week.cases == expected


# ---- Repeat places ----


def test_repeat_places_are_what_cases_in_pairs_say(
    session: Session, evaluator: Person, month: Period
) -> None:
    """Two cases make a place: then places are the connected parts of "near enough", found pair by pair."""
    radius = 60.0
    quarter = Period(month.begins, month.begins + timedelta(days=90))
    rows = session.execute(
        text(
            "SELECT c.id, c.case_no, c.edition, c.kind, c.class_code, c.component_id,"
            " ST_X(c.location), ST_Y(c.location), f.filed_at"
            ' FROM case_fact AS f JOIN "case" AS c ON c.id = f.case_id'
            " WHERE f.is_filed AND f.filed_at >= :begins AND f.filed_at < :ends AND f.filed_at < now()"
        ),
        {"begins": quarter.begins, "ends": quarter.ends},
    ).all()
    by_class = defaultdict(list)
    for row in rows:
        by_class[tuple(row[2:5])].append(row)
    parts: list[list[Any]] = []
    for members in by_class.values():
        left = set(members)
        while left:
            part, edge = set(), [left.pop()]
            while edge:
                one = edge.pop()
                part.add(one)
                close = {two for two in left if np.hypot(one[6] - two[6], one[7] - two[7]) <= radius}
                left -= close
                edge += close
            of = {one[5] for one in part}
            if len(part) >= 2 and (len(of) > 1 or None in of):
                parts.append(list(part))
    by_component = defaultdict(list)
    for row in rows:
        if row[5]:
            by_component[row[5]].append(row)
    parts += [found for found in by_component.values() if len(found) >= 2]
    # Of a place with very many cases the newest are told.
    newest = [sorted(part, key=lambda one: (one[8], one[0]), reverse=True)[:CASES_TOLD] for part in parts]
    expected = Counter(
        (len(part), tuple(one[1] for one in first)) for part, first in zip(parts, newest, strict=True)
    )

    told = repeats(session, evaluator, quarter, radius_m=radius, least=2, limit=500)
    assert told.total == len(told.items) == expected.total() > 5
    assert Counter((one.cases, tuple(one.case_nos)) for one in told.items) == expected
    assert [one.cases for one in told.items] == sorted((one.cases for one in told.items), reverse=True)


# ---- Doors ----


def test_the_service_tells_the_map_with_its_legend_and_links(as_role: AsRole, month: Period) -> None:
    client = as_role("evaluator")
    answer = client.get(f"{MAP}?object=street&indicator=filed&period={month.code}&per=area")
    told: dict[str, Any] = answer.json()
    assert answer.status_code == 200, told
    assert told["per_title"] == "Per km²"
    assert sum(one["count"] for one in told["legend"]) == told["total"]
    most = max(told["items"], key=lambda one: one["raw"])
    cases = client.get(told["cases"].replace("{code}", most["code"]) + "&limit=200").json()
    assert len(cases["items"]) == most["numerator"]
    explained = client.get(told["explain"].replace("{code}", most["code"]))
    assert explained.status_code == 200, explained.text
    assert explained.json()["value"] == most["raw"]


def test_the_score_is_on_the_map(as_role: AsRole, month: Period) -> None:
    client = as_role("evaluator")
    told = client.get(f"{MAP}?object=street&indicator=score&period={month.code}").json()
    rows = client.get(f"/api/v1/evaluation/regions?level=street&period={month.code}").json()
    assert {one["code"]: one["value"] for one in told["items"]} == {
        one["code"]: one["score"] for one in rows["items"]
    }
    assert told["cases"] is None


def test_hot_spots_and_repeats_over_http(as_role: AsRole, month: Period) -> None:
    client = as_role("evaluator")
    hot = client.get(f"{HOTSPOTS}?period={month.code}&weeks=4").json()
    assert len(hot["weeks"]) == 4
    assert sum(one["count"] for one in hot["categories"]) == hot["total"] == len(hot["items"])
    again = client.get(f"{REPEATS}?period={month.code}&least=2&radius_m=100&limit=2").json()
    assert [one["rank"] for one in again["items"]] == [1, 2]
    assert again["total"] > 2


@pytest.mark.parametrize(
    "wrong",
    [
        f"{MAP}?indicator=on_time_disposal&per=area",
        f"{MAP}?indicator=score&per=population",
        f"{MAP}?indicator=nothing",
        f"{MAP}?object=department",
        f"{MAP}?object=galaxy",
        f"{MAP}?per=moon",
        f"{MAP}?breaks=none",
        f"{MAP}?period=2199-01",
        f"{MAP}?period=2026-10-05/2026-10-01",
        f"{MAP}?indicator=score&card=none",
        f"{HOTSPOTS}?weeks=2",
        f"{HOTSPOTS}?weeks=99999999999",
        f"{HOTSPOTS}?count=nothing",
        f"{HOTSPOTS}?count=dispose_seconds",
        f"{HOTSPOTS}?period=2199-01",
        f"{REPEATS}?radius_m=nan",
        f"{REPEATS}?radius_m=inf",
        f"{REPEATS}?least=1",
        f"{REPEATS}?limit=0",
        f"{REPEATS}?from=2020-01-01T00:00:00Z&to=2026-01-01T00:00:00Z",
    ],
)
def test_what_cannot_be_mapped_is_refused_in_words(as_role: AsRole, wrong: str) -> None:
    answer = as_role("evaluator").get(wrong)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_inspectors_do_not_read_the_map_of_figures(as_role: AsRole) -> None:
    assert [as_role("inspector").get(path).status_code for path in (MAP, HOTSPOTS, REPEATS)] == [403] * 3


# ---- The page ----

SHOWN_MS = 20_000  # of a map that a busy machine draws in software
# What fills the shape with a code, once the map has it drawn; and where a region lies on the screen.
FILL = """async (code) => {
  for (let tries = 0; tries < 150; tries += 1) {
    const drawn = city.gl.queryRenderedFeatures({ layers: ["areas-fill"] });
    const found = drawn.find((one) => one.properties.code === code);
    if (found) return String(found.layer.paint["fill-color"]);
    await new Promise((done) => setTimeout(done, 100));
  }
}"""
PLACE = """(at) => {
  const one = figures.told.items.find((each) => each.code === at);
  const { x, y } = city.map.latLngToContainerPoint([one.lat, one.lon]);
  const box = city.map.getContainer().getBoundingClientRect();
  return [box.x + x, box.y + y];
}"""


def test_the_page_paints_lists_and_leads_on(
    live_server: str, browser: Browser, as_role: AsRole, month: Period
) -> None:
    query = f"period={month.code}&object=community&indicator=reported&per=area"
    told = as_role("evaluator").get(f"{MAP}?{query}").json()
    ranked = sorted(told["items"], key=lambda one: (-one["value"], one["code"]))
    with visit(browser, live_server, "evaluator", locale="en") as seen:
        page = seen.page
        page.goto(f"{live_server}/evaluation/map?{query}")
        rows = page.locator("#list tbody tr")
        expect(rows).to_have_count(len(ranked), timeout=SHOWN_MS)
        assert rows.evaluate_all("rows => rows.map((row) => row.dataset.key)") == [
            one["code"] for one in ranked
        ]
        most, least = (page.evaluate(FILL, one["code"]) for one in (ranked[0], ranked[-1]))
        assert most
        assert least
        assert most != least

        # What is clicked on the map is the same line as in the list.
        page.mouse.click(*page.evaluate(PLACE, ranked[1]["code"]))
        expect(page.locator("#list tr[data-chosen]")).to_have_attribute("data-key", ranked[1]["code"])
        expect(page.locator("#chosen h2")).to_have_text(ranked[1]["name"])
        assert ranked[1]["code"] in (page.locator("#chosen a").first.get_attribute("href") or "")
        page.locator("#chosen .links button").click()
        expect(page.locator("#explain .formula").first).to_be_visible(timeout=SHOWN_MS)
        page.keyboard.press("Escape")

        # A rate is not set against anything; the address holds what is seen.
        page.locator("#asked [name=indicator]").select_option("on_time_disposal")
        expect(page.locator("#asked [name=per]")).to_be_disabled()
        expect(page.locator("#legend")).to_contain_text("Hatched", timeout=SHOWN_MS)
        page.locator("#asked label", has_text="Repeat places").click()
        expect(page.locator("#list[data-view=repeats]")).to_be_visible(timeout=SHOWN_MS)
        assert "view=repeats" in page.url
        assert "indicator=on_time_disposal" in page.url
        seen.check()
