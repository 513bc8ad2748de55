"""纵断面: a way through the network as stations and reaches, levels as surveyed, gaps left as gaps."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import shapely
from sqlalchemy.orm import Session

from gis.database import read_sql
from gis.i18n import pick
from gis.pipeline.levels import faces_at, is_at_bottom, known, number, surveyed_at
from gis.pipeline.parties import band_of, party_of
from gis.pipeline.section.crossing_pipes import crossing_pipes
from gis.pipeline.section.form import form_of, height_for_levels
from gis.pipeline.section.limits import limits_in_force
from gis.pipeline.section.model import Form, GroundPoint, Profile, Reach, Station
from gis.pipeline.section.network import way_between, way_of_segments
from gis.pipeline.section.profile_findings import profile_findings
from gis.pipeline.section.route import Step, Way
from gis.pipeline.section.wells import is_well
from gis.standard.rows import PipeClass, PipeParty
from gis.standard.tables import pipe_class

TURNED = {"+": "-", "-": "+", "0": "0"}


def profile_between(session: Session, point_ids: Sequence[int], as_of: date | None = None) -> Profile:
    """The profile of the shortest way between points; the errors are those of :func:`way_between`."""
    return profile_along(session, way_between(session, point_ids, as_of), as_of)


def profile_of_segments(session: Session, ids: Sequence[int], as_of: date | None = None) -> Profile:
    """The profile of chosen segments; the errors are those of :func:`way_of_segments`."""
    return profile_along(session, way_of_segments(session, ids, as_of), as_of)


def profile_along(session: Session, way: Way, as_of: date | None = None) -> Profile:
    """The profile of a way: what is known of its points and segments, what crosses it, what is wrong."""
    ids = [step.edge_id for step in way.steps]
    values = {"ids": ids, "as_of": as_of}
    segments = {row.id: row for row in session.execute(read_sql("profile_segments"), values)}
    ends = {end for row in segments.values() for end in (row.start_point_id, row.end_point_id)}
    values = {"ids": sorted(ends), "as_of": as_of}
    points = {row.id: row for row in session.execute(read_sql("profile_points"), values)}
    stations, reaches = lay_out(way.steps, segments, points)
    parts = plan_parts(way.steps, segments)
    line = joined(parts)
    first = segments[ids[0]]
    kind = pipe_class(first.class_code, first.sub_code)
    roads = Counter(row.road_name for row in segments.values() if row.road_name)
    parties = {key: _party(row) for key, row in segments.items()}
    heads = {party.cover for party in parties.values() if party and party.cover}
    crossing = crossing_pipes(session, parts, reaches, sorted(ends), as_of)
    return Profile(
        class_code=kind.class_code,
        sub_code=kind.sub_code,
        class_name=kind.name,
        rgb_hex=kind.rgb_hex,
        length_m=stations[-1].distance_m,
        stations=stations,
        reaches=reaches,
        ground=ground_line(stations),
        crossing_pipes=crossing,
        findings=profile_findings(
            stations,
            reaches,
            limits_in_force(session, heads).cover,
            parties,
            {key: bool(row.on_carriageway) for key, row in points.items()},
        ),
        line=tuple((float(x), float(y)) for x, y in shapely.get_coordinates(line)),
        as_of=as_of,
        name=f"{stations[0].point_no}–{stations[-1].point_no}",
        place=roads.most_common(1)[0][0] if roads else "",
    )


def _party(row: Any) -> PipeParty | None:
    band = band_of(row.pressure_band, row.pressure_mpa)
    return party_of(row.class_code, row.sub_code, row.laying, band, row.material, row.width_mm)


def plan_parts(steps: Sequence[Step], segments: Mapping[int, Any]) -> list[shapely.LineString]:
    """The reaches of a way in plan, city's CRS, in its direction."""
    parts = []
    for step in steps:
        line = shapely.from_wkb(segments[step.edge_id].line)
        parts.append(line if step.along else shapely.reverse(line))
    return parts


def joined(parts: Sequence[shapely.LineString]) -> shapely.LineString:
    """Lines that follow each other as one."""
    places = [shapely.get_coordinates(part) for part in parts]
    return shapely.LineString(np.concatenate([places[0], *(part[1:] for part in places[1:])]))


def ground_line(stations: Sequence[Station]) -> tuple[GroundPoint, ...]:
    """The ground over the stations that know theirs."""
    return tuple(
        GroundPoint(station.distance_m, station.ground_level, "point")
        for station in stations
        if station.ground_level is not None
    )


