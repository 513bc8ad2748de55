"""Opening what people send: GeoJSON, GeoPackage, Shapefile, FlatGeobuf by GDAL; CSV by the csv module."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError
from pyproj import CRS

from gis.crs import parse_epsg
from gis.errors import InvalidInput
from gis.i18n import _

TABLES = {".csv", ".txt"}
DRAWINGS = {".geojson", ".json", ".gpkg", ".shp", ".fgb"}
# GB 18030 holds all of GBK; UTF-8 is tried first, because Chinese text in GBK is almost never valid UTF-8.
ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True)
class Sheet:
    """A file as it was read: columns, rows in the order of the file, shapes where it has them."""

    name: str
    columns: list[str]
    rows: list[dict[str, Any]]
    shapes: list[Any] | None
    crs: CRS


def open_sheet(path: Path, crs_name: str | None = None, layer: str | None = None) -> Sheet:
    """Read a file whole.

    ``crs_name`` is what the sender declares; it wins over what the file says.

    Raises
    ------
    InvalidInput
        The file is missing, empty, of no known kind, damaged, or does not say its coordinate system.
    """
    if not path.is_file():
        raise InvalidInput(_("There is no file {path}").format(path=path))
    if path.stat().st_size == 0:
        raise InvalidInput(_("{name} is empty").format(name=path.name))
    declared = CRS.from_epsg(parse_epsg(crs_name)) if crs_name else None
    if path.suffix.lower() in TABLES:
        sheet = _open_table(path, declared)
    elif path.suffix.lower() == ".json" and (records := _records(path)) is not None:
        columns = list(dict.fromkeys(name for record in records for name in record))
        sheet = Sheet(path.name, columns, records, None, declared or CRS.from_epsg(parse_epsg(None)))
    elif path.suffix.lower() in DRAWINGS:
        sheet = _open_drawing(path, declared, layer)
    else:
        raise InvalidInput(
            _("{name} is of no kind that is read here; known: {kinds}").format(
                name=path.name, kinds=" ".join(sorted(DRAWINGS | TABLES))
            )
        )
    if not sheet.rows:
        raise InvalidInput(_("{name} has no rows").format(name=path.name))
    return sheet


def _open_table(path: Path, declared: CRS | None) -> Sheet:
    content = path.read_bytes()
    for encoding in ENCODINGS:
        try:
            lines = content.decode(encoding).splitlines(keepends=True)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise InvalidInput(_("{name} is neither UTF-8 nor GBK text").format(name=path.name))
    if any("\x00" in line for line in lines[:100]):
        raise InvalidInput(_("{name} is not a text table").format(name=path.name))
    try:
        reader = csv.DictReader(lines)
        rows: list[dict[str, Any]] = [dict(row) for row in reader]
    except csv.Error as error:
        raise InvalidInput(
            _("{name} cannot be read: {reason}").format(name=path.name, reason=error)
        ) from error
    columns = list(reader.fieldnames or [])
    return Sheet(path.name, columns, rows, None, declared or CRS.from_epsg(parse_epsg(None)))


def _records(path: Path) -> list[dict[str, Any]] | None:
    """The records of a file of cases, ``{"cases": [record, …]}``; None for any other JSON."""
    try:
        content = json.loads(path.read_bytes())
    except ValueError:
        return None
    found = content.get("cases") if isinstance(content, dict) else None
    is_table = isinstance(found, list) and all(isinstance(each, dict) for each in found)
    return found if is_table else None


def _open_drawing(path: Path, declared: CRS | None, layer: str | None) -> Sheet:
    try:
        layers = [str(name) for name, _kind in pyogrio.list_layers(path)]
        if layer is None and len(layers) > 1:
            raise InvalidInput(
                _("{name} has several layers; choose one with --layer: {layers}").format(
                    name=path.name, layers=", ".join(layers)
                )
            )
        frame = pyogrio.read_dataframe(
            path, layer=layer, encoding=_encoding(path), on_invalid="ignore", datetime_as_string=True
        )
    except (DataSourceError, DataLayerError, UnicodeDecodeError, ValueError) as error:
        raise InvalidInput(
            _("{name} cannot be read: {reason}").format(name=path.name, reason=str(error).splitlines()[0])
        ) from error
    names = [str(name) for name in frame.columns if name != "geometry"]
    rows = [
        dict(zip(names, cells, strict=True))
        for cells in zip(*(frame[name].astype(object).tolist() for name in names), strict=True)
    ] or [{} for _row in range(len(frame))]
    if "geometry" not in frame.columns:
        return Sheet(path.name, names, rows, None, declared or CRS.from_epsg(parse_epsg(None)))
    crs = declared or frame.crs
    if crs is None:
        raise InvalidInput(
            _("{name} does not say its coordinate system; declare it with --crs").format(name=path.name)
        )
    return Sheet(path.name, names, rows, list(frame.geometry.array), CRS(crs))


def _encoding(path: Path) -> str | None:
    """What to read a shapefile's table as, where no .cpg file and no language mark says it; else None."""
    table = path.with_suffix(".dbf")
    if path.suffix.lower() != ".shp" or path.with_suffix(".cpg").exists() or not table.exists():
        return None
    content = table.read_bytes()
    if len(content) > 29 and content[29] == 0x4D:  # the dBASE mark for GBK, which GDAL knows
        return None
    records = int.from_bytes(content[8:10], "little")  # names before it may be cut in the middle of a letter
    try:
        content[records:].decode("utf-8")
    except UnicodeDecodeError:
        return "GB18030"
    return "UTF-8"
