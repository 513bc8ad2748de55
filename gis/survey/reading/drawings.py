"""Layers with shapes, and plain tables, by GDAL: GeoPackage, Shapefile, GeoJSON, FlatGeobuf, DXF, DBF."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyogrio.raw
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError
from pyproj import CRS
from pyproj.exceptions import CRSError

from gis.errors import InvalidInput
from gis.i18n import _
from gis.survey.reading.dbf import Letters, is_cut_off, letters_of
from gis.survey.reading.table import CHUNK_ROWS, Chunk, Table, object_array
from gis.survey.reading.text_tables import SPOKEN

SUFFIXES = {".gpkg", ".shp", ".geojson", ".json", ".fgb", ".dxf", ".dbf"}
_BROKEN = (
    *(DataSourceError, DataLayerError, FeatureError, FieldError, GeometryError),
    *(UnicodeDecodeError, ValueError, RuntimeError, shapely.errors.ShapelyError),
)
# Entities of a drawing that are writing or filling, never a pipe.
_WRITING = ("Text", "Hatch", "Dimension", "Leader", "Viewport", "Solid")


def drawing_tables(path: Path) -> list[Table]:
    """One table a layer. Styles and other inner tables of a GeoPackage are left out.

    Raises
    ------
    InvalidInput
        The file is broken, cut off, or in an encoding that is not known.
    """
    if path.suffix.lower() in (".shp", ".dbf") and is_cut_off(path):
        raise InvalidInput(
            _("{file} is broken: it was cut off, or is not what its name says; send it again").format(
                file=path.name
            )
        )
    encoding = letters_of(path)
    try:
        with _drawing_rules(path):
            layers = [str(name) for name, _kind in pyogrio.list_layers(path)]
            if path.suffix.lower() == ".dxf":
                layers = [name for name in layers if name == "entities"]
            tables = [
                _layer(path, name, encoding, only=len(layers) == 1)
                for name in layers
                if not name.startswith(("layer_styles", "gpkg_", "rtree_", "sqlite_"))
            ]
    except _BROKEN as error:
        raise _broken(path, "", error) from error
    return tables


def _layer(path: Path, name: str, encoding: Letters, *, only: bool) -> Table:
    info = pyogrio.read_info(path, layer=name, encoding=encoding.asked, force_feature_count=True)
    crs = _crs(info["crs"])
    is_dxf = path.suffix.lower() == ".dxf"
    count = int(info["features"])

    def chunks(limit: int | None) -> Iterator[Chunk]:
        done = 0
        most = count if limit is None else min(limit, count)
        while done < most:
            chunk = _read(path, name, encoding, done, min(CHUNK_ROWS, most - done))
            got = len(chunk)
            if not got:
                raise InvalidInput(
                    _("{file} ends after row {row} of {count}: it was cut off; send it again").format(
                        file=path.name, row=done, count=count
                    )
                )
            yield without_writing(chunk) if is_dxf else chunk
            done += got

    sheet = "" if only and name in (path.stem, "entities", "OGRGeoJSON") else name
    table = Table(
        path.name,
        sheet,
        [encoding.mend(str(field)) for field in info["fields"]],
        count,
        chunks,
        crs=crs,
        has_shapes=bool(info["geometry_type"]),
        is_drawing=True,
        class_column="Layer" if is_dxf else None,
    )
    if encoding.told:
        table.notes.append(table.note("encoding", encoding=SPOKEN[encoding.told]))
    return table


def _read(path: Path, layer: str, encoding: Letters, skip: int, most: int) -> Chunk:
    try:
        with _drawing_rules(path):
            meta, _fids, wkb, columns = pyogrio.raw.read(
                path,
                layer=layer,
                encoding=encoding.asked,
                skip_features=skip,
                max_features=most,
                datetime_as_string=True,
            )
        shapes = None if wkb is None else shapely.from_wkb(wkb, on_invalid="ignore")
    except _BROKEN as error:
        raise _broken(path, _("after row {row}").format(row=skip), error) from error
    cells = {
        encoding.mend(str(name)): encoding.mend_cells(_objects(column))
        for name, column in zip(meta["fields"], columns, strict=True)
    }
    got = len(shapes) if shapes is not None else len(next(iter(cells.values()), ()))
    return Chunk(np.arange(skip + 1, skip + 1 + got), cells, shapes)


def _objects(column: NDArray[Any]) -> NDArray[np.object_]:
    """A column as GDAL gave it, with None for what is missing."""
    if column.dtype == object:
        lists = any(isinstance(value, np.ndarray) for value in column)
        return object_array([_listed(value) for value in column]) if lists else column
    values: list[Any] = column.tolist()
    if column.dtype.kind == "f":
        values = [None if value != value else value for value in values]  # GDAL says NULL so
    return object_array(values)


def _listed(value: Any) -> Any:
    """A list that GDAL gives as an array, as one text."""
    return ", ".join(map(str, value)) if isinstance(value, np.ndarray) else value


def without_writing(chunk: Chunk) -> Chunk:
    """A chunk of a DXF drawing without its texts, hatches and dimensions."""
    kinds = chunk.cells.get("SubClasses")
    if kinds is None:
        return chunk
    keep = np.array([not any(word in str(kind) for word in _WRITING) for kind in kinds], dtype=bool)
    return chunk.where(keep)


@contextmanager
def _drawing_rules(path: Path) -> Iterator[None]:
    """How GDAL reads DXF: blocks stay symbols at a point, whose lines are no pipes; new drawings are UTF-8.

    GDAL would go by the code page that every drawing names, and that has no meaning since AutoCAD 2007.
    """
    rules: dict[str, Any] = {"DXF_INLINE_BLOCKS": False}
    if path.suffix.lower() == ".dxf" and _dxf_version(path) >= b"AC1021":
        rules["DXF_ENCODING"] = "UTF-8"
    before = {name: pyogrio.get_gdal_config_option(name) for name in rules}
    pyogrio.set_gdal_config_options(rules)
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options(before)


def _dxf_version(path: Path) -> bytes:
    """The version that the head of a drawing names, such as AC1032; empty where it names none."""
    with path.open("rb") as file:
        found = re.search(rb"\$ACADVER\s+1\s+(AC\d{4})", file.read(1 << 16))
    return found.group(1) if found else b""


def _crs(said: str | None) -> CRS | None:
    """The coordinate system that a file names; None where it names none that is one of places on earth."""
    if not said:
        return None
    try:
        crs = CRS(said)
    except CRSError:
        return None
    return crs if crs.is_projected or crs.is_geographic else None


def _broken(path: Path, where: str, error: Exception) -> InvalidInput:
    reason = (str(error) or type(error).__name__).splitlines()[0].replace(str(path.parent) + "/", "")[:160]
    return InvalidInput(
        _("{file} {where}cannot be read ({reason}); it may be cut off or lack one of its files").format(
            file=path.name, where=f"({where}) " if where else "", reason=reason
        )
    )
