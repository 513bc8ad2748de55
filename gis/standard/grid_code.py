"""单元网格 code: where a grid lies, down to its number in the community (GB/T 30428.1)."""

from dataclasses import dataclass
from typing import Self

from gis.i18n import _
from gis.standard.code_parts import check, cut, normalise, number_text, part_lengths
from gis.standard.errors import UnknownCode
from gis.standard.tables import GRID_EDITION, edition

PARTS = ("county", "street", "community", "sequence")


@dataclass(frozen=True)
class GridCode:
    """County (GB/T 2260), street (GB/T 10114), community and sequence, each as digits.

    How many digits each has is the edition's: 15 in all by GB/T 30428.1-2013, 14 by CJ/T 213-2005, 16 in a
    city with street codes of four.
    """

    county: str
    street: str
    community: str
    sequence: str
    edition: str = GRID_EDITION

    def __post_init__(self) -> None:
        parts = {name: getattr(self, name) for name in PARTS}
        check(parts, PARTS, grid_lengths(self.edition), self.edition)

    def __str__(self) -> str:
        return self.community_code + self.sequence

    @property
    def street_code(self) -> str:
        """The full code of the street it lies in."""
        return self.county + self.street

    @property
    def community_code(self) -> str:
        """The full code of the community it lies in."""
        return self.county + self.street + self.community

    @classmethod
    def parse(cls, text: str, edition: str = GRID_EDITION) -> Self:
        """Read a code; MalformedCode says which part is wrong, UnknownCode that the edition is not known."""
        return cls(**cut(text, PARTS, grid_lengths(edition), edition), edition=edition)

    @classmethod
    def build(cls, community_code: str, number: int, edition: str = GRID_EDITION) -> Self:
        """The code of the ``number``-th grid (from 1) of a community; MalformedCode when it does not fit."""
        *lengths, sequence_length = grid_lengths(edition)
        parts = cut(normalise(community_code), PARTS[:-1], lengths, edition)
        return cls(**parts, sequence=number_text(number, sequence_length), edition=edition)


def grid_lengths(edition_code: str) -> tuple[int, ...]:
    """Digits of county, street, community and sequence in an edition; UnknownCode where it fixes none."""
    parts = edition(edition_code).grid_parts
    if parts is None:
        raise UnknownCode(
            _("{edition} does not say how unit grids are numbered").format(edition=edition_code)
        )
    return part_lengths(parts)
