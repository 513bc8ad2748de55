"""A part of a profile, for a sheet: what reaches beyond its ends is cut there, at its level."""

from dataclasses import replace

from gis.pipeline.section.model import GroundPoint, Profile, Reach, Station
from layers.section.patterns import height_at

NO_POINT = 0


def window(profile: Profile, from_m: float, to_m: float) -> Profile:
    """The profile between two distances.

    A reach that passes an end is cut there, its levels linear as everywhere; its length, slope and depths
    stay those of the whole reach. At such an end stands no station: the sheet ends with a match line.
    """
    stations = tuple(one for one in profile.stations if from_m <= one.distance_m <= to_m)
    reaches = tuple(
        _cut(reach, from_m, to_m) for reach in profile.reaches if reach.from_m < to_m and reach.to_m > from_m
    )
    if reaches and not (stations and stations[0].distance_m <= reaches[0].from_m):
        stations = (_end(from_m), *stations)
    if reaches and stations[-1].distance_m < reaches[-1].to_m:
        stations = (*stations, _end(to_m))
    return replace(
        profile,
        stations=stations,
        reaches=reaches,
        ground=_ground(profile, from_m, to_m),
        crossing_pipes=tuple(one for one in profile.crossing_pipes if from_m <= one.distance_m <= to_m),
        findings=tuple(
            one for one in profile.findings if one.station_m is None or from_m <= one.station_m <= to_m
        ),
        length_m=to_m - from_m,
    )


def _cut(reach: Reach, from_m: float, to_m: float) -> Reach:
    a, b = max(from_m, reach.from_m), min(to_m, reach.to_m)
    if (a, b) == (reach.from_m, reach.to_m):
        return reach

    def at(start: float | None, end: float | None, place: float) -> float | None:
        if start is None or end is None:
            return None
        return start + (end - start) * (place - reach.from_m) / (reach.to_m - reach.from_m)

    return replace(
        reach,
        from_m=a,
        to_m=b,
        start_crown=at(reach.start_crown, reach.end_crown, a),
        end_crown=at(reach.start_crown, reach.end_crown, b),
        start_invert=at(reach.start_invert, reach.end_invert, a),
        end_invert=at(reach.start_invert, reach.end_invert, b),
    )


def is_cut_end(station: Station) -> bool:
    """Whether only a sheet ends here."""
    return station.point_id == NO_POINT


def _end(at_m: float) -> Station:
    """Where a sheet ends inside a reach: no point of the network, and nothing is known of it."""
    return Station(at_m, NO_POINT, "", "", False, None, None, None, None, None, None, None, 0.0, 0.0)


def _ground(profile: Profile, from_m: float, to_m: float) -> tuple[GroundPoint, ...]:
    inside = [point for point in profile.ground if from_m <= point.station_m <= to_m]
    line = [(point.station_m, point.level) for point in profile.ground]
    for end in (from_m, to_m):
        level = height_at(line, end)
        if level is not None and all(point.station_m != end for point in inside):
            inside.append(GroundPoint(end, level, "between"))
    return tuple(sorted(inside, key=lambda point: point.station_m))
