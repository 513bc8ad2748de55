"""Ground levels from a terrain model: any grid that GDAL reads (GeoTIFF, ASCII grid), where one is named.

``CITYGRID_DEM`` names the file; rasterio reads it, and is installed only where it is wanted.
Heights are taken as metres in the city's height datum.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from gis.crs import transformer
from gis.errors import SetupError
from gis.i18n import _
from gis.pipeline.section.line import Floats, SectionLine
from gis.settings import CITY_SRID

MOST_SAMPLES = 1000
STEP_M = 1.0  # nothing finer is asked of a terrain model
MOST_CELLS = 4_000_000  # of one window: 32 MB of float64


def terrain_along(line: SectionLine, path: Path) -> tuple[Floats, Floats]:
    """Stations along a section and the ground there, bilinear between the middles of cells.

    NaN outside the model and where one of the four cells around has no height.

    Raises
    ------
    SetupError
        rasterio is not installed, or the file cannot be read or has no CRS.
    """
    try:
        import rasterio
    except ImportError as error:
        raise SetupError(
            _("CITYGRID_DEM is set, but rasterio is not installed: pip install 'citygrid[dem]'")
        ) from error
    count = int(min(MOST_SAMPLES, max(2, np.ceil(line.length_m / STEP_M) + 1)))
    station = np.linspace(0.0, line.length_m, count)
    places = line.places(station)
    try:
        with rasterio.open(path) as model:
            srid = model.crs.to_epsg() if model.crs else CITY_SRID
            if srid is None:
                raise SetupError(_("The terrain model {path} has no CRS with an EPSG code").format(path=path))
            x, y = transformer(CITY_SRID, srid).transform(places[:, 0], places[:, 1])
            cells = ~model.transform
            column, row = cells.a * x + cells.b * y + cells.c, cells.d * x + cells.e * y + cells.f
            return station, _bilinear(model, row - 0.5, column - 0.5)
    except rasterio.errors.RasterioError as error:
        raise SetupError(
            _("The terrain model {path} cannot be read: {reason}").format(path=path, reason=error)
        ) from error


def _bilinear(model: Any, row: Floats, column: Floats) -> Floats:
    """Values between the middles of cells; ``row`` and ``column`` count from the middle of the first."""
    found = np.full(len(row), np.nan)
    r, c = np.floor(row).astype(np.int64), np.floor(column).astype(np.int64)
    inside = (r >= 0) & (c >= 0) & (r + 1 < model.height) & (c + 1 < model.width)
    for part in _parts(r, c, np.nonzero(inside)[0]):
        top, left = int(r[part].min()), int(c[part].min())
        window = ((top, int(r[part].max()) + 2), (left, int(c[part].max()) + 2))
        cells = model.read(1, window=window, masked=True).astype(float).filled(np.nan)
        i, j = r[part] - top, c[part] - left
        down, right = row[part] - r[part], column[part] - c[part]
        upper = cells[i, j] * (1 - right) + cells[i, j + 1] * right
        lower = cells[i + 1, j] * (1 - right) + cells[i + 1, j + 1] * right
        found[part] = upper * (1 - down) + lower * down
    return found


def _parts(r: Any, c: Any, which: Any) -> Iterator[Any]:
    """Stretches of samples whose common window stays small enough to be read at once."""
    if not len(which):
        return
    height, width = (int(np.ptp(values[which])) + 2 for values in (r, c))
    if height * width <= MOST_CELLS or len(which) == 1:
        yield which
        return
    half = len(which) // 2
    yield from _parts(r, c, which[:half])
    yield from _parts(r, c, which[half:])
