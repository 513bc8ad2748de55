"""What the pages of evaluation have in common: a small bar of their own, of the pages that there are."""

from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from fastapi import FastAPI, Request

from api.access import api_routes, declared_access
from api.evaluation.asked import READERS
from gis.i18n import N_, _
from gis.people.models import Person, Role
from web.navigation import Section

__all__ = ["PAGES", "READERS", "TRUST", "WRITERS", "frame"]

WRITERS = (Role.EVALUATOR, Role.ADMIN)  # of score cards

PAGES = (
    Section("/evaluation", N_("Dashboard"), "", "gauge"),
    Section("/evaluation/map", N_("Map of figures"), "", "map"),
    Section("/evaluation/closed", N_("Closed periods"), "", "lock-keyhole"),
    Section("/evaluation/watches", N_("Watches"), "", "radar"),
    Section("/evaluation/reports", N_("Analysis reports"), "", "file-chart-column"),
    Section("/evaluation/incidents", N_("Pipeline incidents"), "", "droplets"),
    Section("/evaluation/cards", N_("Score cards"), "", "scale"),
    Section("/evaluation/wall", N_("Wall screen"), "", "monitor"),
)


@dataclass(frozen=True)
class Trust:
    """How a status looks: a kind of badge, an icon, a word and what it means."""

    kind: str
    icon: str
    title: str
    hint: str

    def told(self) -> dict[str, str]:
        """The same for scripts, in the reader's language."""
        return asdict(self) | {"title": _(self.title), "hint": _(self.hint)}


# How far a formula or a card may be trusted, by its status.
TRUST = {
    "verified_local": Trust(
        "waits",
        "book-open",
        N_("Unverified: a city's notes"),
        N_("As a city system prints it; the text of the standard was not available to compare with"),
    ),
    "inferred": Trust(
        "waits",
        "circle-question-mark",
        N_("Unverified: inferred"),
        N_("Completed by reasoning where the sources are silent or contradict themselves"),
    ),
    "own": Trust("done", "landmark", N_("Our own"), N_("Laid down here, not by a standard")),
}


def frame(request: Request, actor: Person) -> dict[str, Any]:
    """Values every template of these pages needs."""
    return {"beside": beside(request, actor), "TRUST": TRUST}


def beside(request: Request, actor: Person) -> list[Section]:
    """The pages of evaluation that this service has and a person may see."""
    served = _served(request.app)
    return [one for one in PAGES if actor.role in served.get(one.path, ())]


@lru_cache(maxsize=2)
def _served(app: FastAPI) -> dict[str, tuple[Role, ...]]:
    """Addresses of the service's pages of evaluation, and who may use them."""
    paths = {one.path for one in PAGES}
    return {route.path: declared_access(route) or () for route in api_routes(app) if route.path in paths}
