"""工作台: the desk of acceptors, shift leaders, dispatchers, departments and those who watch.

The page is a frame with its words; what it shows and does goes through ``/api/v1`` from the browser.
"""

from typing import Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.dependencies import Actor, DbSession, allow
from gis.case.workflow import STATE_TITLES
from gis.i18n import _
from gis.people.models import Person, Role
from gis.people.queries import inspectors
from gis.settings import get_settings
from web.city_place import city_centre, city_offset
from web.desk_words import ICONS, LAMPS, SAID, TEXTS, WATCHED, desk_units
from web.navigation import AT_DESKS
from web.rendering import render
from web.words import KINDS, SOURCES, STATES

router = APIRouter(include_in_schema=False)

# What desk/desk.js imports, all the way down; the modules of every page come by themselves.
MODULES = (
    *(f"desk/{name}.js" for name in (
        "address", "batch", "clock", "keys", "list", "live", "map", "panel", "photos", "queues", "refresh",
        "sections", "words",
    )),
    *(f"js/{name}.js" for name in ("act_form", "page_words", "photo_tray", "photo_upload", "place_map")),
)  # fmt: skip


@router.get("/desk", dependencies=[Depends(allow(*AT_DESKS))])
def desk(request: Request, session: DbSession, actor: Actor) -> Response:
    """The frame of the desk; the address says what its script shows in it."""
    return render(
        request,
        "desk.html",
        actor,
        centre=city_centre(session),
        people=inspectors(session) if actor.role is Role.ACCEPTOR else [],
        most_bytes=get_settings().max_upload_bytes,
        offset=city_offset(),
        icons=sorted({*ICONS, *(look.icon for look in STATES.values())}),
        data=desk_data(actor),
        modules=MODULES,
    )


def desk_data(actor: Person) -> dict[str, Any]:
    """Words and looks for the desk's script, in the reader's language."""
    words: dict[str, Any] = {name: _(text) for name, text in TEXTS.items()}
    words["kinds"] = {name: _(text) for name, text in KINDS.items()}
    words["sources"] = {str(name): _(text) for name, text in SOURCES.items()}
    words["saidWords"] = {name: _(text) for name, text in SAID.items()}
    words["watched"] = {name: _(text) for name, text in WATCHED.items()}
    states = {str(state): title for state, title in STATE_TITLES.items()}
    words["narrowed"] = {
        name: _(text) for table in (LAMPS, KINDS, SOURCES, states) for name, text in table.items()
    }
    words["units"] = desk_units()
    return {
        "words": words,
        "person": {"login": actor.login, "role": actor.role},
        "states": {state: {"icon": look.icon, "held": look.held} for state, look in STATES.items()},
    }
