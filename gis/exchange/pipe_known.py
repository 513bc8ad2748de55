"""What the city has already of the lines and points of an import."""

from geoalchemy2.shape import to_shape
from shapely import Point, from_wkb, total_bounds
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.database import read_sql
from gis.exchange.findings import Report
from gis.exchange.pipe_ends import PointToBe
from gis.exchange.pipe_lines import Drawn, DrawnLines, Segment, first_part, line_key
from gis.exchange.rows import Row
from gis.i18n import _
from gis.pipeline.models import PipePoint, PipeSegment
from gis.settings import CITY_SRID


def refuse_known_numbers(session: Session, report: Report, survey: str, rows: list[Row]) -> list[Row]:
    """Leave out the rows whose number this survey has brought before."""
    there: set[str] = set()
    for model, number in ((PipeSegment, PipeSegment.segment_no), (PipePoint, PipePoint.point_no)):
        there.update(session.scalars(select(number).where(model.survey == survey)))
    kept = []
    for row in rows:
        if row["number"] in there or first_part(row["number"]) in there:
            report.add("already_there", row.where, _("survey {survey}").format(survey=survey))
        else:
            kept.append(row)
    return kept


def lines_drawn_before(session: Session, lines: list[list[Segment]]) -> DrawnLines:
    """Lines of the city that may be the same as one of the import."""
    bounds = [segment.line.bounds for parts in lines for segment in parts]
    sides = {
        name: [box[n] for box in bounds] for n, name in enumerate(("wests", "souths", "easts", "norths"))
    }
    drawn: DrawnLines = {}
    if bounds:
        rows = session.execute(read_sql("segments_of_same_extent"), sides | {"srid": CITY_SRID})
        for number, class_code, line in rows:
            drawn.setdefault(line_key(from_wkb(line)), []).append(Drawn(number, class_code))
    return drawn


def points_around(session: Session, rows: list[Row], classes: set[str]) -> list[PointToBe]:
    """Points that the city has already, of some classes and in the bounds of the import."""
    shapes = [row.shape for row in rows if row.shape is not None]
    if not shapes:
        return []
    box = func.ST_Expand(func.ST_MakeEnvelope(*map(float, total_bounds(shapes)), CITY_SRID), 1)
    statement = select(
        *(PipePoint.id, PipePoint.point_no, PipePoint.class_code, PipePoint.sub_code),
        *(PipePoint.appendage, PipePoint.geom),
    ).where(PipePoint.class_code.in_(classes), PipePoint.valid_to.is_(None), PipePoint.geom.op("&&")(box))
    points = []
    for id_, number, class_code, sub_code, appendage, geom in session.execute(statement):
        place = to_shape(geom)
        assert isinstance(place, Point)  # noqa: S101 - the column holds nothing else
        points.append(PointToBe(number, class_code, sub_code, place, {}, appendage, id=id_))
    return points
