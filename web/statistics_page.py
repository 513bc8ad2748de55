"""管线统计: figures of the network in groups, as a table, a chart and a map.

The page is a frame with its words; what it shows comes through ``/api/v1`` from the browser.
"""

from datetime import datetime
from itertools import groupby
from typing import Any

from fastapi import APIRouter, Depends, Request
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased
from starlette.responses import Response

from api.dependencies import Actor, DbSession, allow
from api.pipeline_access import READERS
from gis.grid.models import Area, AreaLevel
from gis.i18n import _, pick
from gis.pipeline.attribute_words import is_short, words_of
from gis.pipeline.attributes import attributes_of
from gis.pipeline.frame import Kind
from gis.settings import get_settings
from web.pipeline_pages import frame, sub_classes
from web.rendering import render
from web.statistics_words import FORMATS, ICONS, MEASURES, TEXTS

router = APIRouter(include_in_schema=False)

# What statistics/page.js imports, all the way down; the modules of every page come by themselves.
MODULES = (
    *(f"statistics/{name}.js" for name in (
        "chart", "colours", "conditions", "figures", "filters", "groups_map", "state", "table",
    )),
    *(f"imports/{name}.js" for name in ("findings_map", "parts")),
    *(f"js/{name}.js" for name in ("api", "page_words", "place_map", "tokens")),
)  # fmt: skip


@router.get("/pipelines/statistics", dependencies=[Depends(allow(*READERS))])
def statistics(request: Request, session: DbSession, actor: Actor) -> Response:
    """The frame of the statistics; the address says what its script shows in it."""
    values = frame(session, actor)
    return render(
        request,
        "pipeline_statistics.html",
        actor,
        **values,
        groupable=[
            {"name": one.name, "title": _(one.title)} for one in attributes_of(Kind.SEGMENTS) if one.groupable
        ],
        measures=MEASURES,
        formats=FORMATS,
        communities=communities(session),
        today=datetime.now(get_settings().zone).date().isoformat(),
        icons=ICONS,
        data={
            "words": {name: _(text) if text else "" for name, text in TEXTS.items()},
            "classes": values["classes"],
            "sub_classes": sub_classes(),
            "attributes": attributes(session),
        },
        modules=MODULES,
    )


def attributes(session: Session) -> list[dict[str, Any]]:
    """What pipes can be told apart by: name, title, type, unit, and the choices where they are few."""
    return [
        {
            "name": one.name,
            "aliases": one.aliases,
            "title": _(one.title),
            "type": one.type,
            "unit": one.unit,
            "filterable": one.filterable,
            "choices": list(words_of(session, one.words).items())
            if one.words and is_short(one.words)
            else None,
        }
        for one in attributes_of(Kind.SEGMENTS)
    ]


def communities(session: Session) -> list[tuple[dict[str, str], list[dict[str, str]]]]:
    """Streets, each with its communities, by their codes."""
    street = aliased(Area)
    rows = session.execute(
        select(street.code, street.name_zh, street.name_en, Area.code, Area.name_zh, Area.name_en)
        .join(street, street.id == Area.parent_id)
        .where(Area.level == AreaLevel.COMMUNITY)
        .order_by(street.code, Area.code)
    ).all()
    return [
        (
            {"code": code, "name": pick(zh, en)},
            [{"code": row[3], "name": pick(row[4], row[5])} for row in members],
        )
        for (code, zh, en), members in groupby(rows, key=lambda row: tuple(row[:3]))
    ]
