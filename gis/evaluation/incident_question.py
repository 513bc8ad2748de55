"""What is asked about incidents of pipelines: which, when, how near to a line, in which groups."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from gis.errors import InvalidInput
from gis.evaluation.incident_classes import classes_of
from gis.evaluation.period import Period
from gis.i18n import N_, _
from gis.pipeline.attribute_expressions import AGE_BANDS, SIZE_BANDS_MM, band_codes

RADIUS_M, LEAST_RADIUS_M, MOST_RADIUS_M = 20.0, 1.0, 200.0
MOST_KEYS = 3
UNKNOWN = "unknown"  # how a key without a value is written in an address
REASONS = {
    "far": N_("No line of the class lies near enough"),
    "not_then": N_("A line lies there, but was not in the network at the time"),
    "unnamed": N_("The class of the case names no pipeline"),
}


@dataclass(frozen=True)
class Key:
    """What incidents are grouped by: SQL over ``r``, and the list that names its codes.

    ``bands``: the SQL answers the number of a band; its code is at that place.
    """

    title: str
    sql: str
    words: str
    bands: tuple[str, ...] = ()

    def code(self, found: Any) -> str | None:
        """What a group is called in answers: a code, or the code of a band; None where it is unknown."""
        if found is None:
            return None
        return self.bands[found] if self.bands else str(found)

    def found(self, code: str, known: Collection[str]) -> int | str | None:
        """What the database answers for one of the ``known`` codes; raises InvalidInput for another."""
        if code == UNKNOWN:
            return None
        if code not in known:
            raise InvalidInput(
                _("{code} is none of {known}").format(code=repr(code[:20]), known=", ".join(known))
            )
        return self.bands.index(code) if self.bands else code


def _band(column: str, limits: tuple[int, ...]) -> str:
    return f"width_bucket(r.{column}, ARRAY[{', '.join(map(str, limits))}])"


KEYS: dict[str, Key] = {
    "class": Key(N_("Class"), "r.class_code", "class"),
    "material": Key(N_("Material"), "r.material", "material"),
    "age_band": Key(N_("Age band"), _band("age", AGE_BANDS), "age_band", band_codes(AGE_BANDS)),
    "size_band": Key(
        N_("Size band"), _band("width_mm", SIZE_BANDS_MM), "size_band", band_codes(SIZE_BANDS_MM)
    ),
}


@dataclass(frozen=True)
class Question:
    """Which incidents, over which time, how near to a line they must lie, and how they are grouped."""

    period: Period
    incident: str = "failure"
    radius_m: float = RADIUS_M
    by: tuple[str, ...] = ("class",)

    def __post_init__(self) -> None:
        classes_of(self.incident)
        # Also refuses what is not a number.
        if not LEAST_RADIUS_M <= self.radius_m <= MOST_RADIUS_M:
            raise InvalidInput(
                _("The radius must be {least} to {most} metres").format(
                    least=f"{LEAST_RADIUS_M:g}", most=f"{MOST_RADIUS_M:g}"
                ),
                errors=[{"pointer": "/radius_m"}],
            )
        if unknown := [name for name in self.by if name not in KEYS]:
            raise InvalidInput(
                _("{name} is nothing to group by; there are: {known}").format(
                    name=unknown[0][:40], known=", ".join(KEYS)
                ),
                errors=[{"pointer": "/by"}],
            )
        if not 1 <= len(set(self.by)) == len(self.by) <= MOST_KEYS:
            raise InvalidInput(
                _("Group by 1 to {most} attributes, each once").format(most=MOST_KEYS),
                errors=[{"pointer": "/by"}],
            )
