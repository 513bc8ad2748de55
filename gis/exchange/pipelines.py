"""Pipelines from files: lines and points of one survey, checked, joined at their ends, loaded."""

from pathlib import Path

from shapely import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from gis.errors import InvalidInput
from gis.exchange.city_frame import boundary
from gis.exchange.findings import Report
from gis.exchange.pipe_ends import PointToBe, join_ends, note_near_manholes, refuse_rings
from gis.exchange.pipe_known import lines_drawn_before, points_around, refuse_known_numbers
from gis.exchange.pipe_lines import Segment, note_oddities, refuse_impossible, split_parts
from gis.exchange.pipe_storing import store
from gis.exchange.profiles import pipe_kind
from gis.exchange.rows import Options, Row, read_rows
from gis.i18n import N_, _
from gis.standard.errors import UnknownCode
from gis.standard.tables import pipe_class, point_kinds_of
from gis.standard.vocabulary import PointRole

LONGEST_SURVEY = 32
MADE_POINTS, MADE_ENDS, MADE_SEGMENTS = N_("points of the file"), N_("points at plain ends"), N_("segments")


def load(session: Session, report: Report, paths: list[Path], options: Options) -> None:
    """Load lines and points of one survey; see the rules of :mod:`gis.exchange.findings`.

    Numbers are unique inside a survey; the same number of the same survey is not loaded twice.

    Raises
    ------
    InvalidInput
        The name of the survey is too long, or a file cannot be read.
    Conflict
        There is no city yet.
    """
    city = boundary(session)
    survey = options.survey or paths[0].stem[:LONGEST_SURVEY]
    if len(survey) > LONGEST_SURVEY:
        raise InvalidInput(_("The name of a survey has at most {most} letters").format(most=LONGEST_SURVEY))
    rows = refuse_known_numbers(session, report, survey, read_rows(report, paths, options))
    lines: list[list[Segment]] = []
    points: list[PointToBe] = []
    for row in rows:
        kind = _kind(report, row)
        if kind is None:
            continue
        if isinstance(row.shape, Point):
            points += _point(report, row, kind)
        else:
            lines.append(split_parts(report, row, kind[0], kind[1]))
    classes = {point.class_code for point in points} | {s.class_code for parts in lines for s in parts}
    there = points_around(session, rows, classes)
    points = _possible_points(report, points, there, city)
    lines = refuse_impossible(report, lines, city, lines_drawn_before(session, lines))
    segments = [segment for parts in lines for segment in parts]
    made = join_ends(segments, points + there)
    lines = refuse_rings(report, lines)
    segments = [segment for parts in lines for segment in parts]
    used = {id(point) for segment in segments for point in (segment.start, segment.end)}
    made = [point for point in made if id(point) in used]
    note_oddities(report, lines)
    note_near_manholes(report, lines)
    store(session, survey, [*points, *made], segments)
    report.loaded = len(lines) + len(points)
    report.made.update({MADE_SEGMENTS: len(segments), MADE_POINTS: len(points), MADE_ENDS: len(made)})


def _kind(report: Report, row: Row) -> tuple[str, str, str] | None:
    """Class, sub-class and what stands at a point of this kind; by the profile, else by the columns."""
    known = pipe_kind(row.profile, row["kind"] or "", row["part"] or "")
    if known is not None:
        return known.class_code, known.sub_code, known.appendage
    name = row["class_code"] or row["kind"] or ""
    try:
        found = pipe_class(name, row["sub_code"])
    except UnknownCode:
        report.add("unknown_kind", row.where, f"{name} {row['sub_code'] or ''}".strip())
        return None
    return found.class_code, found.sub_code, ""


def _point(report: Report, row: Row, kind: tuple[str, str, str]) -> list[PointToBe]:
    class_code, sub_code, appendage = kind
    feature = _point_kind(class_code, PointRole.FEATURE, row["feature"])
    appendage = _point_kind(class_code, PointRole.APPENDAGE, row["appendage"]) or appendage
    if not (feature or appendage):
        detail = row["appendage"] or row["feature"] or row["part"] or ""
        report.add("point_kind_unclear", row.where, detail)
    assert isinstance(row.shape, Point)  # noqa: S101 - for the type checker
    if row["year_laid"] is None:
        report.add("no_year", row.where)
    feature = "" if appendage else feature
    return [
        PointToBe(row["number"], class_code, sub_code, row.shape, row.values, appendage, feature, row.where)
    ]


def _point_kind(class_code: str, role: PointRole, name: str | None) -> str:
    """The code of a feature or appendage by code or name; empty where the class has none of that name."""
    for kind in point_kinds_of(class_code, role):
        if name in (kind.code, kind.name_zh, kind.name_en):
            return kind.code
    return ""


def _possible_points(
    report: Report, points: list[PointToBe], there: list[PointToBe], city: BaseGeometry
) -> list[PointToBe]:
    """Leave out points outside the city, and those on one place with another of the same kind."""
    stand = {_stand(point): point.number for point in there}
    seen: dict[tuple[str, ...], str] = {}
    kept = []
    for point in points:
        assert point.where is not None  # noqa: S101 - points of files have one
        # Low and high voltage may share one cover and one class of ours, but not one kind of the source.
        key = (*_stand(point), str(point.values.get("kind")))
        if not city.covers(point.place):
            report.add("outside_city", point.where)
        elif other := seen.get(key) or stand.get(_stand(point)):
            report.add("duplicate_geometry", point.where, _("same as {number}").format(number=other))
        else:
            seen[key] = point.number
            kept.append(point)
    return kept


def _stand(point: PointToBe) -> tuple[str, ...]:
    """What stands where: class, sub-class, appendage, place to the millimetre."""
    place = f"{point.place.x:.3f},{point.place.y:.3f}"
    return point.class_code, point.sub_code, point.appendage, place
