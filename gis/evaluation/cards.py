"""评分卡: weights, bands and grades of a kind of object, as data of the city; checked here."""

from dataclasses import asdict, dataclass
from typing import Any

from gis.errors import InvalidInput
from gis.evaluation.indicators import INDICATORS, OBJECT_KINDS
from gis.i18n import _

SENSES = ("direct", "inverse", "band")
GRADE_NAMES = ("A", "B", "C", "D", "E")


@dataclass(frozen=True)
class Band:
    """Up to and including ``most`` (none: without end) a count scores ``points`` (0–100)."""

    most: float | None
    points: float


@dataclass(frozen=True)
class Part:
    """One line of a card: so much of the score from one indicator.

    ``weight`` in per cent. ``sense``: ``direct`` scores the ratio itself, ``inverse`` one minus it, ``band``
    looks it up in ``bands``. ``full_at``: the ratio that already scores in full; 1 unless the city says else.
    """

    indicator: str
    weight: float
    sense: str = "direct"
    bands: tuple[Band, ...] = ()
    full_at: float = 1.0


@dataclass(frozen=True)
class Grade:
    """From ``least`` points on, up to the next grade."""

    name: str
    least: float
    colour: str


GRADES = (
    Grade("A", 90, "green"),
    Grade("B", 75, "blue"),
    Grade("C", 60, "yellow"),
    Grade("D", 40, "red"),
    Grade("E", 0, "black"),
)


@dataclass(frozen=True)
class Card:
    """How a kind of object is scored: parts whose weights make 100, and grades from the best down."""

    object_kind: str
    parts: tuple[Part, ...]
    grades: tuple[Grade, ...] = GRADES

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(said: dict[str, Any]) -> "Card":
        """A card from JSON; raises InvalidInput with the place of each fault."""
        try:
            card = Card(
                str(said["object_kind"]),
                tuple(
                    Part(
                        str(part["indicator"]),
                        float(part["weight"]),
                        str(part.get("sense", "direct")),
                        tuple(
                            Band(None if b.get("most") is None else float(b["most"]), float(b["points"]))
                            for b in part.get("bands") or ()
                        ),
                        float(part.get("full_at", 1.0)),
                    )
                    for part in said["parts"]
                ),
                tuple(Grade(str(g["name"]), float(g["least"]), str(g["colour"])) for g in said["grades"])
                if said.get("grades")
                else GRADES,
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InvalidInput(
                _("The score card cannot be read: {error}").format(error=error),
                errors=[{"pointer": "/parts"}],
            ) from None
        card.check()
        return card

    def check(self) -> None:
        """Raise InvalidInput, with every fault and its place, unless the card can score."""
        faults = [*self._faults()]
        if faults:
            raise InvalidInput(faults[0]["detail"], errors=faults)

    def _faults(self) -> list[dict[str, str]]:
        faults: list[dict[str, str]] = []

        def fault(pointer: str, detail: str) -> None:
            faults.append({"pointer": pointer, "detail": detail})

        if self.object_kind not in OBJECT_KINDS:
            fault("/object_kind", _("Unknown kind of object {kind}").format(kind=self.object_kind))
        if not self.parts:
            fault("/parts", _("A score card needs a part at least"))
        seen: set[str] = set()
        for at, part in enumerate(self.parts):
            row = INDICATORS.get(part.indicator)
            if row is None or self.object_kind not in row.kinds:
                fault(
                    f"/parts/{at}/indicator",
                    _("{code} is not an indicator of this kind of object").format(code=part.indicator),
                )
                continue
            if part.indicator in seen:
                fault(f"/parts/{at}/indicator", _("{code} stands here twice").format(code=part.indicator))
            seen.add(part.indicator)
            if not 0 < part.weight <= 100:
                fault(f"/parts/{at}/weight", _("A weight is more than 0 and at most 100"))
            if part.sense not in SENSES:
                fault(f"/parts/{at}/sense", _("A sense is one of {known}").format(known=", ".join(SENSES)))
            elif part.sense == "band":
                if fault_of_bands := _fault_of_bands(part.bands):
                    fault(f"/parts/{at}/bands", fault_of_bands)
            elif row.unit != "ratio":
                fault(f"/parts/{at}/sense", _("A count or a mean is scored by bands"))
            if not 0 < part.full_at <= 1:
                fault(f"/parts/{at}/full_at", _("Full marks lie above 0 and at most at 1"))
        total = sum(part.weight for part in self.parts)
        if self.parts and abs(total - 100) > 1e-6:
            fault("/parts", _("The weights make {total:g}, not 100").format(total=total))
        steps = [grade.least for grade in self.grades]
        if steps != sorted(set(steps), reverse=True) or not steps or steps[-1] != 0:
            fault("/grades", _("Grades go from the best down, and the last begins at 0"))
        return faults


def _fault_of_bands(bands: tuple[Band, ...]) -> str | None:
    mosts = [band.most for band in bands]
    if not bands or mosts[-1] is not None or None in mosts[:-1]:
        return _("The last band, and only it, has no end")
    ends = [most for most in mosts if most is not None]
    if ends != sorted(set(ends)):
        return _("Bands go from the lowest up")
    if any(not 0 <= band.points <= 100 for band in bands):
        return _("Points lie between 0 and 100")
    return None
