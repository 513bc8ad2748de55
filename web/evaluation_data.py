"""What scripts of evaluation are told beside figures: words, indicators, the card, ways to split a change."""

from typing import Any

from gis.evaluation.indicators import INDICATORS
from gis.evaluation.models import ScoreCard
from gis.i18n import _, pick
from web.evaluation_pages import TRUST
from web.evaluation_words import CAUSES, TEXTS


def answers_data(kind: str, period: str, card: ScoreCard) -> dict[str, Any]:
    """What ``evaluation/explain.js`` and its like read from the page, in the reader's language."""
    return {
        "words": {name: _(text) for name, text in TEXTS.items()},
        "kind": kind,
        "period": period,
        "card": {
            "name": f"{card.code}@{card.version}",
            "title": pick(card.name_zh, card.name_en),
            "version": card.version,
            "content": card.content,
        },
        "indicators": {
            code: {"title": _(row.title), "unit": row.unit, "better": row.better}
            for code, row in INDICATORS.items()
        },
        "causes": [{"by": by, "title": _(title)} for by, title in CAUSES],
        "trust": {code: look.told() for code, look in TRUST.items()},
    }
