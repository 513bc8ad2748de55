"""What the runs of the checks found, read a page at a time."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, case, func, select, tuple_
from sqlalchemy.orm import Session

from gis.crs import DOOR_SRID
from gis.errors import InvalidInput, NotFound
from gis.i18n import _
from gis.page import Page, read_cursor, write_cursor
from gis.people.models import Person
from gis.pipeline.checks.check import Check, Severity
from gis.pipeline.checks.table import CHECKS, find_check
from gis.survey.models import CheckRun, PipeFinding

DIGITS = 8  # of degrees: a millimetre
STREAMED = 2000  # rows read at once when all are asked for


@dataclass(frozen=True)
class FoundRow:
    """A finding with its check; places in lon/lat. ``geometry``: GeoJSON, None where the row has no place."""

    id: int
    check: Check
    subject: str
    number: str
    class_code: str | None
    file: str
    sheet: str
    row_no: int | None
    row_id: int
    value: float | None
    limit: float | None
    detail: Mapping[str, Any]
    lon: float | None
    lat: float | None
    geometry: dict[str, Any] | None


def find_run(session: Session, run_id: int) -> CheckRun:
    """The run of that number; NotFound where there is none."""
    run = session.get(CheckRun, run_id)
    if run is None:
        raise NotFound(_("There is no run {id} of the checks").format(id=run_id))
    return run


def network_runs(session: Session, limit: int, cursor: str | None = None) -> Page[CheckRun]:
    """Runs over the network, the last one first."""
    rows = select(CheckRun).where(CheckRun.import_id.is_(None))
    if cursor:
        (last,) = read_cursor(cursor, int)
        moment = select(CheckRun.created_at).where(CheckRun.id == last).scalar_subquery()
        rows = rows.where(tuple_(CheckRun.created_at, CheckRun.id) < tuple_(moment, last))
    found = session.scalars(
        rows.order_by(CheckRun.created_at.desc(), CheckRun.id.desc()).limit(limit + 1)
    ).all()
    return Page(found[:limit], write_cursor(found[limit - 1].id) if len(found) > limit else None)


def counts_by_severity(counts: Mapping[str, int]) -> dict[str, int]:
    """From findings by check to findings by severity, none left out."""
    found = dict.fromkeys(map(str, Severity), 0)
    for code, count in counts.items():
        found[find_check(code).severity] += count
    return found


def findings_page(
    session: Session,
    run_id: int,
    limit: int,
    cursor: str | None = None,
    code: str | None = None,
    severity: str | None = None,
) -> Page[FoundRow]:
    """Findings of a run in the order of the table of checks, the gravest first.

    Raises
    ------
    NotFound
        There is no such run, or no such check.
    InvalidInput
        There is no such severity, or the cursor is not one of ours.
    """
    find_run(session, run_id)
    asked = _asked(code, severity)
    place, after = 0, 0
    if cursor:
        at, after = read_cursor(cursor, str, int)
        place = next((n for n, check in enumerate(asked) if check.code == at), len(asked))
    found: list[FoundRow] = []
    # One check after the other, each along the index of the run: every page is as quick as the first.
    while place < len(asked) and len(found) <= limit:
        found += _rows(session, run_id, asked[place], after, limit + 1 - len(found))
        place, after = place + 1, 0
    last = found[limit - 1] if len(found) > limit else None
    return Page(found[:limit], write_cursor(last.check.code, last.id) if last else None)


def names_of(session: Session, runs: Iterable[CheckRun]) -> dict[int, str]:
    """Who began some runs: names by id."""
    ids = {run.created_by for run in runs if run.created_by is not None}
    rows = session.execute(select(Person.id, Person.name).where(Person.id.in_(ids))) if ids else ()
    return {row[0]: row[1] for row in rows}


def _asked(code: str | None, severity: str | None) -> tuple[Check, ...]:
    if severity is not None and severity not in list(Severity):
        raise InvalidInput(
            _("one of: {words}").format(words=", ".join(Severity)), errors=[{"pointer": "/severity"}]
        )
    checks = (find_check(code),) if code else _GRAVEST_FIRST
    return tuple(check for check in checks if severity in (None, str(check.severity)))


_GRAVEST_FIRST = tuple(sorted(CHECKS, key=lambda check: list(Severity).index(check.severity)))


def _rows(session: Session, run_id: int, check: Check, after: int, limit: int) -> list[FoundRow]:
    return [
        FoundRow(
            row.id, check, row.subject, row.number, row.class_code, row.file, row.sheet, row.row_no,
            row.row_id, row.value, row.limit_value, row.detail, row.lon, row.lat,
            json.loads(row.geometry) if row.geometry else None,
        )
        for row in session.execute(_statement(run_id, check.code, after, limit))
    ]  # fmt: skip


def _statement(run_id: int, code: str, after: int, limit: int) -> Select[Any]:
    place = func.ST_Transform(PipeFinding.geom, DOOR_SRID)
    # On the line itself, in its middle.
    on_it = case(
        (
            func.ST_GeometryType(PipeFinding.geom) == "ST_LineString",
            func.ST_LineInterpolatePoint(PipeFinding.geom, 0.5),
        ),
        else_=func.ST_PointOnSurface(PipeFinding.geom),
    )
    middle = func.ST_Transform(on_it, DOOR_SRID)
    finding = PipeFinding.__table__.c
    return (
        select(
            *(finding[name] for name in _COLUMNS),
            func.ST_X(middle).label("lon"),
            func.ST_Y(middle).label("lat"),
            func.ST_AsGeoJSON(place, DIGITS, _NO_CRS).label("geometry"),
        )
        .where(PipeFinding.run_id == run_id, PipeFinding.code == code, PipeFinding.id > after)
        .order_by(PipeFinding.id)
        .limit(limit)
    )


_NO_CRS = 0  # RFC 7946 knows no member of that name
_COLUMNS = (
    *("id", "subject", "number", "class_code", "file", "sheet", "row_no", "row_id", "value", "limit_value"),
    "detail",
)
