"""The city's score cards: kept in versions, several of a kind beside each other, one of each kind chosen.

The content of a version never changes: scores of a closed period can be worked out again by it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from gis.errors import Conflict, InvalidInput, NotFound
from gis.evaluation.cards import Card
from gis.evaluation.default_cards import CAVEAT, DEFAULT_CARDS
from gis.evaluation.indicators import OBJECT_KINDS, REGIONS
from gis.evaluation.models import ScoreCard
from gis.i18n import _
from gis.people.models import Person

OF_THE_CITY = "own"  # the status of what the city made itself
_LOCK = 4_209_005


@dataclass(frozen=True)
class NewCard:
    """What a version says beside its number."""

    name_zh: str
    name_en: str
    card: Card
    source: str = ""
    note: str = ""


def seed_cards(session: Session) -> None:
    """Bring the cards a city begins with; what has a code of the city's already, retired or not, stays."""
    known = set(session.scalars(select(ScoreCard.code)))
    kinds = set(session.scalars(select(ScoreCard.object_kind).where(ScoreCard.chosen)))
    for row in DEFAULT_CARDS:
        kind = row.card.object_kind
        if row.code not in known:
            session.add(
                ScoreCard(
                    code=row.code,
                    version=1,
                    object_kind=kind,
                    name_zh=row.name_zh,
                    name_en=row.name_en,
                    content=row.card.to_json(),
                    source=row.source,
                    status=row.status,
                    # In English, as it stands in the catalogue: translated when it is shown.
                    note=CAVEAT if kind in REGIONS and kind != "unit_grid" else "",
                    chosen=kind not in kinds,
                )
            )
            kinds.add(kind)
    session.flush()


def newest_cards(session: Session, kind: str | None = None, retired: bool = False) -> Sequence[ScoreCard]:
    """The newest version of each code, and the chosen one where that is another; by kind and code.

    Raises
    ------
    InvalidInput
        There is no such kind.
    """
    if kind is not None and kind not in OBJECT_KINDS:
        raise InvalidInput(
            _("Unknown kind of object {kind}; known: {known}").format(
                kind=kind, known=", ".join(OBJECT_KINDS)
            ),
            errors=[{"pointer": "/object"}],
        )
    newest = select(func.max(ScoreCard.id)).group_by(ScoreCard.code)
    rows = select(ScoreCard).where(ScoreCard.id.in_(newest) | ScoreCard.chosen)
    if kind is not None:
        rows = rows.where(ScoreCard.object_kind == kind)
    if not retired:
        rows = rows.where(~ScoreCard.retired)
    return session.scalars(rows.order_by(ScoreCard.object_kind, ScoreCard.code, ScoreCard.version)).all()


def versions_of(session: Session, code: str) -> Sequence[ScoreCard]:
    """All versions of a code, the newest first; raises NotFound."""
    rows = session.scalars(
        select(ScoreCard).where(ScoreCard.code == code).order_by(ScoreCard.version.desc())
    ).all()
    if not rows:
        raise NotFound(_("There is no score card {code}").format(code=code))
    return rows


def find_card(session: Session, name: str) -> ScoreCard:
    """A card by ``code@version``, or by code: its chosen version, else its newest; raises NotFound."""
    code, _at, version = name.partition("@")
    rows = versions_of(session, code)
    if not _at:
        return next((row for row in rows if row.chosen), rows[0])
    found = next((row for row in rows if str(row.version) == version), None)
    if found is None:
        raise NotFound(_("There is no score card {code}").format(code=name))
    return found


def card_for(session: Session, kind: str, name: str | None = None) -> ScoreCard:
    """The card objects of a kind are scored by: the one named, else the one the city chose.

    Raises
    ------
    InvalidInput
        There is none of that name, or it is for objects of another kind.
    """
    if name is None:
        chosen = session.scalar(select(ScoreCard).where(ScoreCard.object_kind == kind, ScoreCard.chosen))
        if chosen is None:
            raise NotFound(_("No score card is chosen for this kind of object"))
        return chosen
    try:
        found = find_card(session, name)
    except NotFound as error:
        raise InvalidInput(str(error), errors=[{"pointer": "/card"}]) from None
    if found.object_kind != kind:
        raise InvalidInput(
            _("The score card {code} is for another kind of object").format(code=name),
            errors=[{"pointer": "/card"}],
        )
    return found


def add_card(session: Session, person: Person, code: str, said: NewCard) -> ScoreCard:
    """A card under a code of its own, as version 1; raises Conflict where the code is taken."""
    _take_turns(session)
    if session.scalar(select(ScoreCard.id).where(ScoreCard.code == code).limit(1)) is not None:
        raise Conflict(_("There is a score card {code} already; save a new version of it").format(code=code))
    return _keep(session, person, code, 1, said)


def save_version(session: Session, person: Person, code: str, said: NewCard) -> ScoreCard:
    """Another version of a card. It is not used before it is chosen.

    Raises
    ------
    InvalidInput
        The card is for objects of another kind.
    Conflict
        The card is retired.
    """
    _take_turns(session)
    newest = versions_of(session, code)[0]
    if newest.retired:
        raise Conflict(_("The score card {code} is retired").format(code=code))
    if said.card.object_kind != newest.object_kind:
        raise InvalidInput(
            _("The score card {code} is for another kind of object").format(code=code),
            errors=[{"pointer": "/object"}],
        )
    return _keep(session, person, code, newest.version + 1, said)


def choose_card(session: Session, name: str) -> ScoreCard:
    """Score by this version from now on (``code``: its newest); raises Conflict where it is retired."""
    _take_turns(session)
    row = find_card(session, name) if "@" in name else versions_of(session, name)[0]
    if row.retired:
        raise Conflict(_("The score card {code} is retired").format(code=row.code))
    of_kind = update(ScoreCard).where(ScoreCard.object_kind == row.object_kind)
    session.execute(of_kind.where(ScoreCard.chosen).values(chosen=False))
    row.chosen = True
    session.flush()
    return row


def retire_card(session: Session, code: str) -> None:
    """Offer a card no longer; it stays for what was scored by it. Raises Conflict for the chosen one."""
    _take_turns(session)
    rows = versions_of(session, code)
    if any(row.chosen for row in rows):
        raise Conflict(_("The score card {code} is the chosen one; choose another first").format(code=code))
    for row in rows:
        row.retired = True
    session.flush()


def _keep(session: Session, person: Person, code: str, version: int, said: NewCard) -> ScoreCard:
    said.card.check()
    row = ScoreCard(
        code=code,
        version=version,
        object_kind=said.card.object_kind,
        name_zh=said.name_zh,
        name_en=said.name_en,
        content=said.card.to_json(),
        source=said.source,
        status=OF_THE_CITY,
        note=said.note,
        made_by=person.id,
    )
    session.add(row)
    session.flush()
    session.refresh(row)
    return row


def _take_turns(session: Session) -> None:
    """Cards are changed one after the other: seldom, and numbers of versions must not collide."""
    session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
