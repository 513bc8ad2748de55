"""Checks for what the tables of the network cannot hold, and for what makes the way there unsafe."""

from gis.i18n import N_
from gis.pipeline.checks.check import Check, Limit, Severity, Subject

FATAL, ERROR, NOTE = Severity.FATAL, Severity.ERROR, Severity.NOTE
POINT, LINE = Subject.POINT, Subject.LINE

# fmt: off
STORING: tuple[Check, ...] = (
    Check("point_number_missing", FATAL, POINT, N_("Point without a number"), N_("The point has no number"),
          N_("Lines name their ends by point number; without one nothing can refer to the point. Number it in the "
             "survey's table."), only_import=True),
    Check("line_number_missing", FATAL, LINE, N_("Line without a number"), N_("The line has no number"),
          N_("A line is known by its number when the area is surveyed again. Number it in the survey's table."),
          only_import=True),
    Check("point_number_repeated", FATAL, POINT, N_("Point number used again"),
          N_("The number is used by a row before this one"),
          N_("A number means one point inside a survey area (CJJ 61). The first row of the number is kept, the later "
             "ones cannot be. Delete the copy, or give the other point a number of its own."), only_import=True),
    Check("line_number_repeated", FATAL, LINE, N_("Line number used again"),
          N_("The number is used by a row before this one"),
          N_("A number means one line inside a survey area. The first row of the number is kept, the later ones "
             "cannot be. Delete the copy, or give the other line a number of its own."), only_import=True),
    Check("point_class_unknown", FATAL, POINT, N_("Unknown class of a point"),
          N_("{code} names no sub-class of pipelines"),
          N_("Classes are those of CJJ 61-2017 appendix B and their aliases. Map the column that holds the class, or "
             "correct the code."), only_import=True),
    Check("line_class_unknown", FATAL, LINE, N_("Unknown class of a line"),
          N_("{code} names no sub-class of pipelines"),
          N_("The class decides to which face depths are measured and which limits hold. Map the column that holds "
             "the class, or correct the code."), only_import=True),
    Check("point_without_place", FATAL, POINT, N_("Point without a place"),
          N_("The point has no usable coordinates"),
          N_("Coordinates are empty, infinite or no numbers. Survey the point again, or correct the row."),
          only_import=True),
    Check("line_broken", FATAL, LINE, N_("Broken geometry"), N_("The line's drawing cannot be used"),
          N_("The drawing has fewer than two vertices, or coordinates that are no numbers. Draw it again, or leave "
             "it out: it then runs straight between its points."), only_import=True),
    Check("end_missing", FATAL, LINE, N_("End point does not exist"), N_("No point has the number {numbers}"),
          N_("Both ends of a line must be points of the survey. A typing error in the number is usual; the point may "
             "also have been left out."), only_import=True),
    Check("same_ends", FATAL, LINE, N_("Start and end are one point"), N_("Both ends are point {number}"),
          N_("A line joins two points. Correct one of the two numbers."), only_import=True),
    Check("line_without_length", FATAL, LINE, N_("Line without length"), N_("Both ends lie at one place"),
          N_("Two points of different numbers share their coordinates. A vertical piece is surveyed as one point; "
             "else one of the two has wrong coordinates."), only_import=True),
    Check("line_off_its_points", FATAL, LINE, N_("Drawing does not begin and end at its points"),
          N_("An end of the drawing lies {value} m off its point"),
          N_("Lines of another layer may be drawn to the edge of a well, its point stands in the middle. The network "
             "joins lines at points: draw the ends to the points, or leave the drawing out."),
          unit="m", digits=3, only_import=True,
          limit=Limit(0.01, N_("the guard of the database: ends lie within a centimetre of their points"))),
    Check("point_value_unstorable", FATAL, POINT, N_("A point's value does not fit"), N_("Not storable: {fields}"),
          N_("A code that no dictionary has, a text that is too long, or a negative count. Correct the cells named."),
          only_import=True),
    Check("line_value_unstorable", FATAL, LINE, N_("A line's value does not fit"), N_("Not storable: {fields}"),
          N_("A code that no dictionary has, a text that is too long, or a negative count. Correct the cells named."),
          only_import=True),
    # After everything else that is fatal: it asks what was found.
    Check("end_unstorable", FATAL, LINE, N_("End point cannot be stored"), N_("Point {numbers} cannot be stored"),
          N_("The line itself may be sound, but one of its points has a fatal finding. Mend the point first."),
          only_import=True),
    Check("point_number_ambiguous", ERROR, POINT, N_("Several points of one number"),
          N_("{value} rows have this number; lines were joined to this one"),
          N_("The rows after this one cannot be stored. Whether lines meant this point or another of its number only "
             "the survey knows."), digits=0, only_import=True),
    Check("line_number_ambiguous", ERROR, LINE, N_("Several lines of one number"),
          N_("{value} rows have this number; this is the first"),
          N_("The rows after this one cannot be stored. Delete the copies, or number them apart."),
          digits=0, only_import=True),
    Check("point_cells_unread", ERROR, POINT, N_("A point's cells could not be read"), N_("Not read: {cells}"),
          N_("The column stays empty, the cell's text is shown here. Correct the cell, its unit or the mapping of the "
             "columns; accepting the row as it is loses it."), only_import=True),
    Check("line_cells_unread", ERROR, LINE, N_("A line's cells could not be read"), N_("Not read: {cells}"),
          N_("The column stays empty, the cell's text is shown here. Correct the cell, its unit or the mapping of the "
             "columns; accepting the row as it is loses it."), only_import=True),
)

# After all errors: it asks what was found.
END_NOT_CLEAN = Check(
    "end_not_clean", NOTE, LINE, N_("End point is not clean"), N_("Point {numbers} has an error"),
    N_("Nothing is wrong with the line itself. Where only clean rows are accepted it stays out with its point."),
    only_import=True)
# fmt: on
