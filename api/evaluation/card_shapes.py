"""What score cards look like, coming in and going out."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from gis.evaluation.card_store import NewCard
from gis.evaluation.cards import Card
from gis.evaluation.indicators import INDICATORS
from gis.evaluation.models import ScoreCard
from gis.i18n import _, pick

Number = Annotated[float, Field(allow_inf_nan=False)]
Kind = Annotated[str, Field(max_length=16, description="a kind of object: street, department, collector …")]
CardCode = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]


class BandIn(BaseModel):
    """Up to and including ``most`` (null: without end) a count scores ``points``."""

    most: Number | None = None
    points: Number


class PartIn(BaseModel):
    """One line: so many per cent of the score from one indicator."""

    indicator: Annotated[str, Field(max_length=64)]
    weight: Number
    sense: Annotated[str, Field(max_length=16, description="direct, inverse or band")] = "direct"
    bands: Annotated[list[BandIn], Field(max_length=50)] = []
    full_at: Annotated[Number, Field(description="the ratio that already scores in full")] = 1.0


class GradeIn(BaseModel):
    """From ``least`` points on, up to the next better grade."""

    name: Annotated[str, Field(min_length=1, max_length=16)]
    least: Number
    colour: Annotated[str, Field(min_length=1, max_length=32)]


Parts = Annotated[list[PartIn], Field(max_length=50)]
Grades = Annotated[
    list[GradeIn] | None, Field(max_length=20, description="A–E at 90, 75, 60, 40 if left out")
]


class VersionIn(BaseModel):
    """What a version of a card says. Weights make 100."""

    object: Kind
    name_zh: Annotated[str, Field(min_length=1, max_length=100)]
    name_en: Annotated[str, Field(min_length=1, max_length=100)]
    parts: Parts
    grades: Grades = None
    source: Annotated[str, Field(max_length=500, description="where the city laid this down")] = ""
    note: Annotated[str, Field(max_length=2000)] = ""

    def said(self) -> NewCard:
        return NewCard(
            self.name_zh,
            self.name_en,
            read_card(self.object, self.parts, self.grades),
            self.source,
            self.note,
        )


class CardIn(VersionIn):
    """A new card."""

    code: CardCode


class CardPartOut(BaseModel):
    """One line, with the title of its indicator."""

    indicator: str
    title: str
    weight: float
    sense: str
    bands: list[BandIn]
    full_at: float

    @classmethod
    def of(cls, said: dict[str, Any]) -> "CardPartOut":
        row = INDICATORS[said["indicator"]]
        return cls(title=_(row.title), **said)


class CardOut(BaseModel):
    """A version of a score card."""

    code: str
    version: int
    object: str
    name: str
    name_zh: str
    name_en: str
    parts: list[CardPartOut]
    grades: list[GradeIn]
    source: str
    status: str = Field(description="how far weights and bands may be trusted; own: made by the city")
    note: str
    chosen: bool = Field(description="used unless another is asked for")
    retired: bool
    made_at: datetime

    @classmethod
    def of(cls, row: ScoreCard) -> "CardOut":
        said: dict[str, Any] = row.content
        return cls(
            code=row.code,
            version=row.version,
            object=row.object_kind,
            name=pick(row.name_zh, row.name_en),
            name_zh=row.name_zh,
            name_en=row.name_en,
            parts=[CardPartOut.of(part) for part in said["parts"]],
            grades=said["grades"],
            source=row.source,
            status=row.status,
            note=_(row.note) if row.note else "",
            chosen=row.chosen,
            retired=row.retired,
            made_at=row.made_at,
        )


class CardsOut(BaseModel):
    """The newest version of each card, and chosen ones that are older."""

    items: list[CardOut]


class CardWithVersions(CardOut):
    """One version, and which others there are."""

    versions: list[CardOut]


def read_card(kind: str, parts: list[PartIn], grades: list[GradeIn] | None) -> Card:
    """The card that a body says; raises InvalidInput with the place of each fault."""
    return Card.from_json(
        {
            "object_kind": kind,
            "parts": [part.model_dump() for part in parts],
            "grades": [grade.model_dump() for grade in grades] if grades is not None else None,
        }
    )
