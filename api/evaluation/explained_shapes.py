"""What explanations, causes and trends look like."""

from pydantic import BaseModel, Field

from api.evaluation.links import cases_address
from api.evaluation.shapes import CardRef, PartOut, PeriodOut
from gis.evaluation.behind import title_of, way_of
from gis.evaluation.causes import Pair
from gis.evaluation.changes import Change
from gis.evaluation.explaining import SOURCES, formula, how, is_of_posts, note, score_formula, worked
from gis.evaluation.explanation import Explanation
from gis.evaluation.figures import Figure
from gis.evaluation.indicators import INDICATORS, Indicator
from gis.evaluation.trend import Point
from gis.i18n import N_, _

FIRM = ("verified", "own")  # statuses that need no warning
SCORE_TITLE = N_("Score")


class CountedOut(BaseModel):
    """Numerator or denominator: what is counted, how much, and where the cases are."""

    code: str
    title: str
    way: str = Field(description="the parameter of GET /cases: count, duty or part")
    value: int
    cases: str

    @classmethod
    def of(cls, told: Explanation, row: Indicator, code: str, value: int) -> "CountedOut":
        of_posts = is_of_posts(row)
        return cls(
            code=code,
            title=_(title_of(code, of_posts)),
            way=way_of(code, of_posts),
            value=value,
            cases=cases_address(told.row.kind, told.row.code, code, told.period, told.now),
        )


class LineOut(PartOut):
    """A line of the score card, and in words how its value became points."""

    how: str
    formula: str


class ExplainedOut(BaseModel):
    """A number, taken apart: a score into its lines, an indicator into its counts, with its line if any."""

    object: str
    code: str
    name: str
    period: PeriodOut
    indicator: str
    title: str
    formula: str = Field(description="in words")
    worked: str | None = Field(description="with its numbers")
    value: float | None
    unit: str
    better: str
    few: bool
    numerator: CountedOut | None
    denominator: CountedOut | None
    status: str
    source: str = Field(description="in words")
    unverified: bool = Field(
        description="it was not compared with the text of a standard, nor laid down here"
    )
    note: str
    card: CardRef
    score: float | None
    grade: str | None
    weight_used: float | None
    parts: list[LineOut]

    @classmethod
    def of(cls, told: Explanation) -> "ExplainedOut":
        parts = [
            LineOut(
                **PartOut.of(part, _(INDICATORS[part.part.indicator].title)).model_dump(),
                how=how(part),
                formula=formula(INDICATORS[part.part.indicator]),
            )
            for part in told.parts
        ]
        said = _of_score(told) if told.figure is None else _of_figure(told, told.figure)
        return cls(
            object=told.row.kind,
            code=told.row.code,
            name=told.row.name,
            period=PeriodOut.of(told.period),
            card=CardRef.of(told.card),
            parts=parts,
            **said,
        )


def _of_score(told: Explanation) -> dict[str, object]:
    score, card = told.score, told.card
    return {
        "indicator": "score",
        "title": _(SCORE_TITLE),
        "formula": score_formula(score.weight_used),
        "worked": None,
        "value": score.total,
        "unit": "points",
        "better": "high",
        "few": any(
            told.row.figures[part.part.indicator].is_small
            for part in score.parts
            if part.part.indicator in told.row.figures
        ),
        "numerator": None,
        "denominator": None,
        "status": card.status,
        "source": _(SOURCES.get(card.source, card.source)) if card.source else "",
        "unverified": card.status not in FIRM,
        "note": _(card.note) if card.note else "",
        "score": score.total,
        "grade": score.grade and score.grade.name,
        "weight_used": score.weight_used,
    }


def _of_figure(told: Explanation, figure: Figure) -> dict[str, object]:
    row = figure.indicator
    return {
        "indicator": row.code,
        "title": _(row.title),
        "formula": formula(row),
        "worked": worked(figure),
        "value": figure.value,
        "unit": row.unit,
        "better": row.better,
        "few": figure.is_small,
        "numerator": CountedOut.of(told, row, row.numerator, figure.numerator),
        "denominator": row.denominator and CountedOut.of(told, row, row.denominator, figure.denominator or 0),
        "status": row.status,
        "source": _(SOURCES[row.source]),
        "unverified": row.status not in FIRM,
        "note": note(row),
        # Of one indicator alone there is no score.
        "score": None,
        "grade": None,
        "weight_used": None,
    }


class PairOut(BaseModel):
    """Numerator and denominator; of a line of a score: points × weight, and weight."""

    n: float
    d: float
    value: float | None

    @classmethod
    def of(cls, pair: Pair) -> "PairOut":
        return cls(n=pair.top, d=pair.bottom, value=pair.ratio)


class CauseOut(BaseModel):
    """What one group adds to the change. Effects are null where a period has no cases."""

    code: str
    name: str
    rate_effect: float | None = Field(description="its own value changed; of a count: its whole change")
    mix_effect: float | None = Field(description="its share of the cases changed")
    effect: float | None = Field(description="both; those of all groups make the change")
    before: PairOut
    after: PairOut


class CausesOut(BaseModel):
    """The change against the period before and its causes, the greatest first."""

    period: PeriodOut
    before_period: PeriodOut
    before: float | None
    after: float | None
    change: float | None
    card: CardRef | None = Field(description="of a score")
    parts: list[CauseOut]

    @classmethod
    def of(cls, told: Change) -> "CausesOut":
        return cls(
            period=PeriodOut.of(told.periods[1]),
            before_period=PeriodOut.of(told.periods[0]),
            before=told.before,
            after=told.after,
            change=told.change,
            card=CardRef.of(told.card) if told.card else None,
            parts=[
                CauseOut(
                    code=one.code,
                    name=one.name,
                    rate_effect=one.effect and one.effect.rate,
                    mix_effect=one.effect and one.effect.mix,
                    effect=one.effect and one.effect.total,
                    before=PairOut.of(one.before),
                    after=PairOut.of(one.after),
                )
                for one in told.causes
            ],
        )


class PointOut(BaseModel):
    """One period of a trend."""

    period: str
    begins: str
    value: float | None = Field(description="null: no cases")
    numerator: int | None
    denominator: int | None
    few: bool
    grade: str | None

    @classmethod
    def of(cls, point: Point) -> "PointOut":
        figure, score = point.figure, point.score
        value = figure.value if figure else score.total if score else None
        return cls(
            period=point.period.code,
            begins=point.period.begins.isoformat(),
            value=value,
            numerator=figure.numerator if figure else None,
            denominator=figure.denominator if figure else None,
            few=figure.is_small if figure else False,
            grade=score.grade.name if score and score.grade else None,
        )


class TrendOut(BaseModel):
    """Periods, the oldest first."""

    items: list[PointOut]

    @classmethod
    def of(cls, points: list[Point]) -> "TrendOut":
        return cls(items=[PointOut.of(point) for point in points])
