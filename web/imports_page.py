"""测区数据: surveys on their way in; the list, the way from files to an import, and the report of one.

The pages are frames with their words; what they show and do goes through ``/api/v1`` from the browser.
"""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from sqlalchemy import select
from starlette.responses import Response

from api.dependencies import Actor, DbSession, allow
from api.pipeline_access import READERS, WRITERS
from gis.errors import NotFound
from gis.i18n import N_, _
from gis.settings import get_settings
from gis.survey.models import SurveyImport
from web.pipeline_pages import frame, main_classes
from web.rendering import render
from web.survey_words import (
    COMMON,
    FINDING_ICONS,
    IMPORT_STATES,
    LIST,
    MAP_KEY,
    REPORT,
    SEVERITIES,
    WIZARD,
    fields,
)

router = APIRouter(prefix="/pipelines/imports", include_in_schema=False)

_SHARED = ("js/api.js", "js/page_words.js", "imports/parts.js")
# What each page's script imports, all the way down; the modules of every page come by themselves.
LIST_MODULES = (*_SHARED, "imports/follow.js")
WIZARD_MODULES = (*_SHARED, "imports/sheets.js", "imports/upload.js")
REPORT_MODULES = (
    *_SHARED,
    *(f"imports/{name}.js" for name in ("differences", "findings", "findings_map", "follow", "tabs")),
    "js/place_map.js",
)
STATE_ICONS = tuple(look.icon for look in IMPORT_STATES.values())
WIZARD_ICONS = ("check", "chevron-right", "circle-alert", "file-spreadsheet", "triangle-alert", "x")
REPORT_ICONS = (
    "ban", "check", "check-check", "circle-check", "circle-minus", "circle-plus", "equal",
    "file-spreadsheet", "move", "pencil-line", "trash-2", "triangle-alert", "undo-2",
)  # fmt: skip
# Coordinate systems that surveys of Chinese cities come in; others can be named over the API.
CRS_CHOICES = (
    ("EPSG:4490", N_("CGCS2000, degrees")),
    ("EPSG:4546", N_("CGCS2000, 3° zone, 111°E")),
    ("EPSG:4525", N_("CGCS2000, 3° zone 37 with its number")),
    ("EPSG:4326", N_("WGS 84, degrees")),
)
MOST_SURVEYS = 200


@router.get("", dependencies=[Depends(allow(*READERS))])
def imports(request: Request, session: DbSession, actor: Actor) -> Response:
    """The list of imports."""
    return render(
        request,
        "imports.html",
        actor,
        **frame(session, actor),
        icons=sorted({*STATE_ICONS, *FINDING_ICONS}),
        data=_data(COMMON | LIST),
        modules=LIST_MODULES,
    )


@router.get("/new", dependencies=[Depends(allow(*WRITERS))])
def new_import(request: Request, session: DbSession, actor: Actor) -> Response:
    """From files to a started import, step by step."""
    known = select(SurveyImport.survey).distinct().order_by(SurveyImport.survey).limit(MOST_SURVEYS)
    return render(
        request,
        "import_new.html",
        actor,
        **frame(session, actor),
        surveys=list(session.scalars(known)),
        crs_choices=[(code, f"{code} · {_(title)}") for code, title in CRS_CHOICES],
        today=datetime.now(get_settings().zone).date().isoformat(),
        most_bytes=get_settings().max_import_bytes,
        icons=sorted({*WIZARD_ICONS, *STATE_ICONS, *FINDING_ICONS}),
        data=_data(COMMON | WIZARD) | {"fields": fields()},
        modules=WIZARD_MODULES,
    )


@router.get("/{import_id}", dependencies=[Depends(allow(*READERS))])
def one_import(
    request: Request, session: DbSession, actor: Actor, import_id: Annotated[int, Path(ge=1, lt=2**31)]
) -> Response:
    """One import: how far it is, what was found, what would change, and the decision."""
    found = session.get(SurveyImport, import_id)
    if found is None:
        raise NotFound(_("Import {id} does not exist").format(id=import_id))
    return render(
        request,
        "import.html",
        actor,
        **frame(session, actor),
        import_id=import_id,
        survey=found.survey,
        map_key=MAP_KEY,
        icons=sorted({*REPORT_ICONS, *STATE_ICONS, *FINDING_ICONS}),
        data=_data(COMMON | REPORT),
        modules=REPORT_MODULES,
    )


def _data(texts: dict[str, str]) -> dict[str, Any]:
    """Words and looks for the script, in the reader's language."""
    return {
        "classes": main_classes(),
        "words": {name: _(text) for name, text in texts.items()},
        "severities": {code: look.told() for code, look in SEVERITIES.items()},
        "states": {code: look.told() for code, look in IMPORT_STATES.items()},
    }
