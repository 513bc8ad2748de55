"""What the pages of evaluation have in common: a small bar of their own, of the pages that there are."""

from typing import Any

from fastapi import Request

from gis.i18n import N_
from gis.people.models import Person, Role
from web.navigation import EVALUATION_READERS as READERS
from web.navigation import Section

__all__ = ["PAGES", "READERS", "TRUST", "frame"]

PAGES = (
    Section("/evaluation", N_("Dashboard"), "", "gauge"),
    Section("/evaluation/map", N_("Map of figures"), "", "map"),
    Section("/evaluation/closed", N_("Closed periods"), "", "lock-keyhole"),
    Section("/evaluation/watches", N_("Watches"), "", "radar", roles=frozenset({Role.EVALUATOR, Role.ADMIN})),
    Section("/evaluation/reports", N_("Analysis reports"), "", "file-chart-column"),
    Section("/evaluation/incidents", N_("Pipeline incidents"), "", "droplets"),
    Section("/evaluation/cards", N_("Score cards"), "", "scale"),
    Section("/evaluation/wall", N_("Wall screen"), "", "monitor"),
)

# How far a formula or a card may be trusted, by its status.
TRUST = {
    "verified_local": {
        "kind": "waits",
        "icon": "book-open",
        "title": N_("Unverified: a city's notes"),
        "hint": N_("As a city system prints it; the text of the standard was not available to compare with"),
    },
    "inferred": {
        "kind": "waits",
        "icon": "circle-question-mark",
        "title": N_("Unverified: inferred"),
        "hint": N_("Completed by reasoning where the sources are silent or contradict themselves"),
    },
    "own": {
        "kind": "work",
        "icon": "pencil-ruler",
        "title": N_("The city's own"),
        "hint": N_("Laid down by this city, not by a standard"),
    },
}


def frame(request: Request, actor: Person) -> dict[str, Any]:
    """Values every template of these pages needs."""
    return {"beside": beside(request, actor), "TRUST": TRUST}


def beside(request: Request, actor: Person) -> list[Section]:
    """The pages of evaluation that this service has and a person may see."""
    served = {getattr(route, "path", "") for route in request.app.routes}
    return [one for one in PAGES if one.path in served and actor.role in one.roles]
