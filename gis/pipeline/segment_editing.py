"""Pipe segments changed one by one: each runs from a living point of its class to another."""

from typing import cast

from geoalchemy2.shape import to_shape
from shapely import LineString
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.edit.properties import Values
from gis.edit.record import snapshot, write_record
from gis.edit.shapes import is_same_plan, require_in_city
from gis.errors import Conflict, InvalidInput, NotFound, Stale
from gis.i18n import _
from gis.people.models import Person
from gis.pipeline.asking import city_day
from gis.pipeline.editing import SEGMENTS, check_class
from gis.pipeline.history import begin_edit, begin_state, end_row, keep_past
from gis.pipeline.models import PipeSegment
from gis.pipeline.segment_ends import ENDS, lock_points, point_at, require_class
from gis.pipeline.segment_line import HEIGHTS, has_other_heights, joined, stored_line, with_heights
from gis.survey.cell_words import read_size


def lock_segment(session: Session, segment_id: int) -> PipeSegment:
    """A living segment, locked with the points it ends at; NotFound where there is none.

    Points are locked before segments wherever both are, so that nobody waits for each other.
    """
    begin_edit(session)
    living = (PipeSegment.id == segment_id, PipeSegment.valid_to.is_(None))
    ends = session.execute(
        select(PipeSegment.start_point_id, PipeSegment.end_point_id).where(*living)
    ).first()
    if ends is not None:
        lock_points(session, list(ends))
    found = session.scalar(
        select(PipeSegment).where(*living).with_for_update().execution_options(populate_existing=True)
    )
    if found is None or ends is None:
        raise NotFound(_("There is no pipe segment with the number {id}").format(id=segment_id))
    if (found.start_point_id, found.end_point_id) != tuple(ends):
        raise Stale(_("It ends at another point since a moment ago"))
    return found


def create_segment(session: Session, actor: Person, values: Values, line: LineString) -> PipeSegment:
    """A new segment between two points, named by their numbers or found where the line begins and ends.

    Its survey area is that of its first point, and its number made of both numbers, where they are not said.

    Raises
    ------
    OutsideCity
        A vertex lies outside the city.
    InvalidInput
        No living point of its class is at an end, both ends are one point, the size is none.
    Conflict
        A living segment of the survey area has the number.
    """
    begin_edit(session)
    said = {end: values.pop(f"{end}_point", None) for end in ENDS}
    segment = PipeSegment(**values, valid_from=city_day())
    _fit_size(segment, values)
    check_class(segment.class_code, segment.sub_code)
    start, end = (point_at(session, segment, name, said[name], line, None) for name in ENDS)
    segment.start_point_id, segment.end_point_id = start.id, end.id
    segment.survey = segment.survey or start.survey
    segment.segment_no = segment.segment_no or f"{start.point_no}-{end.point_no}"[:64]
    require_in_city(session, line)
    _check(session, segment)
    segment.geom = stored_line(session, segment, joined(line, start, end))
    session.add(segment)
    session.flush()
    session.refresh(segment)
    write_record(session, actor, "create", SEGMENTS, segment.id, None, snapshot(segment))
    return segment


def change_segment(
    session: Session, actor: Person, segment: PipeSegment, values: Values, line: LineString | None
) -> None:
    """Give a locked segment other properties, another course or other points.

    An end that is drawn away from its point goes to the point that it is drawn to. Heights follow from levels
    or depths; where neither is known, those of the drawing are kept.

    Raises
    ------
    OutsideCity, InvalidInput, Conflict
        As for a new one.
    """
    before, stored = snapshot(segment), cast("LineString", to_shape(segment.geom))
    said = {end: values.pop(f"{end}_point", None) for end in ENDS}
    drawn = None if line is None or is_same_plan(line, stored) else line
    if line is not None and drawn is None and has_other_heights(line, stored):
        drawn = line
    with session.no_autoflush:
        ends = [point_at(session, segment, name, said[name], drawn, stored) for name in ENDS]
        if drawn is not None:
            require_in_city(session, drawn)
    new = {
        name: value
        for name, value in values.items()
        if value is not None or name not in ("survey", "segment_no")
    }
    new = {name: value for name, value in new.items() if getattr(segment, name) != value}
    new |= {
        f"{name}_point_id": point.id
        for name, point in zip(ENDS, ends, strict=True)
        if getattr(segment, f"{name}_point_id") != point.id
    }
    if not new and drawn is None:
        return
    begin_state(segment, keep_past(session, [segment]))
    for name, value in new.items():
        setattr(segment, name, value)
    with session.no_autoflush:
        _fit_size(segment, new)
        check_class(segment.class_code, segment.sub_code)
        _check(session, segment)
        if {"class_code", "start_point_id", "end_point_id"} & new.keys():
            require_class(segment, ends)
        if drawn is not None or new.keys() & {*HEIGHTS, "size", "start_point_id", "end_point_id"}:
            segment.geom = stored_line(session, segment, joined(with_heights(drawn, stored), *ends))
    session.flush()
    session.refresh(segment)
    write_record(session, actor, "change", SEGMENTS, segment.id, before, snapshot(segment))


def end_segment(session: Session, actor: Person, segment: PipeSegment) -> None:
    """End a locked segment as of today; its points stay."""
    before = snapshot(segment)
    end_row(segment)
    session.flush()
    write_record(session, actor, "end", SEGMENTS, segment.id, before, snapshot(segment))


def _check(session: Session, segment: PipeSegment) -> None:
    if segment.start_point_id == segment.end_point_id:
        raise InvalidInput(
            _("A segment runs from one point to another"), errors=[{"pointer": "/geometry/coordinates"}]
        )
    same = select(PipeSegment.id).where(
        PipeSegment.survey == segment.survey,
        PipeSegment.segment_no == segment.segment_no,
        PipeSegment.valid_to.is_(None),
        PipeSegment.id.is_distinct_from(segment.id),
    )
    if session.scalar(same.limit(1)) is not None:
        raise Conflict(
            _("Survey area {survey} has a segment {number} already").format(
                survey=segment.survey, number=segment.segment_no
            ),
            errors=[{"pointer": "/properties/segment_no"}],
        )


def _fit_size(segment: PipeSegment, new: Values) -> None:
    """Let width and height follow a size that was changed, unless they were sent themselves."""
    if "size" not in new:
        return
    try:
        width, height = read_size(segment.size) if segment.size else (None, None)
    except ValueError as error:
        raise InvalidInput(
            _("{size} is no size").format(size=segment.size),
            errors=[{"pointer": "/properties/size", "detail": _("such as 300 or 1200X800, mm")}],
        ) from error
    if "width_mm" not in new:
        segment.width_mm = width
    if "height_mm" not in new:
        segment.height_mm = height
