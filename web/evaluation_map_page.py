"""考核专题图: figures of regions, hot spots and repeat places on the Folium map, with a list of the same.

The page is a frame with its words; values come through ``/api/v1/evaluation``, shapes as tiles.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from markupsafe import Markup
from starlette.responses import Response

from api.dependencies import Actor, DbSession, allow
from gis.errors import InvalidInput
from gis.evaluation.breaks import HOW
from gis.evaluation.card_store import card_for
from gis.evaluation.indicators import REGIONS, indicators_of
from gis.evaluation.spatial import PERS, SCORE
from gis.i18n import _
from gis.people.models import Role
from layers.catalog import layers_for
from layers.folium_map import city_map, draw
from web.evaluation_data import answers_data
from web.evaluation_map_words import ICONS, TEXTS, VIEWS
from web.evaluation_pages import READERS, frame
from web.evaluation_periods import asked_period, period_bar
from web.evaluation_words import ICONS as ANSWER_ICONS
from web.evaluation_words import KIND_TABS
from web.map_parts import map_parts
from web.rendering import render

router = APIRouter(include_in_schema=False)
GROUND = ("roads", "areas", "case_reports")  # what of the catalogue is drawn with the figures
MODULES = tuple(
    f"{name}.js"
    for name in (
        "evaluation/map_drawing", "evaluation/map_lists", "evaluation/explain", "evaluation/causes",
        "evaluation/charts", "evaluation/figures", "map/address", "map/heat", "map/images", "map/style",
        "map/time", "map/time_bars", "map/tile_time", "js/api", "js/page_words", "js/tokens",
    )
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What the address says beside the period; what is left out is as usual."""

    view: str
    kind: str
    indicator: str
    per: str
    breaks: str
    weeks: int
    radius_m: float
    least: int

    def told(self) -> dict[str, str]:
        return {
            "view": self.view,
            "object": self.kind,
            "indicator": self.indicator,
            "per": self.per,
            "breaks": self.breaks,
            "weeks": str(self.weeks),
            "radius_m": f"{self.radius_m:g}",
            "least": str(self.least),
        }

    def href(self, period: str) -> str:
        return f"/evaluation/map?{urlencode({'period': period, **self.told()})}"


async def asked(
    view: Annotated[str, Query(max_length=16)] = "regions",
    kind: Annotated[str, Query(alias="object", max_length=16)] = "street",
    indicator: Annotated[str, Query(max_length=64)] = "reported",
    per: Annotated[str, Query(max_length=16)] = "none",
    breaks: Annotated[str, Query(max_length=16)] = "quantile",
    weeks: Annotated[int, Query()] = 12,
    radius_m: Annotated[float, Query()] = 30.0,
    least: Annotated[int, Query()] = 3,
) -> Asked:
    """The address read; raises InvalidInput for a kind of region that there is not."""
    if kind not in REGIONS:
        raise InvalidInput(
            _("Unknown kind of object {kind}; known: {known}").format(kind=kind, known=", ".join(REGIONS)),
            errors=[{"pointer": "/object"}],
        )
    return Asked(view if view in VIEWS else "regions", kind, indicator, per, breaks, weeks, radius_m, least)


@router.get("/evaluation/map", dependencies=[Depends(allow(*READERS))])
def figures_map(
    request: Request,
    session: DbSession,
    actor: Actor,
    wanted: Annotated[Asked, Depends(asked)],
    period: Annotated[str, Query(max_length=100)] = "",
    first: Annotated[date | None, Query(alias="from")] = None,
    last: Annotated[date | None, Query(alias="to")] = None,
) -> Response:
    """The frame of the map; the address holds all that is seen."""
    now = datetime.now(UTC)
    bar = period_bar(asked_period(period, first, last, now), now, wanted.href)
    layers = [layer for layer in layers_for(Role(actor.role)) if layer.name in GROUND]
    drawn = draw(city_map(session, layers))
    rows = indicators_of(wanted.kind)
    return render(
        request, "evaluation_map.html", actor,
        **frame(request, actor),
        bar=bar,
        kept=wanted.told().items(),
        asked=wanted,
        views=VIEWS,
        kinds={kind: KIND_TABS[kind] for kind in REGIONS},
        indicators=[(SCORE, _("Score")), *((row.code, _(row.title)) for row in rows)],
        pers={row.code: row.title for row in PERS.values()},
        hows=HOW,
        map_html=Markup(drawn.html),  # noqa: S704 - rendered from the catalogue; values are JSON
        map_script=Markup(drawn.script),  # noqa: S704
        icons=sorted({*ICONS, *ANSWER_ICONS}),
        modules=MODULES,
        data=_data(answers_data(wanted.kind, bar.code, card_for(session, wanted.kind)), bar.code),
        live=map_parts(session, layers)["live"],
    )  # fmt: skip


def _data(answers: dict[str, Any], period: str) -> dict[str, Any]:
    words = answers["words"] | {name: _(text) for name, text in TEXTS.items()}
    return answers | {"words": words, "period": period}
