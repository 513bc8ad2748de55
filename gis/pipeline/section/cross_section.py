"""横断面: cross-sections of the network, computed from what the database knows around their lines."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import shapely
from sqlalchemy.orm import Session

from gis.errors import InvalidInput
from gis.i18n import N_, _, pick
from gis.pipeline.section.around import Around
from gis.pipeline.section.clearances import Judge, heads_of
from gis.pipeline.section.crossings import crossings_of
from gis.pipeline.section.cut import ALONG_M, Runs, cut
from gis.pipeline.section.dem import terrain_along
from gis.pipeline.section.ground import ground_of
from gis.pipeline.section.limits import Limits, limits_in_force
from gis.pipeline.section.line import SectionLine
from gis.pipeline.section.load import load
from gis.pipeline.section.measured import Floats, measure
from gis.pipeline.section.model import Along, Crossing, CrossSection, Finding
from gis.pipeline.section.surroundings import surface_of
from gis.pipeline.section.wells import wells_of
from gis.settings import get_settings

MISSING = {
    "levels": ("missing_level", N_("Of {segment} the level is not known here")),
    "size": ("missing_size", N_("Of {segment} the size is not known")),
    "ground": ("missing_ground", N_("Over {segment} the ground level is not known here")),
}


def cross_section(
    session: Session,
    line: SectionLine,
    as_of: date | None = None,
    class_codes: Sequence[str] | None = None,
    name: str = "",
) -> CrossSection:
    """The section along one line, now or as it was on a day.

    Raises
    ------
    InvalidInput
        The line runs along a pipe from end to end: there is nothing to cut.
    OutsideCity
        The line does not touch the city.
    """
    return not_along(cross_sections(session, [(name, line)], as_of, class_codes)[0])


def not_along(section: CrossSection) -> CrossSection:
    """The same section; InvalidInput where it runs along pipes from end to end, as no one would draw it."""
    covered = until = 0.0
    for run in section.along:
        covered += max(0.0, run.to_m - max(run.from_m, until))
        until = max(until, run.to_m)
    if covered >= section.length_m - ALONG_M:
        words = _("The section line runs along {numbers}: draw it across").format(
            numbers=pick("、", ", ").join(run.segment_no for run in section.along)
        )
        raise InvalidInput(words, errors=[{"pointer": "/line", "detail": words}])
    return section


def cross_sections(
    session: Session,
    lines: Sequence[tuple[str, SectionLine]],
    as_of: date | None = None,
    class_codes: Sequence[str] | None = None,
) -> list[CrossSection]:
    """The sections along many lines, each with its name; what lies around them is read once.

    One that happens to run along a pipe is there like the others, and says so.
    """
    around = load(session, [line for _name, line in lines], as_of, class_codes)
    limits = limits_in_force(session, heads_of(around.segments))
    model = get_settings().dem
    return [
        replace(
            compute(line, around, limits, terrain_along(line, model) if model else None, class_codes),
            as_of=as_of,
            name=name,
        )
        for name, line in lines
    ]


def compute(
    line: SectionLine,
    around: Around,
    limits: Limits,
    terrain: tuple[Floats, Floats] | None = None,
    class_codes: Sequence[str] | None = None,
) -> CrossSection:
    """The section, from rows alone.

    ``terrain``: stations and ground levels of a terrain model. ``class_codes``: whose wells are shown, all
    when empty; the ground comes from points of every class.
    """
    xy, of = shapely.get_coordinates(around.lines, return_index=True)
    cuts, runs = cut(line, xy, of)
    along = _along(around, runs)
    measured = measure(cuts, around.segments)
    crossings = crossings_of(measured)
    surface = surface_of(line, around.roads, around.buildings)
    judge = Judge(line, measured, around.lines[cuts.row], limits)
    findings = [
        *judge.findings(around.buildings, surface.is_carriageway),
        *_gaps(crossings),
        *(_runs_along(run) for run in along),
    ]
    if not crossings and not along:
        hint = _("The section cuts no line: draw it across a street, or ask for more classes")
        findings.append(Finding(code="no_crossings", severity="note", text=hint))
    return CrossSection(
        line=tuple((float(x), float(y)) for x, y in line.xy),
        length_m=line.length_m,
        crossings=crossings,
        wells=wells_of(
            line, [row for row in around.points if not class_codes or row.class_code in class_codes]
        ),
        ground=ground_of(line, measured, around.points, terrain),
        surroundings=surface.surroundings,
        findings=tuple(sorted(findings, key=lambda each: -1.0 if each.station_m is None else each.station_m)),
        along=along,
        place=surface.place or _road_of(crossings),
    )


def _along(around: Around, runs: Runs) -> tuple[Along, ...]:
    rows = zip(runs.row.tolist(), runs.from_m.tolist(), runs.to_m.tolist(), strict=True)
    return tuple(
        Along(around.segments[row].id, around.segments[row].segment_no, low, high) for row, low, high in rows
    )


def _runs_along(run: Along) -> Finding:
    return Finding(
        code="along",
        severity="note",
        station_m=(run.from_m + run.to_m) / 2,
        segment_ids=(run.segment_id,),
        text=_(
            "The section runs along {segment} from {low:.2f} m to {high:.2f} m, and does not cut it"
        ).format(segment=run.segment_no, low=run.from_m, high=run.to_m),
    )


def _gaps(crossings: Sequence[Crossing]) -> list[Finding]:
    """What is not known of the lines; nothing is guessed for it."""
    return [
        Finding(
            code=code,
            severity="note",
            station_m=row.station_m,
            segment_ids=(row.segment_id,),
            text=_(words).format(segment=row.segment_no),
        )
        for row in crossings
        for code, words in (MISSING[what] for what in row.missing)
    ]


def _road_of(crossings: Sequence[Crossing]) -> str:
    """The road that most of the lines lie under."""
    named = Counter(row.road_name for row in crossings if row.road_name)
    return named.most_common(1)[0][0] if named else ""
