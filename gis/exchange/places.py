"""Places by name from files: shapes with a code, a name and a type. All of a file, or nothing."""

import re
from pathlib import Path

from shapely import is_valid_reason
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.errors import Conflict, OutsideCity
from gis.exchange.findings import Report
from gis.exchange.rows import Options, Row, read_rows
from gis.i18n import _
from gis.place.models import Place
from gis.place.service import TEXTS, Told, add_place

_BETWEEN = re.compile(r"[;；、|,，]")


def load(session: Session, report: Report, paths: list[Path], options: Options) -> None:
    """Load places when no row is refused: half of a list of names is found by nobody.

    Raises
    ------
    InvalidInput
        A file cannot be read.
    """
    rows = read_rows(report, paths, options)
    codes = [row["number"] for row in rows]
    there = set(session.scalars(select(Place.code).where(Place.code.in_(codes), Place.past_of.is_(None))))
    with session.begin_nested() as all_or_nothing:
        for row in rows:
            if row["number"] in there:
                report.add("already_there", row.where)
            elif row.shape is None or not row.shape.is_valid:
                report.add("broken_geometry", row.where, is_valid_reason(row.shape) if row.shape else "")
            else:
                _add(session, report, row)
        if report.refused:
            all_or_nothing.rollback()
            report.loaded = 0
            options.say(_("Rows were refused, so nothing was loaded: places come in all together"))


def _add(session: Session, report: Report, row: Row) -> None:
    values = {name: row[name] for name in TEXTS if row[name]}
    aliases = [one.strip() for one in _BETWEEN.split(row["aliases"] or "") if one.strip()]
    values |= {"code": row["number"], "type_code": row["type_code"] or "poi", "aliases": aliases}
    try:
        add_place(session, Told(values, row.shape))
    except OutsideCity:
        report.add("outside_city", row.where)
    except Conflict as error:
        report.add("already_there", row.where, str(error))
    else:
        report.loaded += 1
