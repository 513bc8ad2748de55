"""Numbers of the clearance and cover tables in force, as a section needs them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from gis.database import read_sql
from gis.i18n import _
from gis.standard.tables import clearance_parties, trust_level

CORRECTED = "corrected"  # status of a number that an administrator has put in force
BUILDING = "BUILDING"


@dataclass(frozen=True)
class Limit:
    """A least distance, metres; ``is_firm`` False: whoever reads a finding that rests on it is told."""

    value_m: float
    status: str
    source: str
    is_firm: bool


@dataclass(frozen=True)
class Limits:
    """By heads of the tables; what is not there, the tables do not say: never a pass."""

    horizontal: dict[tuple[str, str], Limit] = field(default_factory=dict)
    vertical: dict[tuple[str, str], Limit] = field(default_factory=dict)
    cover: dict[tuple[str, str, str], Limit] = field(default_factory=dict)

    @property
    def farthest_m(self) -> float:
        """The largest distance in plan."""
        return max((limit.value_m for limit in self.horizontal.values()), default=0.0)


def limits_in_force(session: Session, heads: Iterable[str]) -> Limits:
    """All numbers between these heads, each pair in both orders."""
    found = Limits()
    for row in session.execute(read_sql("section_limits"), {"heads": sorted({*heads, BUILDING})}):
        if row.corrected is None:
            limit = Limit(row.value, row.status, row.source, trust_level(row.status).is_firm)
        else:
            limit = Limit(row.value, CORRECTED, row.corrected, True)
        if row.kind == "cover":
            found.cover[row.a, row.b, row.c] = limit
        else:
            pairs = found.horizontal if row.kind == "horizontal" else found.vertical
            pairs[row.a, row.b] = pairs[row.b, row.a] = limit
    return found


def head_name(code: str) -> str:
    """The head of a table in the reader's language."""
    return next((row.name for row in clearance_parties() if row.code == code), code)


def doubt(limit: Limit) -> str:
    """What a reader must be told of a number that is not firm, "" for one that is."""
    if limit.is_firm:
        return ""
    return _("; this number is not confirmed ({status})").format(status=trust_level(limit.status).name)
