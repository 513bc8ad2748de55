"""Unit grids from files: each inside the community its code names, and over no other grid."""

from pathlib import Path

import shapely
from geoalchemy2.shape import from_shape, to_shape
from shapely import MultiPolygon, Polygon, STRtree
from shapely.geometry.base import BaseGeometry
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.exchange.findings import Report
from gis.exchange.rows import Options, Row, read_rows
from gis.grid.models import Area, AreaLevel, UnitGrid
from gis.i18n import _
from gis.settings import CITY_SRID
from gis.standard.errors import MalformedCode
from gis.standard.grid_code import GridCode, grid_lengths
from gis.standard.tables import GRID_EDITION, editions

# The database allows as much: files are rounded each in its own way.
SLACK_M = 0.01
SLIVER_M2 = 0.1


def load(session: Session, report: Report, paths: list[Path], options: Options) -> None:
    """Load unit grids into communities that are there.

    Raises
    ------
    InvalidInput
        A file cannot be read.
    """
    rows = read_rows(report, paths, options)
    codes = [row["number"] for row in rows]
    there = set(session.scalars(select(UnitGrid.code).where(UnitGrid.code.in_(codes))))
    communities = _communities(session)
    fitting: list[tuple[Row, GridCode, int, Polygon]] = []
    for row in rows:
        if row["number"] in there:
            report.add("already_there", row.where)
            continue
        code = _code(report, row)
        shape = _shape(report, row) if code else None
        if code is None or shape is None:
            continue
        if code.community_code not in communities:
            report.add("unknown_parent", row.where, code.community_code)
            continue
        community_id, community = communities[code.community_code]
        if not community.covers(shape):
            report.add("leaves_parent", row.where, code.community_code)
            continue
        fitting.append((row, code, community_id, shape))
    for row, code, community_id, shape in _apart(session, report, fitting):
        grid = UnitGrid(
            code=str(code),
            edition=code.edition,
            name=row["name"] or "",
            community_id=community_id,
            area_m2=shape.area,
            land_use=row["land_use"] or "",
            note=row["note"] or "",
            geom=from_shape(shape, srid=CITY_SRID),
        )
        session.add(grid)
        report.loaded += 1
    session.flush()


def _communities(session: Session) -> dict[str, tuple[int, BaseGeometry]]:
    statement = select(Area.code, Area.id, Area.geom).where(
        Area.level == AreaLevel.COMMUNITY, Area.valid_to.is_(None)
    )
    found: dict[str, tuple[int, BaseGeometry]] = {}
    for code, id_, geom in session.execute(statement):
        shape = shapely.buffer(to_shape(geom), SLACK_M)
        shapely.prepare(shape)
        found[code] = (id_, shape)
    return found


def _code(report: Report, row: Row) -> GridCode | None:
    """The code by the city's edition, else by the one that has as many digits."""
    sums = {sum(grid_lengths(each.code)): each.code for each in reversed(editions()) if each.grid_parts}
    sums[sum(grid_lengths(GRID_EDITION))] = GRID_EDITION
    try:
        return GridCode.parse(row["number"], sums.get(len(row["number"]), GRID_EDITION))
    except MalformedCode as error:
        report.add("bad_code", row.where, str(error))
        return None


def _shape(report: Report, row: Row) -> Polygon | None:
    shape = row.shape
    if isinstance(shape, MultiPolygon) and len(shape.geoms) == 1:
        shape = shape.geoms[0]
    if not isinstance(shape, Polygon):
        report.add("wrong_geometry", row.where, shape.geom_type if shape is not None else "")
        return None
    if not shape.is_valid or shape.area == 0:
        report.add("broken_geometry", row.where, shapely.is_valid_reason(shape))
        return None
    return shape


def _apart(
    session: Session, report: Report, fitting: list[tuple[Row, GridCode, int, Polygon]]
) -> list[tuple[Row, GridCode, int, Polygon]]:
    """Leave out grids that lie over one that is there, or over an earlier one of the import."""
    if not fitting:
        return []
    shapes: list[BaseGeometry] = [shape for _row, _code, _id, shape in fitting]
    box = func.ST_MakeEnvelope(*map(float, shapely.total_bounds(shapes)), CITY_SRID)
    statement = select(UnitGrid.code, UnitGrid.geom).where(
        UnitGrid.valid_to.is_(None), UnitGrid.geom.op("&&")(box)
    )
    names = [str(code) for _row, code, _id, _shape in fitting]
    for code, geom in session.execute(statement):
        names.append(code)
        shapes.append(to_shape(geom))
    tree = STRtree(shapes)
    out: set[int] = set()
    kept = []
    for index, each in enumerate(fitting):
        rivals = [n for n in tree.query(shapes[index]) if n < index or n >= len(fitting)]
        over = [
            n
            for n in sorted(rivals)
            if n not in out and shapes[index].intersection(shapes[n]).area > SLIVER_M2
        ]
        if over:
            out.add(index)
            report.add("overlaps", each[0].where, _("over {number}").format(number=names[over[0]]))
        else:
            kept.append(each)
    return kept
