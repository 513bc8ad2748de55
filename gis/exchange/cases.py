"""Cases of another system, each taken through the case loop with its own times.

No row is written into the tables past the loop: what the loop would not take is refused here too. A file
knows two moments of a case, when it was opened and when it was closed: every step up to acceptance carries
the first, every step from disposal on the second.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from shapely import Point
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.case import intake
from gis.case.models import Case
from gis.case.record import Act, ForeignLimit
from gis.case.service import apply_action
from gis.case.workflow import Source
from gis.errors import CityGridError, OutsideCity
from gis.exchange.city_frame import the_city
from gis.exchange.findings import Report
from gis.exchange.profiles import case_class
from gis.exchange.rows import Options, Row, read_rows
from gis.exchange.service_accounts import Accounts
from gis.i18n import N_
from gis.people.models import Role
from gis.settings import CITY_SRID
from gis.standard.tables import CITY_EDITION

NO_DEPARTMENT = "IMPORTED"
STEPS = N_("steps of cases")
KINDS = {"C": "component", "E": "event"}  # as the upper platform writes them

# The way of an imported case: action, the role that takes it, and whether it belongs to the case's end.
WAY: tuple[tuple[str, Role, bool], ...] = (
    ("verify", Role.INSPECTOR, False),
    ("file", Role.SHIFT_LEADER, False),
    ("dispatch", Role.DISPATCHER, False),
    ("accept", Role.DEPARTMENT, False),
    ("dispose", Role.DEPARTMENT, True),
    ("feed_back", Role.DEPARTMENT, True),
    ("check", Role.INSPECTOR, True),
    ("close", Role.SHIFT_LEADER, True),
)


@dataclass(frozen=True)
class Times:
    """The moments of a case, with offset."""

    reported_at: datetime
    due_at: datetime | None
    closed_at: datetime | None


def load(session: Session, report: Report, paths: list[Path], options: Options) -> None:
    """Load cases; a row the loop refuses leaves nothing behind.

    Raises
    ------
    InvalidInput
        A file cannot be read.
    Conflict
        There is no city yet.
    """
    zone = ZoneInfo(the_city(session).timezone)
    there = set(session.scalars(select(Case.external_id).where(Case.external_id.is_not(None))))
    accounts: dict[str | None, Accounts] = {}
    # In the order of their reporting, so that numbers of a day run like the day.
    rows = read_rows(report, paths, options)
    for row in sorted(rows, key=lambda row: _in_zone(row["reported_at"], zone)):
        if row["number"] in there:
            report.add("already_there", row.where)
            continue
        times = _times(report, row, zone)
        if times is None:
            continue
        if not isinstance(row.shape, Point):
            report.add("wrong_geometry", row.where, row.shape.geom_type if row.shape is not None else "")
            continue
        doers = accounts.setdefault(row.profile, Accounts(session, row.profile))
        try:
            with session.begin_nested():
                steps = _through_the_loop(session, doers, row, row.shape, times)
        except OutsideCity:
            place = f"{row['lon']}, {row['lat']}" if row["lon"] is not None else row.shape.wkt
            report.add("outside_city", row.where, place)
            continue
        except CityGridError as error:
            report.add("not_accepted", row.where, str(error))
            continue
        _note(report, row, times)
        report.loaded += 1
        report.made[STEPS] += steps


def _through_the_loop(session: Session, doers: Accounts, row: Row, place: Point, times: Times) -> int:
    """Take one case as far as the file says; returns how many steps that took."""
    kind, edition, class_code = _class(row)
    message = intake.Report(
        kind=kind,
        class_code=class_code,
        edition=edition,
        lon=place.x,
        lat=place.y,
        srid=CITY_SRID,
        description=row["description"] or row["class_name"] or "",
        source=Source.IMPORTED,
        external_id=row["number"],
        address=row["address"] or "",
    )
    reporter = doers.of_role(Role.ACCEPTOR)
    case, _new = intake.report_case(session, reporter, message, at=times.reported_at)
    department = row["department"] or NO_DEPARTMENT
    steps = 1
    for action, role, at_the_end in WAY:
        at = times.closed_at if at_the_end else times.reported_at
        if at is None:
            break
        actor = doers.of_department(department) if role is Role.DEPARTMENT else doers.of_role(role)
        act = Act(
            note=(row["closing_note"] or "") if action == "dispose" else "",
            department=doers.department(department).code if action == "dispatch" else None,
            foreign_limit=ForeignLimit(times.due_at),
        )
        apply_action(session, case.case_no, action, actor, act, at=at)
        steps += 1
    return steps


def _class(row: Row) -> tuple[str, str, str]:
    """Kind, edition and class of a case: by our own code, else by the profile, else the fallback."""
    if row["class_code"] is not None:
        kind = row["kind"] or "event"
        return KINDS.get(kind, kind), CITY_EDITION, row["class_code"]
    known = case_class(row.profile, row["class_name"] or "")
    return known.kind, known.edition, known.class_code


def _note(report: Report, row: Row, times: Times) -> None:
    if row["class_code"] is None and case_class(row.profile, row["class_name"] or "").is_fallback:
        report.add("class_by_fallback", row.where, row["class_name"] or "")
    if times.due_at is None:
        report.add("no_target", row.where)


def _times(report: Report, row: Row, zone: ZoneInfo) -> Times | None:
    """The moments of a row; None, and a refusal, where they cannot be."""
    reported = _in_zone(row["reported_at"], zone)
    due, closed = (_in_zone(row[name], zone) if row[name] else None for name in ("due_at", "closed_at"))
    late = max(moment for moment in (reported, closed) if moment is not None)
    if (closed and closed < reported) or (due and due < reported) or late > datetime.now(UTC):
        moments = [reported.isoformat(), *(f"{m.isoformat()}" if m else "–" for m in (due, closed))]
        report.add("times_in_disorder", row.where, " / ".join(moments))
        return None
    return Times(reported, due, closed)


def _in_zone(moment: datetime, zone: ZoneInfo) -> datetime:
    """A moment of the file; without an offset it is the city's own time."""
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
