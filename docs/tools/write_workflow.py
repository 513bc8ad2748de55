"""Write the table and the state diagram of ``docs/workflow.md``: ``python -m docs.tools.write_workflow``.

Both are made of :data:`gis.case.workflow.STEPS` and stand between two marks; the words around them are
written by hand.
"""

from pathlib import Path

from gis.case.stages import STAGES
from gis.case.states import ENDED, CaseState
from gis.case.workflow import (
    ACTIONS,
    PROOF_TITLES,
    REPORTERS,
    ROLE_TITLES,
    STATE_TITLES,
    STEPS,
    Step,
)
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
    """The states and steps as a Mermaid state diagram; side records and requests stand in the table only."""
    lines = ["```mermaid", "stateDiagram-v2"]
    for state in CaseState:
        title = STATE_TITLES[state]
        lines.append(f'    state "{chinese(title)}<br/>{title.replace(", ", "<br/>")}" as {state}')
    lines.append(f"    [*] --> {CaseState.REPORTED}: {chinese(ACTIONS['report'])} report")
    drawn: dict[tuple[str, str], list[str]] = {}
    for step in STEPS:
        if step.target is None or len(step.sources) > MANY:
            continue
        for source in step.sources:
            names = drawn.setdefault((source, step.target), [])
            name = f"{chinese(step.title)} {step.action}"
            if name not in names:
                names.append(name)
    lines += [f"    {a} --> {b}: {', '.join(names)}" for (a, b), names in drawn.items()]
    lines += [f"    {state} --> [*]" for state in CaseState if state in ENDED]
    return "\n".join([*lines, "```"])


def table() -> str:
    """The steps as a Markdown table, in the order of the workflow table."""
    lines = [
        "| step | from | to | who may | needs | clock | only |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        f"| {chinese(ACTIONS['report'])} `report` | – | `{CaseState.REPORTED}` "
        f"| {roles(REPORTERS)} | – | `next` | – |",
    ]
    for step in STEPS:
        cells = (
            f"{chinese(step.title)} `{step.action}`",
            ", ".join(f"`{source}`" for source in step.sources),
            f"`{step.target}`" if step.target else "stays",
            roles(step.roles),
            ", ".join(step.needs) or "–",
            f"`{step.clock}`",
            "; ".join(only(step)) or "–",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def only(step: Step) -> list[str]:
    """What else must hold for a step to be open, and what it leaves waiting."""
    found = [f"for reports from {', '.join(step.reports)}"] if step.reports else []
    found += [PROOF_TITLES[proof].removeprefix("only ") for proof in step.proofs]
    if step.decides:
        found.append(f"decides `{step.decides}`")
    if step.asks:
        found.append(f"asks for `{step.asks}`")
    return found


def stages() -> str:
    """The links and their limits as a Markdown table."""
    lines = [
        "| link | states | whose turn | limit, day and night | source | status |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for stage in STAGES.values():
        cells = (
            f"{chinese(stage.title)} `{stage.code}`",
            ", ".join(f"`{state}`" for state in stage.states),
            roles(stage.holders) or "–",
            f"{stage.minutes} min" if stage.minutes else "–",
            stage.source,
            stage.status,
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def made() -> str:
    """What stands between the marks."""
    apart = [step for step in STEPS if step.target is not None and len(step.sources) > MANY]
    words = [
        f"Not drawn: {chinese(step.title)} `{step.action}` leads from "
        f"{', '.join(f'`{source}`' for source in step.sources)} to `{step.target}`."
        for step in apart
    ]
    return "\n\n".join([BEGIN, diagram(), *words, table(), stages(), END])


def renewed(page: str) -> str:
    """The page with what stands between the marks made anew."""
    before, rest = page.split(BEGIN, 1)
    return before + made() + rest.split(END, 1)[1]


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text("utf-8")), encoding="utf-8")
