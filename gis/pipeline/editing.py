"""Pipe points changed one by one; what hangs on a point follows it, as it does when a survey moves it."""

from geoalchemy2 import WKBElement
from geoalchemy2.shape import from_shape, to_shape
from shapely import Point
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.database import read_sql
from gis.edit.properties import Values
from gis.edit.record import snapshot, write_record
from gis.edit.shapes import is_same_plan, place_of, require_in_city, unit_grid_at
from gis.errors import Conflict, InvalidInput, NotFound
from gis.i18n import _
from gis.people.models import Person
from gis.pipeline.asking import city_day
from gis.pipeline.history import begin_edit, begin_state, end_row, keep_past
from gis.pipeline.models import PipePoint, PipeSegment
from gis.settings import CITY_SRID
from gis.standard.tables import pipe_classes
from gis.survey.statements import run

POINTS, SEGMENTS = "pipe_points", "pipe_segments"
SAME_LEVEL_M = 0.0006  # as app.differs has it: below the last digit that surveys give
LEAST_LENGTH_M = 0.01
MOST_NAMED = 20


def lock_point(session: Session, point_id: int) -> PipePoint:
    """A living point, locked until the transaction ends; NotFound where there is none."""
    begin_edit(session)
    found = session.scalar(
        select(PipePoint)
        .where(PipePoint.id == point_id, PipePoint.valid_to.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(_("There is no pipe point with the number {id}").format(id=point_id))
    return found


def create_point(session: Session, actor: Person, values: Values, place: Point) -> PipePoint:
    """A new point of a survey area.

    Raises
    ------
    OutsideCity
        The place lies outside the city.
    Conflict
        A living point of the survey area has the number.
    InvalidInput
        The class has no such sub-class.
    """
    begin_edit(session)
    point = PipePoint(**values, valid_from=city_day())
    point.unit_grid_id, point.geom = _placed(session, place)
    _check_point(session, point)
    session.add(point)
    session.flush()
    session.refresh(point)
    write_record(session, actor, "create", POINTS, point.id, None, snapshot(point))
    return point


def change_point(
    session: Session, actor: Person, point: PipePoint, values: Values, place: Point | None
) -> None:
    """Give a locked point other properties or another place; the ends of its segments follow.

    Their levels stay as surveyed. An end that has a depth and no level rises and sinks with the ground.

    Raises
    ------
    OutsideCity, Conflict, InvalidInput
        As for a new one; and a segment would lose its length, or is of another class than the point would be.
    """
    before = snapshot(point)
    ground, class_code = point.ground_level, point.class_code
    moves = place is not None and not is_same_plan(place, place_of(point.geom))
    new = {name: value for name, value in values.items() if getattr(point, name) != value}
    if not new and not moves:
        return
    placed = _placed(session, place) if moves and place is not None else None
    begin_state(point, keep_past(session, [point]))
    for name, value in new.items():
        setattr(point, name, value)
    if placed:
        point.unit_grid_id, point.geom = placed
    _check_point(session, point)
    sinks = _differs(ground, point.ground_level)
    rows = session.execute(read_sql("segments_on_ground"), {"point_id": point.id}).all()
    if rows and point.class_code != class_code:
        raise _segments_there(session, [row.id for row in rows], _("it cannot take another class"))
    session.flush()
    following = [row.id for row in rows if moves or (sinks and row.on_ground)]
    _drag(session, actor, point, following)
    session.refresh(point)
    write_record(session, actor, "change", POINTS, point.id, before, snapshot(point))


def end_point(session: Session, actor: Person, point: PipePoint) -> None:
    """End a locked point; Conflict, naming them, while segments begin or end at it."""
    rows = session.execute(read_sql("segments_on_ground"), {"point_id": point.id}).all()
    if rows:
        raise _segments_there(session, [row.id for row in rows], _("end them first"))
    before = snapshot(point)
    end_row(point)
    session.flush()
    write_record(session, actor, "end", POINTS, point.id, before, snapshot(point))


def check_class(class_code: str, sub_code: str) -> None:
    """Refuse a pair of codes that names no sub-class of lines; InvalidInput."""
    subs = [row.sub_code for row in pipe_classes() if row.class_code == class_code]
    if sub_code not in subs:
        detail = _("one of: {words}").format(words=", ".join(subs))
        raise InvalidInput(
            _("{code} names no sub-class of pipelines").format(code=f"{class_code} {sub_code}"),
            errors=[{"pointer": "/properties/sub_code", "detail": detail}],
        )


def _drag(session: Session, actor: Person, point: PipePoint, segment_ids: list[int]) -> None:
    """Let the ends of some segments follow their point, and keep what they were."""
    if not segment_ids:
        return
    segments = session.scalars(
        select(PipeSegment)
        .where(PipeSegment.id.in_(segment_ids))
        .order_by(PipeSegment.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    before = {segment.id: snapshot(segment) for segment in segments}
    here = place_of(point.geom)
    short = [s.id for s in segments if _other_end(s, point.id).distance(here) < LEAST_LENGTH_M]
    if short:
        raise _segments_there(session, short, _("they would lose their length"))
    day = keep_past(session, segments)
    run(session, "moved_changed", ids=segment_ids, day=day, import_id=None)
    for segment in segments:
        session.refresh(segment)
        write_record(session, actor, "follow", SEGMENTS, segment.id, before[segment.id], snapshot(segment))


def _other_end(segment: PipeSegment, point_id: int) -> Point:
    """The vertex beside the end that stands at a point."""
    line = to_shape(segment.geom)
    return Point(line.coords[1] if segment.start_point_id == point_id else line.coords[-2])


def _check_point(session: Session, point: PipePoint) -> None:
    check_class(point.class_code, point.sub_code)
    same = select(PipePoint.id).where(
        PipePoint.survey == point.survey, PipePoint.point_no == point.point_no, PipePoint.valid_to.is_(None)
    )
    with session.no_autoflush:
        other = session.scalar(same.where(PipePoint.id.is_distinct_from(point.id)).limit(1))
    if other is not None:
        raise Conflict(
            _("Survey area {survey} has a point {number} already").format(
                survey=point.survey, number=point.point_no
            ),
            errors=[{"pointer": "/properties/point_no"}],
        )


def _segments_there(session: Session, ids: list[int], why: str) -> Conflict:
    numbers = select(PipeSegment.segment_no).where(PipeSegment.id.in_(ids)).order_by(PipeSegment.id)
    with session.no_autoflush:
        named = list(session.scalars(numbers.limit(MOST_NAMED)))
    return Conflict(
        _("Segments begin or end at this point ({numbers}): {why}").format(numbers=", ".join(named), why=why),
        segments=named,
        count=len(ids),
    )


def _placed(session: Session, place: Point) -> tuple[int | None, WKBElement]:
    require_in_city(session, place)
    return unit_grid_at(session, place), from_shape(Point(place.x, place.y), srid=CITY_SRID)


def _differs(one: float | None, other: float | None) -> bool:
    if one is None or other is None:
        return one is not other
    return abs(one - other) > SAME_LEVEL_M
