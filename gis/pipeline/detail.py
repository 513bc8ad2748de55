"""Everything known of one segment or point: its ends, its neighbours, its levels, its past, what is wrong."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from geoalchemy2.shape import to_shape
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from gis.crs import to_lonlat
from gis.errors import NotFound
from gis.i18n import _, pick
from gis.pipeline.asking import Question
from gis.pipeline.attribute_words import words_of
from gis.pipeline.detail_history import Change, changes_of
from gis.pipeline.frame import Kind
from gis.pipeline.in_force import in_force
from gis.pipeline.levels import faces, is_at_bottom, surveyed_level
from gis.pipeline.models import PipePoint, PipeSegment
from gis.pipeline.queries import Item, whole_rows
from gis.standard.tables import laying_methods, pipe_class, pipeline_fields
from gis.standard.vocabulary import DepthReference
from gis.survey.models import CheckRun, PipeFinding

MOST_NEIGHBOURS = 50
MOST_FINDINGS = 100


@dataclass(frozen=True)
class Levels:
    """One end of a segment: metres in the city's height datum, None where unknown."""

    ground: float | None
    depth_m: float | None
    crown: float | None
    centre: float | None
    invert: float | None
    cover_m: float | None


@dataclass(frozen=True)
class End:
    """A point with what else meets there; ``levels`` are those of the segment that was asked for."""

    point: Item
    levels: Levels | None
    neighbours: list[Item]


@dataclass(frozen=True)
class FindingTold:
    """What the last run of the checks over the network found."""

    code: str
    severity: str
    value: float | None
    limit: float | None
    detail: dict[str, Any]


@dataclass(frozen=True)
class Detail:
    """``row`` has every attribute and ``titles``; ``extra`` is what the survey told beyond them."""

    row: Item
    valid_to: date | None
    depth_reference: str | None
    extra: list[dict[str, str]]
    ends: list[End]
    history: list[Change]
    findings: list[FindingTold]


def segment_detail(session: Session, segment_id: int, as_of: date | None = None) -> Detail:
    """A segment now (or as it was last), or as it was at the end of a day.

    Raises
    ------
    NotFound
        There is none of that id, or there was none yet or no longer on that day.
    """
    segment = _state(session, PipeSegment, segment_id, as_of)
    ends = [
        _end(session, segment, at_start, as_of if as_of or segment.valid_to is None else segment.valid_from)
        for at_start in (True, False)
    ]
    reference = _reference(segment)
    return _detail(session, Kind.SEGMENTS, segment, as_of, ends, reference)


def point_detail(session: Session, point_id: int, as_of: date | None = None) -> Detail:
    """A point with the segments that meet there; see :func:`segment_detail`."""
    point = _state(session, PipePoint, point_id, as_of)
    entity = point.past_of or point.id
    joined = _neighbours(session, entity, None, as_of)
    row = whole_rows(session, Question(kind=Kind.POINTS, as_of=as_of), [point.id])[0]
    return _detail(session, Kind.POINTS, point, as_of, [End(row, None, joined)], None)


def _state(session: Session, model: Any, wanted: int, as_of: date | None) -> Any:
    row = session.get(model, wanted)
    if row is None:
        raise NotFound(_("There is no {what} {id}").format(what=_words_of_model(model), id=wanted))
    entity = row.past_of or row.id
    if as_of is None:
        return session.get_one(model, entity)
    state = session.scalars(
        select(model).where(or_(model.id == entity, model.past_of == entity), in_force(model, as_of))
    ).first()
    if state is None:
        raise NotFound(_("It was not there on {day}").format(day=as_of))
    return state


def _words_of_model(model: Any) -> str:
    return _("segment") if model is PipeSegment else _("point")


def _detail(
    session: Session, kind: Kind, state: Any, as_of: date | None, ends: list[End], reference: str | None
) -> Detail:
    row = whole_rows(session, Question(kind=kind, as_of=as_of), [state.id])[0]
    entity = state.past_of or state.id
    return Detail(
        row=row,
        valid_to=state.valid_to,
        depth_reference=reference,
        extra=_extra(kind, state.extra),
        ends=ends,
        history=changes_of(session, kind, type(state), entity),
        findings=_findings(session, kind, entity),
    )


def _reference(segment: PipeSegment) -> DepthReference:
    """The face to which the line's depths are measured."""
    row = pipe_class(segment.class_code, segment.sub_code)
    trench = any(way.is_trench and way.code == segment.laying for way in laying_methods())
    return DepthReference(row.depth_reference_in_trench if trench else row.depth_reference)


