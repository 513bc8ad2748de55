"""GDAL's programs and tippecanoe read features and tiles: ``make test-clients``."""

import json
import math
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import httpx2
import pytest
from sqlalchemy import text

from tests.running_service import RunningService

pytestmark = pytest.mark.clients
Run = Callable[..., subprocess.CompletedProcess[str]]
Z = 15
MORE = "class_code = 'JS' AND start_depth_m > 1"


class Tile(NamedTuple):
    x: int
    y: int
    z: int


@pytest.fixture(scope="module")
def key(service: RunningService) -> str:
    return service.key("planner", "read")


@pytest.fixture(scope="module")
def gdal(service: RunningService, key: str) -> Run:
    """A program of GDAL; it sends the key as a password. ``OAPIF`` stands for the address."""
    environment = os.environ | {"GDAL_HTTP_USERPWD": f"key:{key}", "CPL_DEBUG": "HTTP"}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [word.replace("OAPIF", f"OAPIF:{service.address}/ogc") for word in words]
        return subprocess.run(
            command, env=environment, check=True, capture_output=True, text=True, timeout=120
        )

    return run


def number(service: RunningService, query: str) -> int:
    with service.database.connect() as connection:
        return int(connection.scalar(text(query)) or 0)


def test_it_lists_the_collections_that_the_role_may_see(service: RunningService, gdal: Run, key: str) -> None:
    told = httpx2.get(f"{service.address}/ogc/collections", headers={"x-api-key": key}).json()["collections"]
    listed = re.findall(r"^\d+: (\w+) ", gdal("ogrinfo", "-ro", "OAPIF").stdout, re.MULTILINE)
    assert sorted(listed) == sorted(one["id"] for one in told)
    assert {"pipe_segments", "components", "cases", "datasets"} <= set(listed)


@pytest.mark.parametrize(
    ("words", "where", "sent"),
    [
        ((), "true", "limit="),
        (("-where", "class_code = 'JS'"), "class_code = 'JS'", "class_code=JS"),
        # What it cannot send it sieves out itself.
        (("-where", MORE), MORE, "class_code=JS"),
        (
            ("-spat", "109.985", "39.817", "109.99", "39.82"),
            "ST_Intersects(geom, ST_Transform(ST_MakeEnvelope(109.985, 39.817, 109.99, 39.82, 4326), 4546))",
            "bbox=",
        ),
    ],
    ids=["all", "equal", "more", "box"],
)  # fmt: skip
def test_it_finds_as_many_as_the_database_on_more_than_one_page(
    service: RunningService, gdal: Run, words: tuple[str, ...], where: str, sent: str
) -> None:
    done = gdal("ogrinfo", "-ro", "-so", *words, "-oo", "PAGE_SIZE=50", "OAPIF", "pipe_segments")
    found = re.search(r"Feature Count: (\d+)", done.stdout)
    assert found is not None
    assert int(found[1]) == number(service, f"SELECT count(*) FROM app.pipe_segments WHERE {where}") > 50
    assert sent in done.stderr
    assert "cursor=" in done.stderr or not words


def test_it_reads_one_feature(service: RunningService, gdal: Run) -> None:
    fid = number(service, "SELECT max(id) FROM app.pipe_segments")
    done = gdal("ogrinfo", "-ro", "-fid", str(fid), "OAPIF", "pipe_segments")
    with service.database.connect() as connection:
        segment_no = connection.scalar(text(f"SELECT segment_no FROM app.pipe_segments WHERE id = {fid}"))
    assert f"segment_no (String) = {segment_no}\n" in done.stdout


def test_a_copy_has_every_row_once(service: RunningService, gdal: Run, tmp_path: Path) -> None:
    path = tmp_path / "city.gpkg"
    gdal("ogr2ogr", "-f", "GPKG", "-oo", "PAGE_SIZE=200", str(path), "OAPIF", "pipe_segments", "components")
    copy = sqlite3.connect(path)
    for name, column in {"pipe_segments": "segment_no", "components": "code"}.items():
        copied = sorted(value for (value,) in copy.execute(f"SELECT {column} FROM {name}"))
        with service.database.connect() as connection:
            kept = list(connection.scalars(text(f"SELECT {column} FROM app.{name}")))
        assert copied == sorted(kept)
    copy.close()


def by_gdal(gdal: Run, address: str, at: Tile, _folder: Path) -> set[int]:
    options = ("-oo", f"X={at.x}", "-oo", f"Y={at.y}", "-oo", f"Z={at.z}")
    done = gdal("ogrinfo", "-ro", "-al", *options, f"MVT:/vsicurl/{address}")
    return {int(found) for found in re.findall(r"mvt_id \(Integer\w*\) = (\d+)", done.stdout)}


def by_tippecanoe(_gdal: Run, address: str, at: Tile, folder: Path) -> set[int]:
    path = folder / "tile.mvt"
    path.write_bytes(httpx2.get(address).content)
    program = Path(sys.executable).with_name("tippecanoe-decode")
    command = [str(program), str(path), str(at.z), str(at.x), str(at.y)]
    decoded = json.loads(subprocess.run(command, check=True, capture_output=True, timeout=60).stdout)
    return {feature["id"] for layer in decoded["features"] for feature in layer["features"]}


@pytest.mark.parametrize("read", [by_gdal, by_tippecanoe])
@pytest.mark.parametrize("name", ["pipe_segments", "components"])
def test_the_tiles_of_the_city_hold_every_row(
    service: RunningService, gdal: Run, key: str, tmp_path: Path, read: Callable[..., set[int]], name: str
) -> None:
    found: set[int] = set()
    for at in tiles_of(service, key, name):
        address = f"{service.address}/tiles/{name}/{at.z}/{at.x}/{at.y}.mvt?api_key={key}"
        if httpx2.get(address).status_code == 200:
            found |= read(gdal, address, at, tmp_path)
    with service.database.connect() as connection:
        assert found == set(connection.scalars(text(f"SELECT id FROM app.{name}")))


def tiles_of(service: RunningService, key: str, name: str) -> Iterator[Tile]:
    """The tiles that the bounds of TileJSON reach into."""
    told = httpx2.get(f"{service.address}/tiles/{name}.json", headers={"x-api-key": key}).json()
    west, south, east, north = told["bounds"]
    (left, top), (right, bottom) = column_and_row(west, north), column_and_row(east, south)
    for x in range(left, right + 1):
        yield from (Tile(x, y, Z) for y in range(top, bottom + 1))


def column_and_row(longitude: float, latitude: float) -> tuple[int, int]:
    """Where a place lies among the tiles of Web Mercator."""
    north = math.asinh(math.tan(math.radians(latitude)))
    return int((longitude / 360 + 0.5) * 2**Z), int((0.5 - north / (2 * math.pi)) * 2**Z)
