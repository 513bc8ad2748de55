"""Words and icons that the scripts of the survey and check pages put on the page, by the names they know."""

from dataclasses import dataclass

from gis.i18n import N_, _, pick
from gis.pipeline.checks.check import Severity
from gis.standard.tables import pipeline_fields
from gis.survey.head_words import FIELDS, HELD


@dataclass(frozen=True)
class Look:
    """How a state or a severity is told: title, icon, and of states the kind."""

    title: str
    icon: str
    kind: str = ""

    def told(self) -> dict[str, str]:
        """For the script, in the reader's language."""
        title = _(self.title)
        return {"title": title[:1].upper() + title[1:], "icon": self.icon, "kind": self.kind}


SEVERITIES: dict[str, Look] = {
    Severity.FATAL: Look(Severity.FATAL, "octagon-x"),
    Severity.ERROR: Look(Severity.ERROR, "triangle-alert"),
    Severity.WARNING: Look(Severity.WARNING, "diamond"),
    Severity.NOTE: Look(Severity.NOTE, "info"),
}

# Kinds: work (a job is at it), waits (a person's turn), done, ended, wrong.
IMPORT_STATES: dict[str, Look] = {
    "received": Look(N_("Received"), "inbox", "work"),
    "reading": Look(N_("Reading the files"), "file-search", "work"),
    "checking": Look(N_("Checking"), "scan-search", "work"),
    "checked": Look(N_("Waits for a decision"), "clipboard-check", "waits"),
    "accepting": Look(N_("Being accepted"), "database", "work"),
    "accepted": Look(N_("Accepted"), "circle-check-big", "done"),
    "undoing": Look(N_("Being taken back"), "undo-2", "work"),
    "undone": Look(N_("Taken back"), "undo-2", "ended"),
    "dropped": Look(N_("Dropped"), "circle-slash", "ended"),
    "failed": Look(N_("Failed"), "circle-alert", "wrong"),
}
RUN_STATES: dict[str, Look] = {
    "waiting": Look(N_("Waits for its turn"), "hourglass", "work"),
    "running": Look(N_("Checking"), "scan-search", "work"),
    "done": Look(N_("Done"), "circle-check-big", "done"),
    "failed": Look(N_("Failed"), "circle-alert", "wrong"),
}

COMMON: dict[str, str] = {
    "allChecks": N_("All checks"),
    "doneOf": N_("{done} of {total}"),
    "doneSo": N_("{done} so far"),
    "firstStaged": N_(
        "The map shows the first {n} rows each that are new, changed or refused; the lists show all."
    ),
    "firstOnMap": N_("The map shows the first {n}; choose a check or a severity to see the others."),
    "measured": N_("Found: {value}"),
    "measuredAgainst": N_("Found: {value}; limit: {limit}"),
    "noAnswer": N_("No answer from the service. Check the connection and try again."),
    "noPlace": N_("no place on the map"),
    "rowNo": N_("row {n}"),
    "shownOf": N_("{n} of {all} shown"),
}

LIST: dict[str, str] = {
    "filesMore": N_("{first} and {n} more"),
    "importNo": N_("Import {id}"),
    "pointsLines": N_("{points} points, {lines} lines"),
}

