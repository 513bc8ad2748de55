"""规划人员工作台: the planner's workbench over the network under the street.

The page is a frame with its words and the map's style; what it shows comes through ``/api/v1``.
"""

from typing import Any

from fastapi import APIRouter, Depends, Request
from sqlalchemy.orm import Session
from starlette.responses import Response

from api.dependencies import Actor, DbSession, allow
from api.pipeline_access import READERS
from gis.i18n import _
from gis.people.models import Person
from gis.pipeline.attributes import attributes_of
from gis.pipeline.frame import Kind
from layers.catalog import layers_for
from layers.catalog_pipelines import PIPE_SEGMENTS
from layers.classes import categories_of
from layers.folium_map import NOWHERE
from layers.maplibre import images, style
from layers.section.options import CROSS_SCALES, PROFILE_SCALES, Paper
from layers.source import city_box
from web.pipeline_pages import beside
from web.pipelines_words import CHIPS, EXAMPLES, EXPORTS, FORMATS, HALF_WIDTHS, ICONS, TEXTS
from web.rendering import render

router = APIRouter(include_in_schema=False)

# What lies on the map of the bench; cases and grids have their own pages.
ON_MAP = ("areas", "buildings", "roads", "pipe_segments", "pipe_points")
# What pipelines/bench.js imports, all the way down; the modules of every page come by themselves.
MODULES = (
    *(f"pipelines/{name}.js" for name in (
        "about", "asking", "cut_here", "cut_line", "draw_mode", "drawing", "files", "filter_text", "findings",
        "geo", "keys", "lines", "pane", "profile_view", "query", "search", "section_view", "series", "state",
        "table", "wells", "words", "work_map",
    )),
    *(f"section/{name}.js" for name in ("measure", "section", "zoom")),
    "js/combobox.js",
    "js/page_words.js",
    "map/images.js",
)  # fmt: skip


@router.get("/pipelines", dependencies=[Depends(allow(*READERS))])
def workbench(request: Request, session: DbSession, actor: Actor) -> Response:
    """The frame of the bench; the address says what its script shows in it."""
    return render(
        request,
        "pipelines.html",
        actor,
        beside=beside(actor),
        icons=ICONS,
        data=bench_data(session, actor),
        modules=MODULES,
        classes=[one for one in categories_of(session, PIPE_SEGMENTS) if not one.parent],
        chips=CHIPS,
        examples=EXAMPLES,
        exports=EXPORTS,
        properties=[one for one in attributes_of(Kind.SEGMENTS) if one.filterable],
        cross_scales=CROSS_SCALES,
        profile_scales=PROFILE_SCALES,
        papers=[paper.value for paper in Paper if paper is not Paper.AUTO],
        formats=FORMATS,
    )


def bench_data(session: Session, actor: Person) -> dict[str, Any]:
    """Words, looks and the map's style for the bench's script, in the reader's language."""
    shown = [layer for layer in layers_for(actor.role) if layer.name in ON_MAP]
    return {
        "words": {name: _(text) for name, text in TEXTS.items()},
        "classes": {
            one.value: {"name": one.label, "colour": one.colour, "dash": one.dash}
            for one in categories_of(session, PIPE_SEGMENTS)
        },
        "half_widths": HALF_WIDTHS,
        "drawing": {
            "style": style(session, shown),
            "images": images(session, shown),
            "box": city_box(session) or NOWHERE,
        },
    }
