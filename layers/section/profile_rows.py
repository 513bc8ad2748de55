"""The rows under a profile, and what is told of its stations, reaches and crossing pipes."""

from collections.abc import Callable

from gis.i18n import _
from gis.pipeline.section.model import CrossingPipe, Profile, Reach, Station
from layers.section.cross_rows import size_of
from layers.section.table_rows import Cell, Row
from layers.section.window import is_cut_end
from layers.section.words import MISSING, clean, level, level_m, metres, metres_m

SAME_M = 0.0005  # levels are to the millimetre


def is_at_bottom(profile: Profile) -> bool:
    """Whether depths of this line are measured to its inside bottom: read off its own numbers.

    Depth and ground give the face; it is the bottom unless it lies nearer to the crown.
    """
    for reach, station in zip(profile.reaches, profile.stations, strict=False):
        depth, ground = reach.start_depth_m, station.ground_level
        if depth is None or ground is None or reach.start_crown is None or reach.start_invert is None:
            continue
        face = ground - depth
        return abs(face - reach.start_invert) <= abs(face - reach.start_crown)
    return True


def rows_of(profile: Profile) -> list[Row]:
    """纵断面图's table, from the ground down."""
    bottom = is_at_bottom(profile)
    stations, reaches = profile.stations, profile.reaches
    before, after = [None, *reaches], [*reaches, None]
    sides = list(zip(before, after, strict=True))
    faces = [
        _pair(
            station.invert_in if bottom else station.crown_in,
            station.invert_out if bottom else station.crown_out,
        )
        for station in stations
    ]
    depths = [_pair(a.end_depth_m if a else None, b.start_depth_m if b else None, metres) for a, b in sides]
    missing = _(MISSING)
    slopes = [f"{size_of_reach(one) or missing}  {slope_of(one)}" for one in reaches]
    materials = [clean(one.material_name) or missing for one in reaches]
    numbers = [clean(one.point_no) or missing for one in stations]
    return [
        _stations(profile, _("Ground level (m)"), [level(one.ground_level) for one in stations]),
        _stations(profile, _("Invert level (m)") if bottom else _("Top level (m)"), faces),
        _stations(profile, _("Depth (m)"), depths),
        _stations(profile, _("Well depth (m)"), [_well_depth(one) for one in stations]),
        _reaches(profile, _("Size (mm) and slope"), slopes),
        _reaches(profile, _("Plan distance (m)"), [metres(one.length_m) for one in reaches]),
        _stations(profile, _("Chainage (m)"), [metres(one.distance_m) for one in stations]),
        _reaches(profile, _("Pipe material"), materials),
        _stations(profile, _("Well or node no."), numbers),
    ]


def _stations(profile: Profile, head: str, words: list[str]) -> Row:
    missing = _(MISSING)
    cells = [
        Cell("") if is_cut_end(station) else Cell(word, missing in word, station_target(station))
        for word, station in zip(words, profile.stations, strict=True)
    ]
    return Row(head, cells)


def _reaches(profile: Profile, head: str, words: list[str]) -> Row:
    missing = _(MISSING)
    cells = [
        Cell(word, missing in word, reach_target(reach))
        for word, reach in zip(words, profile.reaches, strict=True)
    ]
    return Row(head, cells, between=True)


def _pair(before: float | None, after: float | None, written: Callable[[float | None], str] = level) -> str:
    """One number where both sides agree or one is all there is; else "in/out"."""
    if before is None or after is None:
        return written(after if before is None else before)
    return written(before) if abs(before - after) < SAME_M else f"{written(before)}/{written(after)}"


def _well_depth(station: Station) -> str:
    return metres(station.well_depth_m) if station.is_well else "—"


def size_of_reach(reach: Reach) -> str:
    """The size of a reach."""
    return size_of(reach.form, reach.size, reach.width_mm, reach.height_mm)


def slope_of(reach: Reach) -> str:
    """Its slope with an arrow in the profile's direction; missing without both levels."""
    if reach.slope_permille is None:
        return _(MISSING)
    arrow = "→" if abs(reach.slope_permille) < 0.005 else "↘" if reach.slope_permille > 0 else "↗"
    return f"{abs(reach.slope_permille):.2f}‰ {arrow}"


def station_target(station: Station) -> str:
    """Its name in the drawing; a way may pass a point twice."""
    return f"station-{station.point_id}-{station.distance_m:.3f}"


def reach_target(reach: Reach) -> str:
    """Its name in the drawing."""
    return f"reach-{reach.segment_id}-{reach.from_m:.3f}"


def station_lines(station: Station) -> tuple[str, ...]:
    """What a hover tells of a node."""
    lines = [
        _("Station {station}").format(station=metres_m(station.distance_m)),
        _("Ground level {level}").format(level=level_m(station.ground_level)),
    ]
    if station.is_well:
        lines.append(_("Bottom level {level}").format(level=level_m(station.well_bottom_level)))
        lines.append(_("Depth {depth}").format(depth=metres_m(station.well_depth_m)))
    lines.append(_("Invert {levels}").format(levels=_pair(station.invert_in, station.invert_out, level_m)))
    return tuple(lines)


def reach_lines(reach: Reach) -> tuple[str, ...]:
    """What a hover tells of a reach."""
    return (
        _("Length {length}").format(length=metres_m(reach.length_m)),
        _("Size {size}").format(size=size_of_reach(reach) or _(MISSING)),
        _("Material {material}").format(material=clean(reach.material_name) or _(MISSING)),
        _("Slope {slope}").format(slope=slope_of(reach)),
        _("Invert from {start} to {end}").format(
            start=level_m(reach.start_invert), end=level_m(reach.end_invert)
        ),
        _("Least cover {cover}").format(cover=metres_m(reach.least_cover_m)),
    )


def label_of_crossing(pipe: CrossingPipe) -> tuple[str, ...]:
    """Class and size; and its clear height to the line."""
    size = size_of(pipe.form, pipe.size, pipe.width_mm, pipe.height_mm) or _("size missing")
    first = f"{pipe.class_code} {clean(pipe.class_name)} {size}"
    if pipe.centre_level is None and pipe.crown_level is None and pipe.invert_level is None:
        return first, _("level missing")
    if pipe.gap_m is None:
        return (first,)
    return first, _("clear {gap}").format(gap=metres(pipe.gap_m))


def crossing_lines(pipe: CrossingPipe) -> tuple[str, ...]:
    """What a hover tells of a crossing pipe."""
    lines = [
        _("Station {station}").format(station=metres_m(pipe.distance_m)),
        _("Size {size}").format(
            size=size_of(pipe.form, pipe.size, pipe.width_mm, pipe.height_mm) or _(MISSING)
        ),
        _("Top {level}").format(level=level_m(pipe.crown_level)),
        _("Inside bottom {level}").format(level=level_m(pipe.invert_level)),
    ]
    if pipe.gap_m is not None and pipe.is_above is not None:
        words = _("Crosses {gap} m above") if pipe.is_above else _("Crosses {gap} m below")
        lines.append(words.format(gap=metres(pipe.gap_m)))
    return tuple(lines)
