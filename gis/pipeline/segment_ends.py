"""At which points a segment begins and ends: named by number, or found where its line was drawn to."""

from geoalchemy2.shape import from_shape
from shapely import LineString, Point
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.edit.shapes import place_of
from gis.errors import InvalidInput
from gis.i18n import N_, _
from gis.pipeline.models import PipePoint, PipeSegment
from gis.settings import CITY_SRID

ENDS = ("start", "end")
AWAY = {
    "start": N_("The line does not begin at the point {number}"),
    "end": N_("The line does not end at the point {number}"),
}
NOTHING_THERE = {
    "start": N_("No point of its class stands where the line begins; draw from one, or make it first"),
    "end": N_("No point of its class stands where the line ends; draw to one, or make it first"),
}
SNAP_M = (
    0.05  # a drawn end so near a point is meant to be at it: degrees are rounded to centimetres by some tools
)


def point_at(
    session: Session,
    segment: PipeSegment,
    end: str,
    said: str | None,
    line: LineString | None,
    stored: LineString | None,
) -> PipePoint:
    """The point at one end: the one that is named, else the present one, else one where the line ends."""
    present_id = getattr(segment, f"{end}_point_id") if stored is not None else None
    present = session.get(PipePoint, present_id) if present_id is not None else None
    if present is not None and said in (None, present.point_no):
        if line is None or _end_of(line, end).distance(place_of(present.geom)) <= SNAP_M:
            return present
        said = None  # its number was read and sent back, its end was drawn elsewhere
    point = _named(session, segment, end, said) if said else _nearest(session, segment, end, line)
    if line is not None and _end_of(line, end).distance(place_of(point.geom)) > SNAP_M:
        raise InvalidInput(
            _(AWAY[end]).format(number=point.point_no),
            errors=[{"pointer": "/geometry/coordinates"}, {"pointer": f"/properties/{end}_point"}],
        )
    require_class(segment, [point])
    return point


def _named(session: Session, segment: PipeSegment, end: str, number: str) -> PipePoint:
    """The living point of a number, of the segment's survey area first."""
    found = session.scalars(
        select(PipePoint)
        .where(PipePoint.point_no == number, PipePoint.valid_to.is_(None))
        .order_by((PipePoint.survey == (segment.survey or "")).desc(), PipePoint.id)
        .limit(2)
        .with_for_update(read=True)
    ).all()
    if not found or (len(found) > 1 and found[0].survey != segment.survey):
        detail = _("no living point has this number") if not found else _("say the survey, too")
        raise InvalidInput(
            _("The point {number} is not known").format(number=number),
            errors=[{"pointer": f"/properties/{end}_point", "detail": detail}],
        )
    return found[0]


def _nearest(session: Session, segment: PipeSegment, end: str, line: LineString | None) -> PipePoint:
    """The living point of the segment's class where its line ends."""
    found = None
    if line is not None:
        here = from_shape(_end_of(line, end), srid=CITY_SRID)
        found = session.scalar(
            select(PipePoint)
            .where(
                func.ST_DWithin(PipePoint.geom, here, SNAP_M),
                PipePoint.valid_to.is_(None),
                PipePoint.class_code == segment.class_code,
            )
            .order_by(func.ST_Distance(PipePoint.geom, here), PipePoint.id)
            .limit(1)
            .with_for_update(read=True)
        )
    if found is None:
        raise InvalidInput(
            _(NOTHING_THERE[end]),
            errors=[{"pointer": "/geometry/coordinates"}, {"pointer": f"/properties/{end}_point"}],
        )
    return found


def require_class(segment: PipeSegment, points: list[PipePoint]) -> None:
    """Refuse ends at points of another class; where surveys brought some, they stay until changed."""
    other = next((point for point in points if point.class_code != segment.class_code), None)
    if other is not None:
        raise InvalidInput(
            _("The point {number} is of class {there}, the segment of {here}").format(
                number=other.point_no, there=other.class_code, here=segment.class_code
            ),
            errors=[{"pointer": "/properties/class_code"}],
        )


def lock_points(session: Session, ids: list[int]) -> None:
    """Hold some points where they are, for reading by others."""
    session.execute(
        select(PipePoint.id).where(PipePoint.id.in_(ids)).order_by(PipePoint.id).with_for_update(read=True)
    )


def _end_of(line: LineString, end: str) -> Point:
    x, y, *_height = line.coords[0 if end == "start" else -1]
    return Point(x, y)
