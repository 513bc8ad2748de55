"""案件 number: kind, class, day and a running number, as ``C01012019041101``.

Seen in the code of a city system and likely the form of GB/T 30428.8; the standard's text was not available.
The example carries a sequence of two digits and that system's code writes four: we read two or more and write
four, five when a day has more than 9999 cases of one class. Classes with minors of three digits have no case
number of this form: nothing seen says how it would be written.
"""

from dataclasses import dataclass
from datetime import date
from typing import Self

from gis.i18n import _, gettext
from gis.standard.code_parts import PART_NAMES, check, is_digits, normalise
from gis.standard.errors import MalformedCode
from gis.standard.vocabulary import ObjectKind

LEAST_SEQUENCE = 2
WRITTEN_SEQUENCE = 4
_FORM = "C|E + 2 + 2 + yyyyMMdd + 2…"


@dataclass(frozen=True)
class CaseNumber:
    """``sequence`` is kept as written, so that a number reads back as the same text."""

    kind: ObjectKind
    major: str
    minor: str
    day: date
    sequence: str

    def __post_init__(self) -> None:
        check({"major": self.major, "minor": self.minor}, ("major", "minor"), (2, 2), _FORM)
        if len(self.sequence) < LEAST_SEQUENCE or not is_digits(self.sequence):
            raise _wrong("sequence", self.sequence)

    def __str__(self) -> str:
        day = self.day.isoformat().replace("-", "")
        return f"{self.kind.letter}{self.class_code}{day}{self.sequence}"

    @property
    def class_code(self) -> str:
        """Major and minor of what the case is about."""
        return self.major + self.minor

    @property
    def number(self) -> int:
        """The running number of its day and class."""
        return int(self.sequence)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a case number; MalformedCode says which part is wrong."""
        code = normalise(text).upper()
        try:
            kind = ObjectKind.from_letter(code[:1])
        except ValueError:
            raise _wrong("kind", code[:1]) from None
        day_text = code[5:13]
        try:
            if len(day_text) != 8 or not is_digits(day_text):
                raise ValueError(day_text)
            day = date(int(day_text[:4]), int(day_text[4:6]), int(day_text[6:]))
        except ValueError:
            raise _wrong("date", day_text) from None
        return cls(kind, code[1:3], code[3:5], day, code[13:])

    @classmethod
    def build(cls, kind: ObjectKind | str, class_code: str, day: date, number: int) -> Self:
        """The ``number``-th case (from 1) of a class on a day, in the city's own calendar."""
        if number < 1:
            raise _wrong("sequence", str(number))
        sequence = str(number).zfill(WRITTEN_SEQUENCE)
        return cls(ObjectKind(kind), class_code[:2], class_code[2:], day, sequence)


def _wrong(part: str, value: str) -> MalformedCode:
    return MalformedCode(
        _("The {part} “{value}” of the case number cannot be read; it is written {form}").format(
            part=gettext(PART_NAMES[part]), value=value, form=_FORM
        ),
        part=part,
    )
