"""Waiting rows of surveys written by hand, and what the network is then, for tests that read no files."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from geoalchemy2.shape import from_shape, to_shape
from shapely import Point
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from gis.pipeline.in_force import entity_id, in_force
from gis.pipeline.models import PipePoint, PipeSegment
from gis.settings import CITY_SRID
from gis.survey.comparing import compare
from gis.survey.merge import Merged, merge
from gis.survey.models import ImportState, StagedLine, StagedPoint, SurveyImport
from tests.import_files import EAST, NORTH


@dataclass(frozen=True)
class Well:
    """A point ``x`` m east and ``y`` m north of (0, 0) of the small city of squares."""

    x: float
    y: float
    ground: float | None = 100.0
    note: str = ""


@dataclass(frozen=True)
class Pipe:
    """A round sewer from one well to another; levels are inverts."""

    start: str
    end: str
    levels: tuple[float | None, float | None] = (98.0, 97.5)
    width: int | None = 400


@dataclass(frozen=True)
class Survey:
    """What a survey found: its whole files."""

    wells: dict[str, Well]
    pipes: dict[str, Pipe]

    def with_(self, **more: Any) -> "Survey":
        return replace(self, **more)


def staged(
    session: Session, survey: Survey, name: str = "S1", dirty: frozenset[str] = frozenset(), **options: Any
) -> SurveyImport:
    """An import whose rows wait; those in ``dirty`` have an error."""
    made = SurveyImport(survey=name, files=[], options=options, state=ImportState.CHECKED)
    session.add(made)
    session.flush()
    for row, (number, well) in enumerate(survey.wells.items(), start=1):
        session.add(
            StagedPoint(
                import_id=made.id, file="f.csv", row_no=row, point_no=number, class_code="PS", sub_code="WS",
                ground_level=well.ground, note=well.note, is_clean=number not in dirty,
                geom=from_shape(Point(EAST + well.x, NORTH + well.y), srid=CITY_SRID),
            )
        )  # fmt: skip
    for row, (number, pipe) in enumerate(survey.pipes.items(), start=1):
        session.add(
            StagedLine(
                import_id=made.id, file="f.csv", row_no=row, segment_no=number, start_no=pipe.start,
                end_no=pipe.end, class_code="PS", sub_code="WS", start_level=pipe.levels[0],
                end_level=pipe.levels[1], width_mm=pipe.width, is_clean=number not in dirty,
            )
        )  # fmt: skip
    session.flush()
    return made


def take_over(
    session: Session, survey: Survey, day: date, name: str = "S1", *, only_clean: bool = False, **more: Any
) -> tuple[SurveyImport, Merged]:
    """Compare a survey with the network and merge it."""
    import_ = staged(session, survey, name, **more)
    import_.counts = {"change": compare(session, import_)}
    merged = merge(session, import_, day, only_clean=only_clean)
    import_.state = ImportState.ACCEPTED
    session.flush()
    session.expire_all()
    return import_, merged


def network(session: Session, as_of: date | None = None, name: str = "S1") -> Survey:
    """The network as it is, or was at the end of a day, as a survey would write it down."""
    points = session.scalars(select(PipePoint).where(PipePoint.survey == name, in_force(PipePoint, as_of)))
    wells = {}
    for point in points:
        place = to_shape(point.geom)
        assert isinstance(place, Point)
        wells[point.point_no] = Well(
            round(place.x - EAST, 3), round(place.y - NORTH, 3), point.ground_level, point.note
        )
    start, end = aliased(PipePoint), aliased(PipePoint)
    rows = session.execute(
        select(PipeSegment, start.point_no, end.point_no)
        .join(start, PipeSegment.start_point_id == entity_id(start))
        .join(end, PipeSegment.end_point_id == entity_id(end))
        .where(PipeSegment.survey == name, in_force(PipeSegment, as_of))
        .where(in_force(start, as_of), in_force(end, as_of))
    )
    pipes = {
        row.segment_no: Pipe(start_no, end_no, (row.start_level, row.end_level), row.width_mm)
        for row, start_no, end_no in rows
    }
    return Survey(wells, pipes)
