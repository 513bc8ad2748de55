"""A map in one file opens anywhere, asks nobody for anything, and shows no more than it was asked to."""

import gzip
import json
import re
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import mapbox_vector_tile
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from gis.errors import InvalidInput, NotFound, TooLarge
from layers import snapshot
from layers.catalog import LAYERS
from layers.snapshot import choose_layers, parse_box, read_box, read_zooms, take
from layers.tiles import tile
from web.snapshot import write_html

DRAWN = "() => window.city && city.gl.loaded() && city.gl.areTilesLoaded()"
LINES = [LAYERS["areas"], LAYERS["roads"], LAYERS["pipe_segments"]]


@pytest.fixture
def city(small_city: str) -> Iterator[Session]:
    engine = create_engine(small_city)
    with Session(engine) as session:
        yield session
    engine.dispose()


def written_tiles(html: str) -> dict[str, dict[str, str]]:
    found = re.search(r'<script type="application/json" id="tiles">(.*?)</script>', html, re.DOTALL)
    assert found
    tiles: dict[str, dict[str, str]] = json.loads(found[1])
    return tiles


def test_the_command_writes_a_file_that_draws_the_city_without_network(
    small_city: str, browser: Browser, tmp_path: Path
) -> None:
    from gis.cli import build

    file = tmp_path / "week 1.html"
    run = CliRunner().invoke(
        build(), ["map", "snapshot", "--output", str(file), "--lang", "zh", "--title", "<周报> & 管线"]
    )
    assert run.exit_code == 0, run.output
    assert "MB" in run.output
    assert file.stat().st_size < 3_000_000
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    asked: list[str] = []
    errors: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(file.as_uri())
    page.wait_for_function(DRAWN, timeout=60_000)
    shown = set(page.evaluate("city.gl.queryRenderedFeatures().map((one) => one.source)"))
    assert {"areas", "roads", "buildings", "unit_grids", "pipe_segments", "components"} <= shown
    assert "cases" not in shown
    assert [one for one in asked if not one.startswith(("file:", "blob:", "data:"))] == []
    assert asked.count(file.as_uri()) == len([one for one in asked if one.startswith("file:")]) == 1
    assert errors == []
    assert page.title() == "<周报> & 管线"
    assert page.locator(".leaflet-control-scale-line").inner_text()
    page.get_by_label("地下管线").uncheck()
    page.wait_for_function(
        "() => !city.gl.queryRenderedFeatures().some((one) => one.source === 'pipe_segments')"
    )
    context.close()


def test_its_tiles_are_those_of_the_map(city: Session) -> None:
    box, _name = read_box(city, "", "")
    taken = take(city, box, LINES, (15, 16), None, 10_000_000)
    assert taken.tiles["pipe_segments"]
    for layer in LINES:
        for place, packed in taken.tiles[layer.name].items():
            z, x, y = map(int, place.split("/"))
            assert z in (14, 15)
            assert gzip.decompress(b64decode(packed)) == tile(city, layer, z, x, y)
    html = write_html(taken, "x", None)
    assert written_tiles(html) == taken.tiles
    hosts = set(re.findall(r"(?:https?:)?//([a-z0-9-]+(?:\.[a-z0-9-]+)+)", html))
    assert hosts <= {"www.w3.org"}


def test_an_area_is_found_by_its_code(city: Session) -> None:
    code, name = city.execute(
        text("SELECT code, name_zh FROM app.areas WHERE level = 'community' LIMIT 1")
    ).one()
    box, told = read_box(city, "", code)
    whole, _name = read_box(city, "", "")
    assert told == name
    assert box[2] - box[0] < whole[2] - whole[0]
    with pytest.raises(NotFound):
        read_box(city, "", "nowhere")
    with pytest.raises(InvalidInput):
        read_box(city, "1,2,3,4", code)


def test_a_day_leaves_out_what_has_no_history(city: Session) -> None:
    box, _name = read_box(city, "", "")
    without = next(layer for layer in LAYERS.values() if not layer.ever)
    taken = take(city, box, [*LINES, without], (15, 15), date(2000, 1, 1), 10_000_000)
    assert taken.left_out == (without,)
    rows = [
        mapbox_vector_tile.decode(gzip.decompress(b64decode(packed)))
        for packed in taken.tiles["pipe_segments"].values()
    ]
    assert rows == []  # nothing lay there then
    assert "2000-01-01" in write_html(taken, "x", date(2000, 1, 1))
    with pytest.raises(InvalidInput):
        take(city, box, [without], (15, 15), date(2000, 1, 1), 10_000_000)


def test_cases_are_left_out_unless_they_are_asked_for() -> None:
    def holds_cases(names: str, cases: bool) -> bool:
        return any("case" in layer.tables for layer in choose_layers(names, cases))

    assert not holds_cases("", cases=False)
    assert holds_cases("", cases=True)
    assert holds_cases("areas,cases", cases=True)
    with pytest.raises(InvalidInput):
        choose_layers("areas,cases", cases=False)
    with pytest.raises(NotFound):
        choose_layers("areas,nothing", cases=False)


def test_a_file_is_complete_or_refused(city: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    box, _name = read_box(city, "", "")
    with pytest.raises(TooLarge):
        take(city, box, LINES, (15, 16), None, 5_000)
    monkeypatch.setattr(snapshot, "MOST_TILES", 3)
    with pytest.raises(TooLarge):
        take(city, box, LINES, (15, 16), None, 10_000_000)


@given(st.text(alphabet="0123456789,.-+enaif ", max_size=30))
def test_whatever_is_taken_for_a_box_or_zooms_is_one(told: str) -> None:
    with suppress(InvalidInput):
        west, south, east, north = parse_box(told)
        assert -180 <= west < east <= 180
        assert -85 <= south < north <= 85
    with suppress(InvalidInput):
        low, high = read_zooms(told, (109.9, 39.7, 110.1, 39.9))
        assert 5 <= low <= high <= 22


@pytest.mark.parametrize("told", ["NaN,1,2,3", "3,1,2,3", "1,3,2,2", "-inf,0,1,1", "1,2,3", "0,-90,1,90"])
def test_a_box_that_cannot_be_is_refused(told: str) -> None:
    with pytest.raises(InvalidInput):
        parse_box(told)


@pytest.mark.parametrize("told", ["x", "4", "17-14", "14-23", "-14", "1.5"])
def test_a_zoom_that_cannot_be_is_refused(told: str) -> None:
    with pytest.raises(InvalidInput):
        read_zooms(told, (0, 0, 1, 1))
