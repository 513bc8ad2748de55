"""What an import has to say about each row: the rules as one table, and the report that collects them.

A rule refuses a row, or lets it in and says what is noteworthy about it. Codes are a promise to programs; the
titles are for people and are translated when they are shown.
"""

import csv
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from gis.errors import InvalidInput
from gis.i18n import N_, _, gettext


@dataclass(frozen=True)
class Rule:
    """One check. ``refuses``: the row stays out; else it is loaded and the finding kept."""

    code: str
    refuses: bool
    title: str


# fmt: off
RULES: tuple[Rule, ...] = (
    # Every kind of input
    Rule("value_missing", True, N_("a needed value is missing or cannot be read")),
    Rule("value_not_taken", False, N_("a value cannot be read and was left empty")),
    Rule("number_repeated", True, N_("the number occurs earlier in this import")),
    Rule("already_there", True, N_("it is in the city already")),
    Rule("no_geometry", True, N_("no usable place or shape")),
    Rule("wrong_geometry", True, N_("a shape of another kind than is needed here")),
    Rule("broken_geometry", True, N_("the shape is broken")),
    Rule("outside_city", True, N_("the place lies outside the city")),
    Rule("bad_code", True, N_("the code cannot be right")),
    Rule("heights_not_taken", False, N_("heights of the drawing were not taken; levels come as columns")),
    # Pipelines
    Rule("unknown_kind", True, N_("the kind names no class of pipelines")),
    Rule("duplicate_geometry", True, N_("the same shape was drawn before, in the same class")),
    Rule("zero_length", True, N_("the line has no length")),
    Rule("closed_ring", True, N_("the line ends where it begins")),
    Rule("same_line_other_class", False, N_("a line of another class has the same shape")),
    Rule("parts_joined", False, N_("several parts, joined end to end into one")),
    Rule("parts_split", False, N_("several parts that do not join, loaded as segments of their own")),
    Rule("self_crossing", False, N_("the line crosses itself")),
    Rule("very_short", False, N_("the line is shorter than 5 cm")),
    Rule("manhole_near_end", False, N_("a manhole lies within 0.5 m of an end, not on it; nothing moved")),
    Rule("no_year", False, N_("year laid unknown")),
    Rule("no_levels", False, N_("depths and levels unknown")),
    Rule("no_size", False, N_("size unknown")),
    Rule("point_kind_unclear", False, N_("what stands at the point is not said")),
    # Areas, grids, components
    Rule("unknown_parent", True, N_("the area or grid it belongs to is not there")),
    Rule("overlaps", True, N_("it overlaps another of its kind")),
    Rule("area_overlaps", False, N_("it overlaps a neighbour of the same level")),
    Rule("leaves_parent", True, N_("it leaves the community of its code")),
    Rule("other_grid", False, N_("the file names another grid than the one it lies in; the place decides")),
    # Cases
    Rule("times_in_disorder", True, N_("the times contradict each other")),
    Rule("not_accepted", True, N_("the case loop does not take it")),
    Rule("class_by_fallback", False, N_("no class of ours fits; filed under other problems")),
    Rule("no_target", False, N_("no deadline in the file; the case has none and counts as never late")),
)
# fmt: on
_BY_CODE = {rule.code: rule for rule in RULES}


@dataclass(frozen=True)
class Where:
    """A row of a file, counted from 1 without the heading; ``number`` is what it calls itself."""

    file: str
    row: int
    number: str = ""


@dataclass(frozen=True)
class Finding:
    """What a rule says about a row; ``detail`` is already in the reader's language."""

    where: Where
    rule: Rule
    detail: str = ""


@dataclass
class Report:
    """Counts and findings of one import. ``made``: what came of the rows, as ``{"pipe_segment": 12}``."""

    subject: str
    read: int = 0
    loaded: int = 0
    made: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)

    def add(self, code: str, where: Where, detail: str = "") -> None:
        """Note a finding; whether it refuses the row stands in the table."""
        self.findings.append(Finding(where, _BY_CODE[code], detail))

    @property
    def refused(self) -> int:
        """Rows that stayed out. Each row is refused by one rule, the first that it breaks."""
        return sum(finding.rule.refuses for finding in self.findings)

    def settle(self) -> None:
        """Bring the findings into the order of the rows, and drop what was noted about rows refused later."""
        out = {finding.where for finding in self.findings if finding.rule.refuses}
        kept = [f for f in self.findings if f.rule.refuses or f.where not in out]
        files = list(dict.fromkeys(finding.where.file for finding in kept))
        self.findings = sorted(kept, key=lambda f: (files.index(f.where.file), f.where.row))

    def count(self, refuses: bool) -> list[tuple[Rule, int]]:
        """How often each rule spoke, in the order of the table."""
        counts = Counter(finding.rule.code for finding in self.findings)
        return [(rule, counts[rule.code]) for rule in RULES if rule.refuses == refuses and counts[rule.code]]

    def write_csv(self, path: Path) -> None:
        """Write all findings, one a line. UTF-8 with BOM, because spreadsheets open it.

        Raises
        ------
        InvalidInput
            The file cannot be written.
        """
        try:
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                lines = csv.writer(file)
                lines.writerow(["file", "row", "number", "outcome", "code", "reason", "detail"])
                for each in self.findings:
                    outcome = "refused" if each.rule.refuses else "kept"
                    place = (each.where.file, each.where.row, each.where.number)
                    lines.writerow([*place, outcome, each.rule.code, gettext(each.rule.title), each.detail])
        except OSError as error:
            raise InvalidInput(
                _("The report {path} cannot be written: {reason}").format(path=path, reason=error.strerror)
            ) from error
