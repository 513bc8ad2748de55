"""部件 id code: the county, the class and a running number (GB/T 30428.2)."""

from dataclasses import dataclass
from typing import Self

from gis.i18n import _
from gis.standard.code_parts import check, cut, normalise, number_text, part_lengths
from gis.standard.errors import UnknownCode
from gis.standard.tables import COMPONENT_EDITION, edition

PARTS = ("county", "major", "minor", "sequence")


@dataclass(frozen=True)
class ComponentCode:
    """Sixteen digits in every edition so far, but cut in two ways: 6+2+2+6, and 6+2+3+5 in newer drafts."""

    county: str
    major: str
    minor: str
    sequence: str
    edition: str = COMPONENT_EDITION

    def __post_init__(self) -> None:
        parts = {name: getattr(self, name) for name in PARTS}
        check(parts, PARTS, component_lengths(self.edition), self.edition)

    def __str__(self) -> str:
        return self.county + self.class_code + self.sequence

    @property
    def class_code(self) -> str:
        """Major and minor, the ``code`` of its class in the edition."""
        return self.major + self.minor

    @property
    def is_local_extension(self) -> bool | None:
        """Whether the minor class is a city's own; None where the edition draws no line between the two.

        By the 2013 edition cities number their own minors down from 99, but no source says where they stop:
        ask the ``scope`` of the class there.
        """
        first = edition(self.edition).local_minor_from
        return None if first is None else int(self.minor) >= first

    @classmethod
    def parse(cls, text: str, edition: str = COMPONENT_EDITION) -> Self:
        """Read a code; MalformedCode says which part is wrong, UnknownCode that the edition is not known."""
        return cls(**cut(text, PARTS, component_lengths(edition), edition), edition=edition)

    @classmethod
    def build(cls, county: str, class_code: str, number: int, edition: str = COMPONENT_EDITION) -> Self:
        """The code of the ``number``-th component (from 1) of a class in a county."""
        major, minor = normalise(class_code)[:2], normalise(class_code)[2:]
        sequence = number_text(number, component_lengths(edition)[-1])
        return cls(normalise(county), major, minor, sequence, edition)


def component_lengths(edition_code: str) -> tuple[int, ...]:
    """Digits of county, major, minor and sequence in an edition; UnknownCode where it fixes none."""
    parts = edition(edition_code).component_parts
    if parts is None:
        raise UnknownCode(
            _("{edition} does not say how components are numbered").format(edition=edition_code)
        )
    return part_lengths(parts)
