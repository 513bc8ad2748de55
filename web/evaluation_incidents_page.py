"""管线事故: rates of bursts, leaks and lids by what the pipes are, with the cases behind each number.

The page is complete without a script: each rate is drawn with its interval, on one scale for all rows.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api.dependencies import Actor, DbSession, allow
from api.evaluation_incidents import READERS
from gis.evaluation.incident_classes import KINDS, classes_of
from gis.evaluation.incident_question import KEYS, MOST_RADIUS_M, RADIUS_M, REASONS, UNKNOWN, Question
from gis.evaluation.incident_rates import FEW, Rate
from gis.evaluation.incidents import IncidentCase, incident_cases, incidents
from gis.evaluation.period import parse_period
from gis.i18n import N_, _, pick
from gis.page import Page
from gis.pipeline.attribute_words import words_of
from gis.settings import get_settings
from gis.standard.tables import object_classes
from web.evaluation_pages import frame
from web.rendering import render

router = APIRouter(include_in_schema=False)
YEARS = 5
ROWS = 50
GROUPINGS = (
    (("class",), N_("Class")),
    (("class", "material"), N_("Class and material")),
    (("class", "age_band"), N_("Class and age")),
    (("class", "size_band"), N_("Class and size")),
    (("class", "material", "age_band"), N_("Class, material and age")),
)


@dataclass(frozen=True)
class Whisker:
    """A rate and its interval as percentages of the widest row."""

    at: float
    low: float
    high: float


@dataclass(frozen=True)
class Asked:
    """What the address says; ``chosen`` is the group or the reason whose cases are listed."""

    period: str
    incident: str
    radius_m: float
    by: str
    chosen: dict[str, str]

    def href(self, **other: str) -> str:
        own = {
            "period": self.period,
            "incident": self.incident,
            "radius_m": f"{self.radius_m:g}",
            "by": self.by,
        }
        return f"/evaluation/incidents?{urlencode(own | other)}"


async def asked(
    period: Annotated[str | None, Query(max_length=100)] = None,
    incident: Annotated[str, Query(max_length=16)] = "failure",
    radius_m: Annotated[float, Query()] = RADIUS_M,
    by: Annotated[str, Query(max_length=64)] = "class",
    reason: Annotated[str | None, Query(max_length=16)] = None,
    pipe_class: Annotated[str | None, Query(alias="class", max_length=16)] = None,
    material: Annotated[str | None, Query(max_length=16)] = None,
    age_band: Annotated[str | None, Query(max_length=16)] = None,
    size_band: Annotated[str | None, Query(max_length=16)] = None,
) -> Asked:
    """The year that runs unless told otherwise."""
    given = {
        "class": pipe_class,
        "material": material,
        "age_band": age_band,
        "size_band": size_band,
        "reason": reason,
    }
    chosen = {name: code for name, code in given.items() if code is not None}
    year = str(datetime.now(get_settings().zone).year)
    return Asked(period or year, incident, radius_m, by, chosen)


@router.get("/evaluation/incidents", dependencies=[Depends(allow(*READERS))])
def incidents_page(
    request: Request,
    session: DbSession,
    actor: Actor,
    asked: Annotated[Asked, Depends(asked)],
    cursor: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """Rates by group and by year; the cases of the group that was chosen."""
    question = Question(
        parse_period(asked.period), asked.incident, asked.radius_m, tuple(asked.by.split(","))
    )
    told = incidents(session, actor, question, YEARS)
    key = {name: code for name, code in asked.chosen.items() if name != "reason"}
    page: Page[IncidentCase] | None = None
    if asked.chosen:
        page = incident_cases(session, actor, question, key, asked.chosen.get("reason"), ROWS, cursor)
    names = {name: words_of(session, row.words) for name, row in KEYS.items()}
    widest = max(
        (one.rate.interval[1] for one in told.groups if one.rate.interval and one.rate.incidents), default=0
    )
    return render(
        request,
        "evaluation_incidents.html",
        actor,
        **frame(request, actor),
        asked=asked,
        told=told,
        periods=periods(),
        kinds=KINDS,
        groupings=[(",".join(names), title) for names, title in GROUPINGS],
        columns=[(name, KEYS[name].title) for name in question.by],
        reasons=REASONS,
        most_radius=MOST_RADIUS_M,
        few=FEW,
        whisker=lambda rate: whisker(rate, widest),
        year_whisker=lambda rate: whisker(
            rate, max((one.rate.interval[1] for one in told.trend if one.rate.interval), default=0)
        ),
        href_of=lambda key: asked.href(**{n: UNKNOWN if code is None else code for n, code in key.items()}),
        page=page,
        next_href=asked.href(**asked.chosen, cursor=page.next_cursor) if page and page.next_cursor else "",
        chosen_title=_chosen_title(asked, names),
        named=lambda name, code: _("unknown") if code is None else names[name].get(code, code),
        table=class_table(),
    )


def whisker(rate: Rate, widest: float) -> Whisker | None:
    """Where a rate stands on a scale that ends at ``widest``; None where there is no rate."""
    if rate.value is None or rate.interval is None or not widest:
        return None
    low, high = rate.interval
    return Whisker(*(min(100.0, 100 * one / widest) for one in (rate.value, low, high)))


def periods() -> list[tuple[str, str]]:
    """The years that can be chosen, and all of them together: few incidents say more over years."""
    year = datetime.now(get_settings().zone).year
    together = f"{year - YEARS + 1}-01-01/{year + 1}-01-01"
    return [(str(one), str(one)) for one in range(year, year - YEARS, -1)] + [
        (together, _("{years} years together").format(years=YEARS))
    ]


def class_table() -> list[dict[str, Any]]:
    """Which classes of cases count as what, by their names."""
    names = {
        (str(row.edition), str(row.kind), str(row.code)): pick(row.name_zh, row.name_en)
        for row in object_classes()
    }
    return [
        {"row": row, "name": names.get((row.edition, row.case_kind, row.code), row.code), "title": _(title)}
        for incident, title in KINDS.items()
        for row in classes_of(incident)
    ]


def _chosen_title(asked: Asked, names: dict[str, Any]) -> str:
    if reason := asked.chosen.get("reason"):
        return _(REASONS.get(reason, reason))
    parts = (
        _("unknown") if code == UNKNOWN else names[name].get(code, code)
        for name, code in asked.chosen.items()
    )
    return " · ".join(parts)
