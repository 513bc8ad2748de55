"""Write the tables of ``docs/checks.md``: ``python -m docs.tools.write_checks``.

They are made of :data:`gis.pipeline.checks.table.CHECKS` and stand between two marks; the words around them
are written by hand.
"""

from pathlib import Path

from gis.i18n import catalogue
from gis.pipeline.checks.check import Check, Severity
from gis.pipeline.checks.rows_attributes import MATERIAL_RULES
from gis.pipeline.checks.table import CHECKS

PAGE = Path(__file__).parent.parent / "checks.md"
BEGIN, END = "<!-- made from gis/pipeline/checks/table.py: begin -->", "<!-- end -->"


def limit(check: Check) -> str:
    """What a check measures against, with where the number comes from."""
    if check.limit is None:
        return "the table's own, row by row" if check.limit_is_data else "–"
    classes = "".join(f", {code} {value:g}" for code, value in check.limit.by_class.items())
    return f"{check.limit.value:g} {check.unit}{classes} ({check.limit.source}; `{check.limit.status}`)"


def table(severity: Severity) -> str:
    """The checks of one severity as a Markdown table, in the order in which they are asked."""
    chinese = catalogue("zh_CN")
    lines = [
        f"### {severity.capitalize()}",
        "",
        "| check | of | limit | why, and what to do |",
        "| --- | --- | --- | --- |",
    ]
    lines += [
        f"| {chinese[check.title]} {check.title} `{check.code}`{' (imports only)' * check.only_import} "
        f"| {check.subject} | {limit(check)} | {check.explanation} |"
        for check in CHECKS
        if check.severity is severity
    ]
    return "\n".join(lines)


def materials() -> str:
    """The table of materials by class and year."""
    lines = [
        "### Materials by class and year",
        "",
        "| class | material | in use | source | status |",
        "| --- | --- | --- | --- | --- |",
    ]
    for rule in MATERIAL_RULES:
        years = f"{rule.first_year or ''}–{rule.last_year or ''}"
        cells = (rule.class_code, rule.material, "never" if years == "–" else years, rule.source, rule.status)
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def made() -> str:
    """What stands between the marks."""
    return "\n\n".join([BEGIN, *map(table, Severity), materials(), END])


def renewed(page: str) -> str:
    """The page with what stands between the marks made anew."""
    before, rest = page.split(BEGIN, 1)
    return before + made() + rest.split(END, 1)[1]


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text("utf-8")), encoding="utf-8")
