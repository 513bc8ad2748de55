"""Rows as layers of a GeoPackage, in the city's CRS; codes as they are stored, by the names of attributes."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
from numpy.typing import NDArray

from gis.exchange.export.selection import Row, Selection, in_chunks
from gis.filtering.table import Type
from gis.pipeline.attributes import Attribute
from gis.pipeline.frame import Kind
from gis.settings import CITY_SRID

LAYERS = {Kind.SEGMENTS: ("pipe_segments", "LineString Z"), Kind.POINTS: ("pipe_points", "Point")}
CHUNK_ROWS = 20_000
_DTYPES: dict[Type, Any] = {
    Type.WHOLE: np.int64,
    Type.NUMBER: np.float64,
    Type.DATE: "datetime64[D]",
    Type.YES: np.bool_,
}
_EMPTY: dict[Type, Any] = {Type.WHOLE: 0, Type.NUMBER: np.nan, Type.DATE: date(1970, 1, 1), Type.YES: False}


def write_gpkg(selection: Selection, path: Path) -> int:
    """Segments with their points, or points alone; returns the rows of both."""
    kinds = (Kind.SEGMENTS, Kind.POINTS) if selection.question.kind is Kind.SEGMENTS else (Kind.POINTS,)
    return sum(_write_layer(selection, path, kind) for kind in kinds)


def _write_layer(selection: Selection, path: Path, kind: Kind) -> int:
    layer, geometry_type = LAYERS[kind]
    attributes = selection.attributes(kind)
    count = 0
    for chunk in in_chunks(selection.rows(kind), CHUNK_ROWS):
        _write_chunk(path, layer, geometry_type, attributes, chunk, append=count > 0)
        count += len(chunk)
    if not count:  # an empty layer is a layer, too
        _write_chunk(path, layer, geometry_type, attributes, [], append=False)
    return count


def _write_chunk(
    path: Path,
    layer: str,
    geometry_type: str,
    attributes: Sequence[Attribute],
    rows: Sequence[Row],
    append: bool,
) -> None:
    columns = [_column(one, rows) for one in attributes]
    ids = np.array([row["id"] for row in rows], np.int64)
    pyogrio.raw.write(
        str(path),
        geometry=_objects([bytes(row["shape"]) for row in rows]),
        field_data=[ids, *(values for values, _missing in columns)],
        fields=["id", *(one.name for one in attributes)],
        field_mask=[np.zeros(len(rows), bool), *(missing for _values, missing in columns)],
        layer=layer,
        driver="GPKG",
        geometry_type=geometry_type,
        crs=f"EPSG:{CITY_SRID}",
        append=append,
        layer_options={"FID": "fid", "GEOMETRY_NAME": "geom"},
    )


def _column(one: Attribute, rows: Sequence[Row]) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """The values of an attribute, and where there are none."""
    cells = [row[one.name] for row in rows]
    missing = np.array([cell is None for cell in cells], bool)
    if one.type not in _DTYPES:
        return _objects(cells), missing
    filled = [_EMPTY[one.type] if cell is None else cell for cell in cells]
    return np.array(filled, _DTYPES[one.type]), missing


def _objects(values: list[Any]) -> NDArray[np.object_]:
    array = np.empty(len(values), object)
    array[:] = values
    return array
