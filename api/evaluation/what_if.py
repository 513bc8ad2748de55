"""What if: scores under other weights, beside those of the chosen card."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.dependencies import Actor, DbSession
from api.evaluation.asked import READ, period_of
from api.evaluation.card_shapes import Grades, Kind, Parts, read_card
from api.evaluation.shapes import CardRef, PartOut, PeriodOut
from gis.evaluation.scoring import Score
from gis.evaluation.standing import Placed, ranked, standing
from gis.i18n import _

router = APIRouter(prefix="/api/v1/evaluation", tags=["evaluation"])
MOST_ROWS = 1000


class WhatIfIn(BaseModel):
    """A card to try, and what on. ``level`` may say the kind of a region instead of ``object``."""

    object: Kind
    level: Kind | None = None
    parts: Parts
    grades: Grades = None
    period: Annotated[str | None, Field(max_length=100)] = None
    begins: Annotated[datetime | None, Field(alias="from")] = None
    ends: Annotated[datetime | None, Field(alias="to")] = None
    card: Annotated[
        str | None, Field(max_length=40, description="to compare with; the chosen one if left out")
    ] = None
    limit: Annotated[int, Field(ge=1, le=MOST_ROWS)] = MOST_ROWS


class ScoreOut(BaseModel):
    """A score and its place among all."""

    score: float | None
    grade: str | None
    grade_colour: str | None
    weight_used: float
    rank: int | None

    @classmethod
    def of(cls, score: Score, rank: int | None) -> "ScoreOut":
        return cls(
            score=score.total,
            grade=score.grade and score.grade.name,
            grade_colour=score.grade and score.grade.colour,
            weight_used=score.weight_used,
            rank=rank,
        )


class WhatIfRow(ScoreOut):
    """One object under the card that is tried, beside ``chosen``: under the card in use."""

    code: str
    name: str
    chosen: ScoreOut
    parts: list[PartOut]

    @classmethod
    def beside(cls, tried: Placed, chosen: Placed) -> "WhatIfRow":
        score = tried.score
        titles = {code: _(figure.indicator.title) for code, figure in tried.row.figures.items()}
        return cls(
            **ScoreOut.of(score, tried.rank).model_dump(),
            code=tried.row.code,
            name=tried.row.name,
            chosen=ScoreOut.of(chosen.score, chosen.rank),
            parts=[PartOut.of(part, titles[part.part.indicator]) for part in score.parts],
        )


class WhatIfOut(BaseModel):
    """The best first under the card that is tried; ``total``: of how many."""

    period: PeriodOut
    card: CardRef
    items: list[WhatIfRow]
    total: int


@router.post("/what-if", dependencies=[READ])
def what_if(session: DbSession, actor: Actor, body: WhatIfIn) -> WhatIfOut:
    """Score and rank under another card. Nothing is kept."""
    kind = body.level or body.object
    card = read_card(kind, body.parts, body.grades)
    told = standing(session, actor, kind, period_of(body.period, body.begins, body.ends), body.card)
    tried = ranked([one.row for one in told.rows], card)
    both = sorted(
        zip(tried, told.rows, strict=True), key=lambda pair: (pair[0].rank or 2**31, pair[0].row.code)
    )
    return WhatIfOut(
        period=PeriodOut.of(told.period),
        card=CardRef.of(told.card),
        items=[WhatIfRow.beside(*pair) for pair in both[: body.limit]],
        total=len(both),
    )
