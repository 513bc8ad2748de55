"""Files that are text: a feature a line, a table, a drawing for globes."""

import csv
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from gis.i18n import _
from layers.features.files.rows import Rows
from layers.features.reading import as_feature, to_json, transformed
from layers.features.systems import LONLAT

BOM = "utf-8-sig"  # without its mark a Chinese spreadsheet takes a CSV for GBK
RECORD = b"\x1e"  # RFC 8142: each text begins with it
# Text that begins so would be worked out as a formula by whoever opens the table.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_sequence(rows: Rows, path: Path) -> int:
    """GeoJSON text sequence (RFC 8142): a feature a line."""
    count = 0
    with path.open("wb") as file:
        for count, row in enumerate(rows.read(), start=1):  # noqa: B007 - how many there were
            file.write(RECORD + to_json(as_feature(row)) + b"\n")
    return count


def write_csv(rows: Rows, path: Path) -> int:
    """A table with the names of the properties as its heading; the geometry is WKT, in the last column."""
    names = [one.name for one in rows.properties]
    wkt = f"ST_AsText({_told(rows)}, {rows.system.digits})"
    count = 0
    with path.open("w", encoding=BOM, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", *names, "geometry"])
        for count, row in enumerate(rows.read(wkt), start=1):  # noqa: B007
            item, shape, *values = tuple[Any, ...](row)
            writer.writerow([item, *(_cell(value) for value in values), shape])
    return count


def write_kml(rows: Rows, path: Path) -> int:
    """Placemarks with the properties in the reader's language."""
    layer = rows.asked.layer
    shown = [one for one in rows.properties if one.is_shown]
    heading = next((one.name for one in shown if one.name.startswith(layer.heading)), None)
    count = 0
    with path.open("w", encoding="utf-8") as file:
        file.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        )
        file.write(f"<name>{escape(_(layer.title))}</name>\n")
        for count, row in enumerate(rows.read(f"ST_AsKML({_told(rows)}, {LONLAT.digits})"), start=1):  # noqa: B007
            values = row._mapping
            name = values[heading] if heading else row.id
            data = "".join(
                f"<Data name={quoteattr(one.name)}><displayName>{escape(one.label)}</displayName>"
                f"<value>{_xml(values[one.name])}</value></Data>"
                for one in shown
                if values[one.name] is not None
            )
            file.write(
                f'<Placemark id="{layer.name}.{row.id}"><name>{_xml(name)}</name>'
                f"<ExtendedData>{data}</ExtendedData>{values['shape']}</Placemark>\n"
            )
        file.write("</Document></kml>\n")
    return count


def _told(rows: Rows) -> str:
    """The geometry; a line with an unknown height without any."""
    shape = transformed("s.geom", rows.system)
    if not rows.asked.has_heights:
        return shape
    return f"(CASE WHEN position('NaN' IN ST_AsText(s.geom)) > 0 THEN ST_Force2D({shape}) ELSE {shape} END)"


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return value.isoformat() if isinstance(value, date | datetime) else value


# XML can say neither of these.
_SIGNS = {number: " " for number in range(32) if number not in (9, 10, 13)}


def _xml(value: Any) -> str:
    text = value.isoformat() if isinstance(value, date | datetime) else str(value)
    return escape(text.translate(_SIGNS))
