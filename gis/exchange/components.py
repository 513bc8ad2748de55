"""Components from files: points with a code of 16 digits that says county, class and number."""

from pathlib import Path

from geoalchemy2.shape import from_shape
from shapely import Point
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.component.models import Component
from gis.exchange.findings import Report
from gis.exchange.rows import Options, Row, read_rows
from gis.grid.models import UnitGrid
from gis.grid.queries import locate_many
from gis.settings import CITY_SRID
from gis.standard.component_code import ComponentCode
from gis.standard.errors import MalformedCode, UnknownCode
from gis.standard.rows import ObjectClass
from gis.standard.tables import CITY_EDITION, find_class


def load(session: Session, report: Report, paths: list[Path], options: Options) -> None:
    """Load components; each must lie in a unit grid.

    Raises
    ------
    InvalidInput
        A file cannot be read.
    """
    rows = read_rows(report, paths, options)
    codes = [row["number"] for row in rows]
    there = set(session.scalars(select(Component.code).where(Component.code.in_(codes))))
    fitting: list[tuple[Row, ObjectClass, Point]] = []
    for row in rows:
        if row["number"] in there:
            report.add("already_there", row.where)
        elif not isinstance(row.shape, Point):
            report.add("wrong_geometry", row.where, row.shape.geom_type if row.shape is not None else "")
        elif kind := _class(report, row):
            fitting.append((row, kind, row.shape))
    grids = locate_many(session, [(place.x, place.y) for _row, _kind, place in fitting], CITY_SRID)
    known = select(UnitGrid.code, UnitGrid.id).where(UnitGrid.code.in_(set(grids) - {None}))
    ids = dict(session.execute(known).all())
    for (row, kind, place), grid in zip(fitting, grids, strict=True):
        if grid is None:
            report.add("outside_city", row.where)
            continue
        if row["grid"] not in (None, grid):
            report.add("other_grid", row.where, f"{row['grid']} → {grid}")
        component = Component(
            code=row["number"],
            edition=kind.edition,
            class_code=kind.code,
            name=row["name"] or kind.name_zh,
            state=row["state"] or "intact",
            unit_grid_id=ids[grid],
            note=row["note"] or "",
            geom=from_shape(place, srid=CITY_SRID),
        )
        session.add(component)
        report.loaded += 1
    session.flush()


def _class(report: Report, row: Row) -> ObjectClass | None:
    """The class the code names; None, and a refusal, where it names none."""
    try:
        code = ComponentCode.parse(row["number"])
        return find_class(CITY_EDITION, "component", code.class_code)
    except (MalformedCode, UnknownCode) as error:
        report.add("bad_code", row.where, str(error))
        return None
