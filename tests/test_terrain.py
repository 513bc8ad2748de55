"""Ground levels from terrain models: planes whose height is known everywhere, other systems, holes."""

import sys
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from gis.crs import to_lonlat
from gis.errors import SetupError
from gis.pipeline.section import dem
from gis.pipeline.section.dem import terrain_along
from gis.pipeline.section.line import SectionLine
from tests.hand_made_city import EAST, NORTH

LINE = SectionLine.through([(EAST + 20.0, NORTH + 20.0), (EAST + 80.0, NORTH + 100.0)])  # 100 m, 3 to 4


def plane(east: np.ndarray, north: np.ndarray) -> np.ndarray:
    """1400 m, rising 2 % to the east and 1 % to the north."""
    return 1400 + 0.02 * (east - EAST) + 0.01 * (north - NORTH)


def grid(path: Path, hole: tuple[int, int] | None = None) -> Path:
    """A model of 40 by 40 cells of 5 m from (EAST, NORTH), heights of the plane in the middles of cells."""
    transform = from_origin(EAST, NORTH + 200, 5, 5)
    row, column = np.mgrid[0:40, 0:40]
    heights = plane(EAST + 5 * column + 2.5, NORTH + 200 - 5 * row - 2.5)
    if hole:
        heights[hole] = -9999
    with rasterio.open(
        path, "w", driver="GTiff", width=40, height=40, count=1, dtype=heights.dtype, crs="EPSG:4546",
        transform=transform, nodata=-9999,
    ) as model:  # fmt: skip
        model.write(heights, 1)
    return path


def expected(station: np.ndarray) -> np.ndarray:
    places = LINE.places(station)
    return plane(places[:, 0], places[:, 1])


def test_between_the_middles_of_cells_a_plane_comes_out_as_it_is(tmp_path: Path) -> None:
    station, level = terrain_along(LINE, grid(tmp_path / "plane.tif"))
    assert (station[0], station[-1], len(station)) == (0.0, 100.0, 101)
    assert level == pytest.approx(expected(station), abs=1e-6)


def test_an_ascii_grid_is_a_model_too(tmp_path: Path) -> None:
    # The format knows no CRS: it is taken as the city's.
    source, path = grid(tmp_path / "plane.tif"), tmp_path / "plane.asc"
    with rasterio.open(source) as model:
        heights, transform = model.read(1), model.transform
    head = f"ncols 40\nnrows 40\nxllcorner {transform.c}\nyllcorner {transform.f - 200}\ncellsize 5\n"
    rows = "\n".join(" ".join(f"{value:.4f}" for value in row) for row in heights)
    path.write_text(f"{head}NODATA_value -9999\n{rows}\n")
    station, level = terrain_along(LINE, path)
    assert level == pytest.approx(expected(station), abs=1e-3)


def test_a_model_in_degrees_answers_for_the_citys_places(tmp_path: Path) -> None:
    # Heights rise with longitude alone: what comes out tells whether places were brought into its system.
    west, south = to_lonlat(EAST - 100, NORTH - 100)
    step = 0.00005
    path = tmp_path / "degrees.tif"
    heights = 1000 + np.arange(80)[None, :].repeat(80, axis=0).astype("float64")
    with rasterio.open(
        path, "w", driver="GTiff", width=80, height=80, count=1, dtype="float64", crs="EPSG:4490",
        transform=from_origin(west, south + 80 * step, step, step),
    ) as model:  # fmt: skip
        model.write(heights, 1)
    station, level = terrain_along(LINE, path)
    lon = np.array([to_lonlat(east, north)[0] for east, north in LINE.places(station)])
    assert level == pytest.approx(1000 + (lon - west) / step - 0.5, abs=1e-3)


def test_where_the_model_has_nothing_nothing_is_made_up(tmp_path: Path) -> None:
    # Cell (27, 10): middle 52.5 m east, 62.5 m north; a sample needs all four cells around it.
    station, level = terrain_along(LINE, grid(tmp_path / "hole.tif", hole=(27, 10)))
    off = np.abs(LINE.places(station) - [EAST + 52.5, NORTH + 62.5])
    assert np.isnan(level).any()
    assert (np.isnan(level) == (off < 5).all(axis=1)).all()
    outside = SectionLine.through([(EAST - 50.0, NORTH + 20.0), (EAST + 50.0, NORTH + 20.0)])
    station, level = terrain_along(outside, tmp_path / "hole.tif")
    assert (np.isnan(level) == (station < 52.5)).all()  # from the middle of the first cell on


def test_only_a_bounded_window_is_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = grid(tmp_path / "plane.tif")
    whole = terrain_along(LINE, path)[1]
    monkeypatch.setattr(dem, "MOST_CELLS", 12)
    monkeypatch.setattr(dem, "STEP_M", 7.0)
    station, level = terrain_along(LINE, path)
    assert level == pytest.approx(expected(station), abs=1e-6)
    assert len(level) < len(whole)


def test_a_long_section_asks_for_a_bounded_number_of_levels(tmp_path: Path) -> None:
    far = SectionLine.through([(EAST, NORTH), (EAST + 4000.0, NORTH + 3000.0)])
    assert len(terrain_along(far, grid(tmp_path / "plane.tif"))[0]) == 1000


def test_what_cannot_be_read_is_told_to_who_set_it(tmp_path: Path) -> None:
    (tmp_path / "broken.tif").write_bytes(b"II*\0 nothing")
    for name in ("broken.tif", "missing.tif"):
        with pytest.raises(SetupError, match=name):
            terrain_along(LINE, tmp_path / name)


def test_without_rasterio_the_way_to_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rasterio", None)
    with pytest.raises(SetupError, match=r"citygrid\[dem\]"):
        terrain_along(LINE, tmp_path / "plane.tif")
