"""Administrative areas from files: districts, streets, communities, by the digits of their codes."""

from pathlib import Path

import shapely
from geoalchemy2.shape import from_shape, to_shape
from shapely import MultiPolygon, Polygon
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.exchange.findings import Report
from gis.exchange.rows import Options, Row, read_rows
from gis.grid.models import Area, AreaLevel
from gis.i18n import _
from gis.settings import CITY_SRID
from gis.standard.code_parts import is_digits

LEVEL_OF_DIGITS = {6: AreaLevel.DISTRICT, 9: AreaLevel.STREET, 12: AreaLevel.COMMUNITY}
PARENT_DIGITS = {9: 6, 12: 9}
SLIVER_M2 = 100.0  # neighbours drawn apart from each other overlap by slivers


def load(session: Session, report: Report, paths: list[Path], options: Options) -> None:
    """Load areas, outer ones first; a street needs its district, a community its street.

    Raises
    ------
    InvalidInput
        A file cannot be read.
    """
    there = dict(session.execute(select(Area.code, Area.id).where(Area.valid_to.is_(None))).all())
    loaded: list[tuple[Row, Area, MultiPolygon]] = []
    for row in sorted(read_rows(report, paths, options), key=lambda row: len(row["number"])):
        shape = _shape(report, row, there)
        if shape is None:
            continue
        code = row["number"]
        area = Area(
            code=code,
            level=LEVEL_OF_DIGITS[len(code)],
            name_zh=row["name_zh"],
            name_en=row["name_en"] or row["name_zh"],
            parent_id=there.get(code[: PARENT_DIGITS.get(len(code), 0)]),
            population=row["population"],
            note=row["note"] or "",
            geom=from_shape(shape, srid=CITY_SRID),
        )
        session.add(area)
        session.flush()
        there[code] = area.id
        loaded.append((row, area, shape))
    report.loaded = len(loaded)
    for row, area, shape in loaded:
        _note_overlaps(session, report, row, area, shape)


def _shape(report: Report, row: Row, there: dict[str, int]) -> MultiPolygon | None:
    """The shape of a row that may come in; None, and a refusal, for any other."""
    code = row["number"]
    if not is_digits(code) or len(code) not in LEVEL_OF_DIGITS:
        report.add("bad_code", row.where, _("6, 9 or 12 digits make an area's code"))
    elif code in there:
        report.add("already_there", row.where)
    elif len(code) in PARENT_DIGITS and code[: PARENT_DIGITS[len(code)]] not in there:
        report.add("unknown_parent", row.where, code[: PARENT_DIGITS[len(code)]])
    elif not isinstance(row.shape, Polygon | MultiPolygon):
        report.add("wrong_geometry", row.where, row.shape.geom_type if row.shape is not None else "")
    elif not row.shape.is_valid:
        report.add("broken_geometry", row.where, shapely.is_valid_reason(row.shape))
    else:
        return row.shape if isinstance(row.shape, MultiPolygon) else MultiPolygon([row.shape])
    return None


def _note_overlaps(session: Session, report: Report, row: Row, area: Area, shape: MultiPolygon) -> None:
    touching = select(Area).where(
        Area.level == area.level, Area.id != area.id, Area.valid_to.is_(None), Area.geom.op("&&")(area.geom)
    )
    for other in session.scalars(touching.order_by(Area.code)):
        common = shapely.intersection(shape, to_shape(other.geom)).area
        if common > SLIVER_M2:
            size = f"{common / 1e6:.3f} km²"
            report.add("area_overlaps", row.where, f"{other.code} {other.name_zh}: {size}")
