"""What answers of evaluation look like."""

from datetime import datetime

from pydantic import BaseModel, Field

from api.evaluation.links import cases_address
from gis.evaluation.figures import Figure
from gis.evaluation.models import ScoreCard
from gis.evaluation.period import Period
from gis.evaluation.scoring import ScoredPart
from gis.evaluation.standing import Placed, Standing
from gis.i18n import _, pick


class PeriodOut(BaseModel):
    """A period: from inclusive, to exclusive."""

    code: str
    kind: str = Field(description="day, week, month, quarter, year or span")
    begins: datetime
    ends: datetime

    @classmethod
    def of(cls, period: Period) -> "PeriodOut":
        return cls(code=period.code, kind=period.kind, begins=period.begins, ends=period.ends)


class CardRef(BaseModel):
    """The score card that was used, and how far it may be trusted."""

    code: str
    version: int
    name: str
    status: str
    source: str

    @classmethod
    def of(cls, card: ScoreCard) -> "CardRef":
        return cls(
            code=card.code,
            version=card.version,
            name=pick(card.name_zh, card.name_en),
            status=card.status,
            source=card.source,
        )


class PartOut(BaseModel):
    """One line of a score."""

    indicator: str
    title: str
    weight: float = Field(description="per cent of the card")
    sense: str = Field(description="direct, inverse or band")
    value: float | None
    points: float | None = Field(description="0–100 before the weight; null: no cases, and left out")
    share: float | None = Field(description="points × weight ÷ 100")

    @classmethod
    def of(cls, scored: ScoredPart, title: str) -> "PartOut":
        part = scored.part
        return cls(
            indicator=part.indicator,
            title=title,
            weight=part.weight,
            sense=part.sense,
            value=scored.value,
            points=scored.points,
            share=scored.share,
        )


class FigureOut(BaseModel):
    """One indicator: its value, what it was made of, and where its cases are."""

    title: str
    value: float | None = Field(description="in the unit; null: no cases")
    unit: str = Field(description="cases, ratio (0–1) or hours")
    better: str = Field(description="high, low, or empty where more is neither")
    numerator: int = Field(description="cases or acts; of hours: seconds")
    denominator: int | None
    status: str = Field(description="how far the formula may be trusted")
    few: bool = Field(description="the ratio rests on so few cases that it says little")
    cases: str
    denominator_cases: str | None
    before: float | None = Field(description="the value in the period before, with compare=true")

    @classmethod
    def of(cls, figure: Figure, placed: Placed, told: Standing) -> "FigureOut":
        row, before = figure.indicator, placed.before
        kind, code = placed.row.kind, placed.row.code
        return cls(
            title=_(row.title),
            value=figure.value,
            unit=row.unit,
            better=row.better,
            numerator=figure.numerator,
            denominator=figure.denominator,
            status=row.status,
            few=figure.is_small,
            cases=cases_address(kind, code, row.numerator, told.period, told.now),
            denominator_cases=row.denominator
            and cases_address(kind, code, row.denominator, told.period, told.now),
            before=before.figures[row.code].value if before else None,
        )


class RowOut(BaseModel):
    """One object: score, grade and rank under the card, and all its figures."""

    code: str
    name: str
    score: float | None = Field(description="0–100; null: too little of the card has cases")
    grade: str | None
    grade_colour: str | None
    weight_used: float = Field(description="per cent of the card that has cases")
    rank: int | None = Field(description="among all objects of the kind; equal scores share one")
    few: bool = Field(description="the score rests on a ratio over few cases")
    parts: list[PartOut]
    indicators: dict[str, FigureOut]

    @classmethod
    def of(cls, placed: Placed, told: Standing) -> "RowOut":
        row, score = placed.row, placed.score
        figures = {code: FigureOut.of(figure, placed, told) for code, figure in row.figures.items()}
        return cls(
            code=row.code,
            name=row.name,
            score=score.total,
            grade=score.grade and score.grade.name,
            grade_colour=score.grade and score.grade.colour,
            weight_used=score.weight_used,
            rank=placed.rank,
            few=placed.has_few,
            parts=[PartOut.of(part, figures[part.part.indicator].title) for part in score.parts],
            indicators=figures,
        )


class RowsOut(BaseModel):
    """Rows of one kind of object."""

    period: PeriodOut
    before: PeriodOut | None = Field(description="the period compared with, with compare=true")
    card: CardRef
    items: list[RowOut]
    total: int = Field(description="how many rows there are on all pages")
    next: str | None = None
