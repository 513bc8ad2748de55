"""评分卡: the city's score cards, their versions, and the editor of one."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from api.dependencies import Actor, DbSession, allow
from gis.evaluation.card_store import card_for, find_card, newest_cards, versions_of
from gis.evaluation.cards import Card
from gis.evaluation.indicators import OBJECT_KINDS, Indicator, indicators_of
from gis.evaluation.models import ScoreCard
from gis.i18n import N_, _, pick
from gis.people.models import Person
from web.evaluation_pages import READERS, WRITERS, frame
from web.evaluation_words import KIND_TABS
from web.rendering import render

router = APIRouter(include_in_schema=False, dependencies=[Depends(allow(*READERS))])

MODULES = (*(f"js/{name}.js" for name in ("api", "toast")), "evaluation/card_rows.js")
SENSE_WORDS = {
    "direct": N_("the rate itself"),
    "inverse": N_("one minus the rate"),
    "band": N_("by bands of the count"),
}
COLOUR_WORDS = {
    "green": N_("green"),
    "blue": N_("blue"),
    "yellow": N_("yellow"),
    "red": N_("red"),
    "black": N_("black"),
}
UNIT_WORDS = {"ratio": N_("a rate"), "cases": N_("a count"), "hours": N_("hours")}


@router.get("/evaluation/cards")
def cards(request: Request, session: DbSession, actor: Actor, retired: bool = False) -> Response:
    """All cards by the kind of object they score, the chosen ones first."""
    rows = newest_cards(session, retired=retired)
    return render(
        request, "evaluation_cards.html", actor,
        **_common(request, actor),
        kinds=[
            {
                "code": kind,
                "title": _(title),
                "rows": sorted(
                    (row for row in rows if row.object_kind == kind), key=lambda row: not row.chosen
                ),
            }
            for kind, title in KIND_TABS.items()
        ],
        total=len(rows),
        with_retired=retired,
        name_of=name_of,
    )  # fmt: skip


@router.get("/evaluation/new-card")
def new_card(
    request: Request,
    session: DbSession,
    actor: Actor,
    kind: Annotated[str, Query(alias="object", max_length=16)] = "street",
) -> Response:
    """The editor with what the chosen card of a kind says, to be kept under another code."""
    known = indicators_of(kind)
    return _editor(request, actor, card_for(session, kind), known, versions=[], is_new=True)


@router.get("/evaluation/cards/{name}")
def card(
    request: Request, session: DbSession, actor: Actor, name: Annotated[str, Path(max_length=40)]
) -> Response:
    """One version of a card; what is changed becomes the next version."""
    row = find_card(session, name)
    known = indicators_of(row.object_kind)
    return _editor(request, actor, row, known, versions=list(versions_of(session, row.code)), is_new=False)


def name_of(row: ScoreCard) -> str:
    """A version as addresses write it."""
    return f"{row.code}@{row.version}"


def _editor(
    request: Request,
    actor: Person,
    row: ScoreCard,
    known: tuple[Indicator, ...],
    *,
    versions: list[ScoreCard],
    is_new: bool,
) -> Response:
    said = Card.from_json(row.content)
    return render(
        request, "evaluation_card.html", actor,
        **_common(request, actor),
        row=row,
        said=said,
        total=sum(part.weight for part in said.parts),
        title=pick(row.name_zh, row.name_en),
        kind_title=_(OBJECT_KINDS[row.object_kind]),
        indicators=[(one.code, _(one.title), one.unit) for one in known],
        versions=versions,
        newest=versions[0].version if versions else 0,
        is_new=is_new,
        name_of=name_of,
        SENSES=SENSE_WORDS,
        COLOURS=COLOUR_WORDS,
        UNITS=UNIT_WORDS,
        modules=MODULES,
        data={
            "words": {
                "right": _("The weights make 100"),
                "more": _("The weights make {total}: {missing} too few"),
                "less": _("The weights make {total}: {missing} too many"),
            },
            "code": "" if is_new else row.code,
            "kind": row.object_kind,
            "kept": _("Saved as version {version}. It is used when you choose it."),
        },
    )  # fmt: skip


def _common(request: Request, actor: Person) -> dict[str, Any]:
    return {**frame(request, actor), "may_write": actor.role in WRITERS}
