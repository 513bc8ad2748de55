"""What is kept of a closed period: every figure and score, and all that is needed to count it again."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.case.scope import Scope
from gis.evaluation.card_store import card_for
from gis.evaluation.cards import Card
from gis.evaluation.figures import Row, figures, objects_of
from gis.evaluation.frozen import definitions
from gis.evaluation.indicators import INDICATORS, OBJECT_KINDS, POSTS
from gis.evaluation.models import ScoreCard
from gis.evaluation.period import Period
from gis.evaluation.scoring import score
from gis.i18n import in_locale
from gis.people.models import Person, Role

# Nobody's account: it has no areas, so it sees the whole city whoever closes.
_CITY_READER = {"id": 0, "role": Role.EVALUATOR}
_WHOLE_CITY = Scope((), (), None)


def make_content(session: Session, period: Period, now: datetime) -> dict[str, Any]:
    """Figures and scores of all kinds of objects, with the cards, indicators and counts they were made by."""
    cards = {kind: card_for(session, kind) for kind in OBJECT_KINDS}
    return {
        "period": {
            "code": period.code,
            "kind": period.kind,
            "begins": period.begins.isoformat(),
            "ends": period.ends.isoformat(),
        },
        "cards": {kind: _card(card) for kind, card in cards.items()},
        "indicators": {
            row.code: {
                "numerator": row.numerator,
                "denominator": row.denominator,
                "unit": row.unit,
                "factor": row.factor,
            }
            for row in INDICATORS.values()
        },
        **definitions(),
        "patrols": _patrols(session),
        "objects": {
            kind: _objects(session, kind, period, now, Card.from_json(cards[kind].content))
            for kind in OBJECT_KINDS
        },
    }


def _card(card: ScoreCard) -> dict[str, Any]:
    names = ("code", "version", "name_zh", "name_en", "source", "status", "content")
    return {name: getattr(card, name) for name in names}


def _patrols(session: Session) -> dict[str, list[int]]:
    """Duty grids by the login of who patrols them."""
    rows = session.execute(
        text(
            "SELECT p.login, array_agg(d.duty_grid_id ORDER BY d.duty_grid_id)"
            " FROM person_duty_grid AS d JOIN person AS p ON p.id = d.person_id GROUP BY 1"
        )
    )
    return {login: list(grids) for login, grids in rows}


def _objects(session: Session, kind: str, period: Period, now: datetime, card: Card) -> list[dict[str, Any]]:
    with in_locale("zh_CN"):
        rows = figures(session, Person(**_CITY_READER), kind, period, now=now)
    if kind in POSTS:
        return [_row(row, card, row.name, [row.id]) for row in rows]
    with in_locale("en"):
        named = {one.id: one for one in objects_of(session, kind, _WHOLE_CITY)}
    return [_row(row, card, named[row.id].name, list(named[row.id].over)) for row in rows]


def _row(row: Row, card: Card, name_en: str, ids: list[int]) -> dict[str, Any]:
    """``ids``: what its counts are summed over, as facts name it. Figures: numerator, denominator, value."""
    scored = score(card, row.values())
    return {
        "code": row.code,
        "name": row.name,
        "name_en": name_en,
        "ids": ids,
        "figures": {
            code: [figure.numerator, figure.denominator, figure.value] for code, figure in row.figures.items()
        },
        "score": scored.total,
        "grade": scored.grade.name if scored.grade else None,
        "weight_used": scored.weight_used,
    }


def canonical(content: Mapping[str, Any]) -> bytes:
    """JSON, the same bytes for the same content: names sorted, no blanks, UTF-8, numbers as Python says."""
    said = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return said.encode()


def digest_of(content: Mapping[str, Any], facts: bytes) -> str:
    """SHA-256 of the canonical content and, behind it, the facts.

    ``cat content.json facts.parquet | sha256sum`` says the same of the exported files.
    """
    found = hashlib.sha256(canonical(content))
    found.update(facts)
    return found.hexdigest()
