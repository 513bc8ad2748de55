"""Score cards: read by all readers of evaluation, changed by evaluators."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api.dependencies import Actor, DbSession
from api.evaluation.asked import READ_OR_OWN, WRITE
from api.evaluation.card_shapes import CardIn, CardOut, CardsOut, CardWithVersions, VersionIn
from gis.evaluation.card_store import (
    add_card,
    choose_card,
    find_card,
    newest_cards,
    retire_card,
    save_version,
    versions_of,
)

router = APIRouter(prefix="/api/v1/evaluation/cards", tags=["evaluation"])
Code = Annotated[str, Path(max_length=40, description="of a card; code@version where a version is meant")]
Kind = Annotated[str | None, Query(alias="object", max_length=16)]


@router.get("", dependencies=[READ_OR_OWN])
def list_cards(session: DbSession, kind: Kind = None, retired: bool = False) -> CardsOut:
    """The city's score cards."""
    return CardsOut(items=[CardOut.of(row) for row in newest_cards(session, kind, retired)])


@router.post("", status_code=201, dependencies=[WRITE])
def new_card(session: DbSession, actor: Actor, body: CardIn) -> CardOut:
    """Add a card. It is not used before it is chosen."""
    return CardOut.of(add_card(session, actor, body.code, body.said()))


@router.get("/{code}", dependencies=[READ_OR_OWN])
def read_card(session: DbSession, code: Code) -> CardWithVersions:
    """One card: its chosen version, else its newest; and all its versions."""
    row = find_card(session, code)
    versions = [CardOut.of(one) for one in versions_of(session, row.code)]
    return CardWithVersions(**CardOut.of(row).model_dump(), versions=versions)


@router.post("/{code}", status_code=201, dependencies=[WRITE])
def new_version(session: DbSession, actor: Actor, code: Code, body: VersionIn) -> CardOut:
    """Save another version of a card; the ones before stay as they are."""
    return CardOut.of(save_version(session, actor, code, body.said()))


@router.post("/{code}/choose", dependencies=[WRITE])
def choose(session: DbSession, code: Code) -> CardOut:
    """Score by this card from now on: ``code@version``, or its newest version."""
    return CardOut.of(choose_card(session, code))


@router.delete("/{code}", status_code=204, dependencies=[WRITE])
def retire(session: DbSession, code: Code) -> Response:
    """Offer a card no longer; it stays for what was scored by it."""
    retire_card(session, code)
    return Response(status_code=204)