def _end(session: Session, segment: PipeSegment, at_start: bool, as_of: date | None) -> End:
    named = segment.start_point_id if at_start else segment.end_point_id
    state = session.scalars(
        select(PipePoint).where(
            or_(PipePoint.id == named, PipePoint.past_of == named), in_force(PipePoint, as_of)
        )
    ).first()
    point = state or session.get_one(PipePoint, named)  # one that has gone still tells where the line ends
    place = to_shape(point.geom)
    lon, lat = to_lonlat(place.x, place.y)  # type: ignore[attr-defined]
    kinds = {
        **words_of(session, "feature"),
        **words_of(session, "appendage"),
    }
    code = point.appendage or point.feature
    told = {
        "id": named,
        "number": point.point_no,
        "kind": kinds.get(code, code) or None,
        "ground_level": point.ground_level,
        "well_depth_m": point.well_depth_m,
        "lon": round(lon, 9),
        "lat": round(lat, 9),
        "in_force": state is not None,
    }
    neighbours = _neighbours(session, named, segment.past_of or segment.id, as_of)
    return End(told, levels_at(segment, point.ground_level, at_start), neighbours)


def levels_at(segment: PipeSegment, ground: float | None, at_start: bool) -> Levels:
    """The faces of a segment at one of its ends, from what the survey measured."""
    nan = float("nan")
    depth = segment.start_depth_m if at_start else segment.end_depth_m
    level = segment.start_level if at_start else segment.end_level
    values = [nan if value is None else value for value in (level, ground, depth)]
    surveyed = surveyed_level(*values)
    height_m = nan if segment.height_mm is None else segment.height_mm / 1000
    found = faces(is_at_bottom(_reference(segment)), surveyed, height_m)
    crown, centre, invert = (_known(face) for face in (found.crown, found.centre, found.invert))
    cover = None if ground is None or crown is None else round(ground - crown, 3)
    return Levels(ground, depth, crown, centre, invert, cover)


def _known(value: Any) -> float | None:
    number = float(np.asarray(value))
    return None if np.isnan(number) else round(number, 4)


def _neighbours(session: Session, point_id: int, but: int | None, as_of: date | None) -> list[Item]:
    """The other segments at a point, by number; ``far_point_id`` is their other end."""
    statement = (
        select(PipeSegment)
        .where(
            or_(PipeSegment.start_point_id == point_id, PipeSegment.end_point_id == point_id),
            in_force(PipeSegment, as_of),
        )
        .order_by(PipeSegment.segment_no, PipeSegment.id)
        .limit(MOST_NEIGHBOURS)
    )
    classes, materials = words_of(session, "class"), words_of(session, "material")
    found = []
    for other in session.scalars(statement):
        entity = other.past_of or other.id
        if entity == but:
            continue
        begins = other.start_point_id == point_id
        found.append(
            {
                "id": entity,
                "number": other.segment_no,
                "class": other.class_code,
                "class_title": classes.get(other.class_code, other.class_code),
                "size": other.size or None,
                "material_title": materials.get(other.material or "", other.material),
                "level": other.start_level if begins else other.end_level,
                "far_point_id": other.end_point_id if begins else other.start_point_id,
                "length_m": other.length_m,
            }
        )
    return found


def _extra(kind: Kind, values: dict[str, str]) -> list[dict[str, str]]:
    """What the survey's tables told beyond our columns, under the names of the standard's fields."""
    table = "line" if kind is Kind.SEGMENTS else "point"
    names = {
        row.field: pick(row.name_zh, row.name_en) for row in pipeline_fields() if row.table_name == table
    }
    return [{"name": name, "title": names.get(name, name), "value": value} for name, value in values.items()]


def _findings(session: Session, kind: Kind, entity: int) -> list[FindingTold]:
    last = (
        select(CheckRun.id)
        .where(CheckRun.import_id.is_(None), CheckRun.state == "done")
        .order_by(CheckRun.created_at.desc(), CheckRun.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    statement = (
        select(PipeFinding)
        .where(
            PipeFinding.run_id == last,
            PipeFinding.row_id == entity,
            PipeFinding.subject == ("line" if kind is Kind.SEGMENTS else "point"),
        )
        .order_by(PipeFinding.code, PipeFinding.id)
        .limit(MOST_FINDINGS)
    )
    return [
        FindingTold(row.code, row.severity, row.value, row.limit, row.detail)
        for row in session.scalars(statement)
    ]
