"""Checks of how points and lines are joined: numbers, ends, kinds, copies, neighbours."""

from gis.i18n import N_
from gis.pipeline.checks.check import Check, Limit, Severity, Subject

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
POINT, LINE = Subject.POINT, Subject.LINE
_EXCHANGE = N_("a survey office's published list of checks (BdJmLtd excel-check)")
_BORDER = Limit(50.0, N_("a street on the border belongs to the city on both its sides"))

# fmt: off
NETWORK: tuple[Check, ...] = (
    Check("map_number_repeated", WARNING, POINT, N_("Map number used twice"),
          N_("Map number {map_no} is also that of point {other}"),
          N_("Numbers on a map sheet must tell points apart (CJJ 61). Renumber one of them on the sheet.")),
    Check("point_alone", ERROR, POINT, N_("Point that no line meets"), N_("No line begins or ends here"),
          N_("A point stands at a line: its line was left out, or names another number by mistake.")),
    Check("line_twice", ERROR, LINE, N_("Line recorded twice"), N_("Same as line {other}, or the same reversed"),
          N_("A line between the same two points that runs the same way counts twice in every statistic. Delete "
             "one. Parallel pipes need points or drawings of their own."), unit="m",
          limit=Limit(0.01, N_("drawings that nowhere lie further apart are the same"))),
    Check("line_on_line", ERROR, LINE, N_("Two lines of one class in one place"),
          N_("Lies exactly on line {other}, between other points"),
          N_("One pipe was surveyed twice under two pairs of point numbers, or copied from a neighbouring survey. "
             "Keep one, and join the others' lines to its points."), unit="m",
          limit=Limit(0.01, N_("drawings that nowhere lie further apart are the same"))),
    Check("class_differs", ERROR, LINE, N_("End point of another class"),
          N_("A line of {class} ends at point {number} of {other_class}"),
          N_("Lines end at points of their own class; a shared structure has one point for each class. Correct the "
             "number, or the class of the point.")),
    Check("kind_not_one", WARNING, POINT, N_("Feature and appendage: not exactly one"),
          N_("{value} of feature and appendage are filled, not one"),
          N_("Exactly one of 特征 and 附属物 says what stands at a point (CJJ 61). Without it wells cannot be drawn "
             "and valves not found."), digits=0),
    Check("kind_unknown", WARNING, POINT, N_("Unknown kind of point"), N_("{kind} is no kind of point of {class}"),
          N_("The word is not in the dictionary of the class. Use its word, or have the dictionary extended.")),
    Check("joins_differ", WARNING, POINT, N_("Number of lines does not fit the fitting"),
          N_("{value} lines meet at a {point_kind}, which joins {limit}"),
          N_("A tee joins three lines, a cross four. A line is missing, recorded twice, or the point is a bend. At the "
             "edge of a survey area the missing line may belong to the neighbour."), digits=0),
    Check("end_near_line", WARNING, POINT, N_("Loose end beside a line"),
          N_("Line {other} passes {value} m away and is not joined"),
          N_("A line that ends so near another of its sub-class was probably meant to meet it: tracing and valve search "
             "stop here. Join them, or record the cap."), unit="m",
          limit=Limit(0.5, N_("twice what a hidden point at 2.5 m may be off (0.10 of its depth each, CJJ 61)"))),
    Check("end_unexplained", WARNING, POINT, N_("Line ends without a reason"),
          N_("One line ends here, and nothing says why"),
          N_("A line ends at a cap, a stub, an inlet, a well or a facility. Say which, or survey on; at the edge of a "
             "survey area the line goes on in the next.")),
    Check("point_near_point", ERROR, POINT, N_("Two points nearer than the survey can tell apart"),
          N_("Point {other} lies {value} m away; only from {limit} m on are two points certain"),
          N_("One point was probably surveyed twice, perhaps by two parties at a common border. Make one of them, so "
             "that their lines are joined."), unit="m", digits=3,
          limit=Limit(0.10, N_("CJJ 61: limit of a hidden point 0.10 of its depth, depths below 1 m count as 1 m"),
                      "verified_secondary")),
    Check("components_apart", NOTE, POINT, N_("Part of a network on its own"),
          N_("{value} lines hang together here without the rest; the network falls into {parts} parts"),
          N_("A pressure network is one: where a part has no feed of its own, a line that joins it was not surveyed."),
          digits=0),
    Check("abandoned_joined", WARNING, LINE, N_("Abandoned line still connected"),
          N_("Out of use, and still joined to line {other} in use"),
          N_("An abandoned pipe that was not cut off can leak, or let gas into the ground. Have it cut and capped, or "
             "correct its usage status.")),
    Check("line_long", WARNING, LINE, N_("Line too long"), N_("{value} m between two points, more than {limit} m"),
          N_("Points stand at every bend and at least every few dozen metres; over a longer run the plan and the "
             "levels in between are guesses. Were points left out?"), unit="m",
          limit=Limit(75.0, N_(
              "a survey office's published list of checks (BdJmLtd excel-check); others than drainage by common"
              " spacing of wells and valves"
          ),
                      "verified_local", by_class={"RQ": 150.0, "RL": 150.0, "TX": 200.0, "DL": 150.0})),
    Check("line_short", WARNING, LINE, N_("Line too short"), N_("Only {value} m long"),
          N_("Shorter than the survey is exact: two points that are probably one."), unit="m", digits=3,
          limit=Limit(0.05, _EXCHANGE, "verified_local")),
    Check("line_crosses_itself", WARNING, LINE, N_("Line crosses itself"), N_("The drawing crosses itself"),
          N_("No pipe does; vertices are out of order. Draw it again.")),
    Check("point_outside", ERROR, POINT, N_("Point outside the city"),
          N_("The point lies {value} m outside the city"),
          N_("Usually X and Y are swapped, or the coordinate system or zone is another than said. X runs north in "
             "survey tables."), unit="m", digits=0, limit=_BORDER),
    Check("line_outside", ERROR, LINE, N_("Line leaves the city"), N_("{value} m of the line lie outside the city"),
          N_("Its ends lie in the city, vertices between them do not. Correct the drawing."), unit="m", digits=1, limit=_BORDER),
)
# fmt: on
