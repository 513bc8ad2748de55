"""Checks of levels, depths, fall and cover."""

from gis.i18n import N_
from gis.pipeline.checks.check import Check, Limit, Severity, Subject

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
POINT, LINE = Subject.POINT, Subject.LINE
# Two levels, each surveyed to 3 cm (RMS, CJJ 61): a smaller step is not one.
FALL_ERROR_M = 0.03
_FALL = Limit(FALL_ERROR_M, N_("RMS of a surveyed height, CJJ 61"), "verified_secondary")

# fmt: off
LEVELS: tuple[Check, ...] = (
    Check("ground_missing", WARNING, POINT, N_("Ground level missing"), N_("The ground level is not known"),
          N_("Cover, sections and 3D need the ground at every point. Level the point.")),
    Check("level_missing", WARNING, LINE, N_("Levels missing"), N_("No level is known at: {end}"),
          N_("Without a level or a depth the line is drawn as unknown, is left out of clearance checks and has no "
             "slope. Measure its depth.")),
    Check("level_identity", ERROR, LINE, N_("Ground, depth and level do not agree"),
          N_("{end}: ground {ground} m less depth {depth} m is not level {level} m; {value} m apart"),
          N_("Ground level is depth plus pipe level at both ends. One of the three was typed wrongly or belongs to "
             "another point. Nothing tells which, so nothing is corrected."), unit="m", digits=3,
          limit=Limit(0.05, N_("3 cm RMS of a height, and two figures rounded to the centimetre"))),
    Check("depth_negative", ERROR, LINE, N_("Above the ground, but not overhead"),
          N_("Depth {value} m, and the line is not said to be overhead"),
          N_("Depths are negative only for lines overhead, on a rack or on the ground. Correct the sign, the level or "
             "how it is laid."), unit="m", digits=2,
          limit=Limit(0.0, N_("CJJ 61: depths are negative overhead only"), "verified_secondary")),
    Check("depth_large", WARNING, LINE, N_("Very deep"), N_("Depth {value} m, more than {limit} m"),
          N_("Deeper than lines of the class are commonly laid in open trench: a level of another datum, or a depth in "
             "other units. Lines under rivers and jacked lines may be so deep."), unit="m",
          limit=Limit(6.0, N_("common practice"), by_class={"JS": 5.0, "PS": 12.0, "RQ": 4.0, "QT": 15.0})),
    Check("slope_large", WARNING, LINE, N_("Very steep"), N_("Slope {value} ‰, more than {limit} ‰"),
          N_("One of the two levels is probably wrong. Drops belong into a well, with two levels at one point."),
          unit="‰", digits=1,
          limit=Limit(300.0, N_("common practice; house connections are the steepest"), by_class={"PS": 350.0})),
    Check("slope_small", WARNING, LINE, N_("Gravity line without fall"),
          N_("Slope {value} ‰, less than {limit} ‰"),
          N_("Dirt settles in a gravity line that hardly falls. Level both ends again; where it is so, have it "
             "flushed."), unit="‰", digits=2,
          limit=Limit(0.5, N_("well below the least design slopes of 2 to 3 ‰ for small sewers"))),
    Check("slope_reversed", WARNING, LINE, N_("Gravity line that rises"),
          N_("The lower end lies {value} m above the upper one"),
          N_("Water does not flow the way the survey says: start and end are swapped, the direction is wrong, a level "
             "is wrong, or the pipe has settled. It must be seen on site."), unit="m", digits=3, limit=_FALL),
    Check("flow_unknown", NOTE, LINE, N_("Gravity line without a direction"),
          N_("No direction of flow; by its levels it falls {value} m towards: {falls_to}"),
          N_("Tracing falls back on levels. Record the direction that was seen in the well."), unit="m", digits=3),
    Check("invert_above", WARNING, LINE, N_("Outgoing invert above the incoming one"),
          N_("At {number} it leaves {value} m above the invert of line {other}, which comes in there"),
          N_("Water stands in the well until it reaches the outlet. A level is wrong, or the well has a sump or a "
             "raised outlet that should be recorded."), unit="m", digits=3, limit=_FALL),
    Check("size_decreasing", WARNING, LINE, N_("Smaller downstream"),
          N_("{value} mm after line {other} of {limit} mm"),
          N_("A gravity line does not grow smaller downstream: sizes were swapped, or here the network will back up "
             "first."), unit="mm", digits=0),
    Check("cover_small", WARNING, LINE, N_("Too little cover"),
          N_("Cover {value} m, below the {limit} m of the table{doubt}; {end}, {surface}"),
          N_("Soil above the crown, against GB 50289 table 4.1.1, taken at the two ends, where the ground is known. "
             "Lines with less need protection, or a level is wrong. Walls are not surveyed: cover of lines measured "
             "at their invert is too large by the wall."), unit="m", limit_is_data=True),
)
# fmt: on
