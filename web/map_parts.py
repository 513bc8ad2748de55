"""What the map page shows of its layers beyond the switch: legends to choose from, words of live changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from gis.case.workflow import ACTIONS
from gis.i18n import N_, _
from layers.layer import Layer
from layers.legend import Entry, legend

WORDS: dict[str, str] = {
    "live": N_("Live · as of {time}"),
    "connecting": N_("Connecting …"),
    "offline": N_("Offline since {time}"),
    "news": N_("{time} {action}: {what}"),
    "window": N_("{from} to {to}: {n} cases"),
    "dayOf": N_("The city on {day}"),
    "comma": N_(", "),
    "asNow": N_("As they are now: {layers}"),
}


@dataclass(frozen=True)
class Choice:
    """One way to tell a layer's rows apart: ``by`` is a column, ``entries`` its legend."""

    by: str
    title: str
    entries: tuple[Entry, ...]


def map_parts(session: Session, layers: Sequence[Layer]) -> dict[str, Any]:
    """For the page's template: ``choices`` of layers that have some, and ``live`` words."""
    return {
        "choices": {layer.name: choices(session, layer) for layer in layers if layer.also_by},
        "live": {
            "words": {name: _(words) for name, words in WORDS.items()},
            "actions": {action: _(title) for action, title in ACTIONS.items()},
        },
    }


def choices(session: Session, layer: Layer) -> list[Choice]:
    """The usual classes of a layer and the others it may be told apart by."""
    usual = [layer.classes] if layer.classes else []
    return [
        Choice(classes.by, _(classes.title), legend(session, layer, None if classes in usual else classes))
        for classes in (*usual, *layer.also_by)
    ]