REPORT: dict[str, str] = {
    "acceptAll": N_("Accept all rows"),
    "acceptClean": N_("Accept the clean rows ({n} of {all})"),
    "acceptedAll": N_("All rows were accepted into the network. It can be taken back as a whole."),
    "acceptedClean": N_(
        "The clean rows were accepted into the network, {n} of {all}. It can be taken back as a whole."
    ),
    "changeChanged": N_("change"),
    "changeGone": N_("gone"),
    "changeMissing": N_("not in the files, stay"),
    "changeNew": N_("new"),
    "clean": N_("{n} clean"),
    "decide": N_(
        "{n} of {all} rows are clean. Accept these, accept all with their faults, or drop the import."
    ),
    "decideClean": N_("Every row is clean. Accept them into the network, or drop the import."),
    "decideFatal": N_(
        "Some rows cannot be stored. {n} of {all} rows are clean: accept these, or mend the files"
        " and import them again."
    ),
    "done": N_("Done: {step}"),
    "dropImport": N_("Drop the import"),
    "findingsLabel": N_("findings"),
    "kind_changed": N_("Changed"),
    "kind_gone": N_("Gone"),
    "kind_missing": N_("Not in the files"),
    "kind_moved": N_("Moved with its ends"),
    "kind_new": N_("New"),
    "kind_refused": N_("Cannot be stored"),
    "kind_same": N_("The same"),
    "lines": N_("lines"),
    "movedBy": N_("moved by {distance} m"),
    "noFindings": N_("no findings"),
    "points": N_("points"),
    "step_compare": N_("comparing with the network"),
    "step_merge": N_("taking the rows over"),
    "step_read": N_("reading rows"),
    "step_undo": N_("taking the rows back"),
    "subject_line": N_("line"),
    "subject_point": N_("point"),
    "sureAll": N_("Rows with faults go into the network as they are; nothing is corrected by itself."),
    "sureDrop": N_("The rows read so far are thrown away. The network stays as it is."),
    "sureUndo": N_("The network becomes what it was before this import was accepted."),
    "undo": N_("Take the import back"),
    "unknown": N_("unknown"),
}

WIZARD: dict[str, str] = {
    "chooseFirst": N_("Choose the files first."),
    "column": N_("Column"),
    "columnsMean": N_("What the columns mean"),
    "emptyColumns": N_("{n} columns without values at the beginning"),
    "firstRows": N_("First rows as they stand in the file"),
    "how_alias": N_("known name"),
    "how_alike": N_("similar name"),
    "how_kind": N_("by the kind of file"),
    "how_name": N_("name of the standard"),
    "how_said": N_("as you said"),
    "how_saved": N_("as saved"),
    "howSure": N_("How it was recognised"),
    "keptAside": N_("kept as it is, not checked"),
    "looking": N_("The files are on their way and looked at"),
    "mappingSaved": N_("The mapping {name} was saved"),
    "meaning": N_("Meaning"),
    "meaningOf": N_("Meaning of the column {column}"),
    "neededMissing": N_("Without these columns the table cannot be read: {fields}. Choose them below."),
    "notRead": N_("not read"),
    "openImport": N_("Open import {id}"),
    "removeFile": N_("Leave {name} out"),
    "rowsCount": N_("{n} rows"),
    "samples": N_("Values"),
    "sending": N_("The files are on their way"),
    "severalClasses": N_("several classes"),
    "taken_both": N_("points and lines, {class}"),
    "taken_line": N_("lines, {class}"),
    "taken_point": N_("points, {class}"),
}

CHECKS: dict[str, str] = {
    "allClasses": N_("All classes"),
    "findingsCount": N_("{n} findings"),
    "inArea": N_("in an area"),
    "limit": N_("Limit: {limit}"),
    "onlyImport": N_("(of surveys on their way in only)"),
    "wholeCity": N_("Whole city"),
}

# The same shapes as on the map: see imports/findings_map.js.
MAP_KEY = (
    ("octagon", Severity.FATAL),
    ("triangle", Severity.ERROR),
    ("diamond", Severity.WARNING),
    ("circle", Severity.NOTE),
)

FINDING_ICONS = (*(look.icon for look in SEVERITIES.values()), "map-pin-off")

# Fields of ours that the standard's tables hold under no name of their own.
OWN_FIELDS: dict[str, str] = {
    "easting": N_("Easting"),
    "height_mm": N_("Height of the section (mm)"),
    "is_open": N_("Valve position"),
    "kind": N_("Class"),
    "lat": N_("Latitude"),
    "lon": N_("Longitude"),
    "northing": N_("Northing"),
    "sub_code": N_("Sub-class"),
    "width_mm": N_("Width of the section (mm)"),
}


def fields() -> dict[str, list[dict[str, str]]]:
    """What a column may be mapped to, by table: name and title, as the standard calls it where it does."""
    titles = {
        (row.table_name, HELD[row.table_name][row.field]): pick(row.name_zh, row.name_en)
        for row in pipeline_fields()
        if row.field in HELD.get(row.table_name, {})
    }
    return {
        table: [
            {"name": name, "title": titles.get((table, name)) or _(OWN_FIELDS[name])}
            for name in dict.fromkeys(names)
        ]
        for table, names in FIELDS.items()
    }
