"""The sheet of a longitudinal profile 纵断面图; long ones go on, on a longer paper or on further sheets."""

from dataclasses import replace

from gis.errors import InvalidInput
from gis.i18n import _, get_locale, in_locale
from gis.pipeline.section.model import Profile
from layers.section.axes import AXIS_MM
from layers.section.drawing import Drawing
from layers.section.options import PROFILE_SCALES, DrawOptions, Paper
from layers.section.profile_drawing import SIDE_MM, along
from layers.section.scale import choose
from layers.section.scene import Scene
from layers.section.sheet import Sheet, named, placed
from layers.section.table_rows import HEAD_MM
from layers.section.window import window

# What stands right and left of the line itself.
BESIDE_MM = HEAD_MM + AXIS_MM + 2 * SIDE_MM + 4
DEFAULT_H, DEFAULT_V = 1000, 100
MOST_SHEETS = 200


def draw_profile(profile: Profile, options: DrawOptions | None = None) -> Scene:
    """A profile on one sheet, 1:1000 and 1:100 unless chosen; paper "auto" is lengthened as far as needed.

    Raises InvalidInput, with the scales and papers that would do, where it does not fit what was chosen.
    """
    options = (options or DrawOptions()).checked(PROFILE_SCALES)
    with in_locale(options.locale or get_locale()):
        drawing, sheet = choose(
            options,
            PROFILE_SCALES,
            profile.length_m,
            lambda scale_h, scale_v: along(profile, scale_h, scale_v),
            DEFAULT_H,
        )
        return placed(drawing, sheet, options)


def draw_profile_sheets(profile: Profile, options: DrawOptions | None = None) -> list[Scene]:
    """A profile on as many sheets of the chosen paper as it takes, A3 where it is left open.

    Sheets end at stations where they can. Every one has a datum of its own, so that a line that falls by
    more than a sheet is high keeps its scale.
    """
    options = (options or DrawOptions()).checked(PROFILE_SCALES)
    paper = Paper.A3 if options.paper is Paper.AUTO else options.paper
    options = replace(options, paper=paper, scale_h=options.scale_h or DEFAULT_H, is_sheet=True)
    sheet = named(paper)
    with in_locale(options.locale or get_locale()):
        drawings = _drawings(profile, sheet, options)
        scenes = []
        for number, drawing in enumerate(drawings, start=1):
            if len(drawings) > 1:
                drawing.part = f"{number}/{len(drawings)}"
            scenes.append(placed(drawing, sheet, options))
        return scenes


def _drawings(profile: Profile, sheet: Sheet, options: DrawOptions) -> list[Drawing]:
    drawings: list[Drawing] = []
    start = 0.0
    while True:
        end, drawing = _longest(profile, start, sheet, options)
        drawings.append(drawing)
        if end >= profile.length_m:
            return drawings
        if len(drawings) == MOST_SHEETS:
            raise InvalidInput(_("The profile would take more than {count} sheets").format(count=MOST_SHEETS))
        start = end


def _longest(profile: Profile, start: float, sheet: Sheet, options: DrawOptions) -> tuple[float, Drawing]:
    """As much of the profile from ``start`` as a sheet holds, and where that ends."""
    scale_h = options.scale_h or DEFAULT_H
    reach = start + (sheet.inner.width - BESIDE_MM) * scale_h / 1000
    ends = sorted(
        (one.distance_m for one in profile.stations if start < one.distance_m <= reach), reverse=True
    )
    # Where not even the way to the next station fits, the sheet ends inside that reach.
    last = ends[-1] if ends else min(reach, profile.length_m)
    ends += [start + (last - start) * share for share in (1.0, 0.75, 0.5, 0.25)]
    for end in ends:
        part = window(profile, start, end)
        for scale_v in [options.scale_v] if options.scale_v else [DEFAULT_V, 200, 500]:
            drawing = along(part, scale_h, scale_v, start)
            if sheet.holds(drawing):
                return end, drawing
    detail = _("Not even a part of the profile fits on {paper} at this scale").format(paper=sheet.name)
    raise InvalidInput(detail, errors=[{"pointer": "/paper", "detail": detail}])
