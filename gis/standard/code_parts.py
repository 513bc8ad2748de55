"""Cutting a code into its parts, and saying which part is wrong.

Codes come from spreadsheets and Chinese input methods. Full-width digits and letters (０１, Ｃ), and white
space around the code, are taken as what they mean. White space or any other sign *inside* a code is refused:
it may stand where a digit was lost, and a code with a digit guessed is another code.
"""

from collections.abc import Sequence

from gis.i18n import N_, _, gettext
from gis.standard.errors import MalformedCode

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}

PART_NAMES = {
    "county": N_("county code"),
    "street": N_("street code"),
    "community": N_("community code"),
    "major": N_("major class"),
    "minor": N_("minor class"),
    "sequence": N_("sequence number"),
    "kind": N_("kind letter"),
    "date": N_("date"),
}


def normalise(text: str) -> str:
    """The code as it was meant: full-width signs made plain, white space around it taken away."""
    return text.translate(_FULL_WIDTH).strip()


def part_lengths(parts: str) -> tuple[int, ...]:
    """The digits of each part from an edition's table, ``"6+3+3+2"`` → ``(6, 3, 3, 2)``."""
    return tuple(int(part) for part in parts.split("+"))


def cut(text: str, names: Sequence[str], lengths: Sequence[int], edition: str) -> dict[str, str]:
    """Cut a code of digits into named parts.

    Raises
    ------
    MalformedCode
        The length differs from the edition's, or a part holds something that is no digit.
    """
    code = normalise(text)
    if len(code) != sum(lengths):
        raise MalformedCode(
            _("The code {code} has {length} characters; {edition} asks for {expected}").format(
                code=code, length=len(code), edition=edition, expected=sum(lengths)
            ),
            part="length",
        )
    parts = {}
    start = 0
    for name, length in zip(names, lengths, strict=True):
        parts[name] = code[start : start + length]
        start += length
    check(parts, names, lengths, edition)
    return parts


def check(parts: dict[str, str], names: Sequence[str], lengths: Sequence[int], edition: str) -> None:
    """Refuse a part that is not exactly its number of ASCII digits; MalformedCode names it."""
    for name, length in zip(names, lengths, strict=True):
        if len(parts[name]) != length or not is_digits(parts[name]):
            raise MalformedCode(
                _("The {part} “{value}” is not {length} digits, as {edition} asks").format(
                    part=gettext(PART_NAMES[name]), value=parts[name], length=length, edition=edition
                ),
                part=name,
            )


def is_digits(text: str) -> bool:
    """Whether a text is one or more of the digits 0-9; ``str.isdigit`` also takes ² and ٣."""
    return text.isascii() and text.isdigit()


def number_text(number: int, length: int) -> str:
    """A running number as digits of a fixed length.

    Raises
    ------
    MalformedCode
        The number is below 1 or does not fit, as the 1000th grid of a community.
    """
    if not 1 <= number < 10**length:
        raise MalformedCode(
            _("The sequence number {number} does not fit in {length} digits").format(
                number=number, length=length
            ),
            part="sequence",
        )
    return str(number).zfill(length)
