"""Write the table and the state diagram of ``docs/workflow.md``: ``python -m docs.tools.write_workflow``.

Both are made of :data:`gis.case.workflow.STEPS` and stand between two marks; the words around them are
written by hand.
"""

from pathlib import Path

from gis.case.states import ENDED, CaseState
from gis.case.workflow import ACTIONS, REPORTERS, ROLE_TITLES, STATE_TITLES, STEPS
from gis.i18n import catalogue
from gis.people.models import Role

PAGE = Path(__file__).parent.parent / "workflow.md"
BEGIN, END = "<!-- made from gis/case/workflow.py: begin -->", "<!-- end -->"
MANY = 4  # a step from more states than this is told in words; its arrows would hide all others


def chinese(english: str) -> str:
    """The Chinese words of a title."""
    return catalogue("zh_CN")[english]


def roles(holders: tuple[Role, ...]) -> str:
    return "、".join(f"{chinese(ROLE_TITLES[role])} `{role}`" for role in holders)


def diagram() -> str:
    """The states and steps as a Mermaid state diagram."""
    lines = ["```mermaid", "stateDiagram-v2"]
    for state in CaseState:
        title = STATE_TITLES[state]
        lines.append(f'    state "{chinese(title)}<br/>{title.replace(", ", "<br/>")}" as {state}')
    lines.append(f"    [*] --> {CaseState.REPORTED}: {chinese(ACTIONS['report'])} report")
    drawn: set[tuple[str, str, str]] = set()
    for step in STEPS:
        if len(step.sources) > MANY:
            continue
        for source in step.sources:
            if (source, step.action, step.target) not in drawn:
                drawn.add((source, step.action, step.target))
                lines.append(f"    {source} --> {step.target}: {chinese(step.title)} {step.action}")
    lines += [f"    {state} --> [*]" for state in CaseState if state in ENDED]
    return "\n".join([*lines, "```"])


def table() -> str:
    """The steps as a Markdown table, in the order of the workflow table."""
    lines = [
        "| step | from | to | who may | needs | only for reports from |",
        "| --- | --- | --- | --- | --- | --- |",
        f"| {chinese(ACTIONS['report'])} `report` | – | `{CaseState.REPORTED}` "
        f"| {roles(REPORTERS)} | – | – |",
    ]
    for step in STEPS:
        cells = (
            f"{chinese(step.title)} `{step.action}`",
            ", ".join(f"`{source}`" for source in step.sources),
            f"`{step.target}`",
            roles(step.roles),
            ", ".join(step.needs) or "–",
            ", ".join(step.reports) or "–",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def made() -> str:
    """What stands between the marks."""
    apart = [step for step in STEPS if len(step.sources) > MANY]
    words = [
        f"Not drawn: {chinese(step.title)} `{step.action}` leads from "
        f"{', '.join(f'`{source}`' for source in step.sources)} to `{step.target}`."
        for step in apart
    ]
    return "\n\n".join([BEGIN, diagram(), *words, table(), END])


def renewed(page: str) -> str:
    """The page with what stands between the marks made anew."""
    before, rest = page.split(BEGIN, 1)
    return before + made() + rest.split(END, 1)[1]


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text("utf-8")), encoding="utf-8")
