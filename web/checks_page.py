"""数据检查: runs of the checks over the network in force, and what they found.

The page is a frame with its words; what it shows and does goes through ``/api/v1`` from the browser.
"""

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.dependencies import Actor, DbSession, allow
from api.pipeline_access import READERS
from gis.i18n import _
from web.pipeline_pages import frame
from web.rendering import render
from web.survey_words import CHECKS, COMMON, FINDING_ICONS, MAP_KEY, RUN_STATES, SEVERITIES

router = APIRouter(include_in_schema=False)

# What imports/checks.js imports, all the way down; the modules of every page come by themselves.
MODULES = (
    *(f"imports/{name}.js" for name in ("findings", "findings_map", "follow", "parts", "tabs")),
    *(f"js/{name}.js" for name in ("api", "page_words", "place_map")),
)
ICONS = (*FINDING_ICONS, *(look.icon for look in RUN_STATES.values()))


@router.get("/pipelines/checks", dependencies=[Depends(allow(*READERS))])
def checks(request: Request, session: DbSession, actor: Actor) -> Response:
    """The frame of the checks; the address says which run its script shows."""
    values = frame(session, actor)
    data = {
        "words": {name: _(text) for name, text in (COMMON | CHECKS).items()},
        "severities": {code: look.told() for code, look in SEVERITIES.items()},
        "states": {code: look.told() for code, look in RUN_STATES.items()},
        "classes": values["classes"],
    }
    return render(
        request,
        "checks.html",
        actor,
        **values,
        map_key=MAP_KEY,
        icons=sorted(set(ICONS)),
        data=data,
        modules=MODULES,
    )