def lay_out(
    steps: Sequence[Step], segments: Mapping[int, Any], points: Mapping[int, Any]
) -> tuple[tuple[Station, ...], tuple[Reach, ...]]:
    """Stations and reaches of a way. Distances run along the pipes in plan, metres from the first point.

    ``segments`` and ``points`` are rows of ``profile_segments.sql`` and ``profile_points.sql`` by id.
    """
    at = 0.0
    reaches: list[Reach] = []
    passed: list[int] = []
    for step in steps:
        row = segments[step.edge_id]
        first, last = (
            (row.start_point_id, row.end_point_id) if step.along else (row.end_point_id, row.start_point_id)
        )
        passed = [*passed, last] if passed else [first, last]
        reaches.append(_reach(row, step.along, at, points[first].ground_level, points[last].ground_level))
        at += row.length_m
    distances = [0.0, *(reach.to_m for reach in reaches)]
    stations = []
    for index, (distance, point_id) in enumerate(zip(distances, passed, strict=True)):
        before = reaches[index - 1] if index else None
        after = reaches[index] if index < len(reaches) else None
        stations.append(_station(distance, points[point_id], before, after))
    return tuple(stations), tuple(reaches)


def _station(distance: float, row: Any, before: Reach | None, after: Reach | None) -> Station:
    bottom = None
    if row.ground_level is not None and row.well_depth_m is not None:
        bottom = round(row.ground_level - row.well_depth_m, 3)
    return Station(
        distance_m=round(distance, 3),
        point_id=row.id,
        point_no=row.point_no,
        kind_name=pick(row.kind_zh, row.kind_en) or "",
        is_well=is_well(row.class_code, row.appendage, row.well_depth_m),
        ground_level=row.ground_level,
        well_bottom_level=bottom,
        well_depth_m=row.well_depth_m,
        invert_in=before.end_invert if before else None,
        invert_out=after.start_invert if after else None,
        crown_in=before.end_crown if before else None,
        crown_out=after.start_crown if after else None,
        easting=row.easting,
        northing=row.northing,
    )


@dataclass(frozen=True)
class _End:
    """What is known of a segment at one end, None where it is not."""

    level: float | None
    crown: float | None
    invert: float | None
    depth: float | None
    cover: float | None


def _reach(row: Any, along: bool, at: float, ground_first: float | None, ground_last: float | None) -> Reach:
    kind = pipe_class(row.class_code, row.sub_code)
    form = form_of(row.class_code, row.size, row.width_mm, row.height_mm, row.total_holes)
    surveyed = [(row.start_level, row.start_depth_m), (row.end_level, row.end_depth_m)]
    grounds = (ground_first, ground_last)
    first, last = (
        _end(row, kind, form, level, depth, ground)
        for (level, depth), ground in zip(surveyed if along else surveyed[::-1], grounds, strict=True)
    )
    covers = [end.cover for end in (first, last) if end.cover is not None]
    slope = None
    if first.level is not None and last.level is not None and row.length_m > 0:
        slope = round((first.level - last.level) / row.length_m * 1000, 2)
    unknown = {
        "levels": first.level is None or last.level is None,
        "size": height_for_levels(form, row.width_mm, row.height_mm) is None,
        "ground": ground_first is None or ground_last is None,
    }
    return Reach(
        segment_id=row.id,
        segment_no=row.segment_no,
        from_m=round(at, 3),
        to_m=round(at + row.length_m, 3),
        length_m=round(row.length_m, 3),
        class_code=row.class_code,
        sub_code=row.sub_code,
        form=form,
        size=row.size,
        width_mm=row.width_mm,
        height_mm=row.height_mm,
        material=row.material,
        material_name=pick(row.material_zh, row.material_en) or "",
        laying=row.laying,
        year_laid=row.year_laid,
        usage_status=row.usage_status,
        start_crown=first.crown,
        end_crown=last.crown,
        start_invert=first.invert,
        end_invert=last.invert,
        start_depth_m=first.depth,
        end_depth_m=last.depth,
        least_cover_m=min(covers) if covers else None,
        slope_permille=slope,
        flows=row.flow_direction if along else TURNED[row.flow_direction],
        missing=tuple(name for name, is_missing in unknown.items() if is_missing),
    )


def _end(
    row: Any, kind: PipeClass, form: Form, level: float | None, depth: float | None, ground: float | None
) -> _End:
    height_mm = height_for_levels(form, row.width_mm, row.height_mm)
    reference = kind.depth_reference_in_trench if row.is_trench else kind.depth_reference
    face = surveyed_at(level, ground, depth)
    top, _centre, bottom = faces_at(is_at_bottom(reference), face, number(height_mm) / 1000)
    crown = known(top)
    return _End(
        level=known(face),
        crown=crown,
        invert=known(bottom),
        depth=depth if depth is not None else known(number(ground) - face),
        cover=None if crown is None or ground is None else round(ground - crown, 3),
    )
