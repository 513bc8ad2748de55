"""Numbers and words on drawings: how they are written, and how much room they take."""

import re
from functools import lru_cache
from unicodedata import east_asian_width

from gis.i18n import N_, _

MISSING = N_("n/a")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def level(value: float | None) -> str:
    """A level in metres, to the millimetre; what is missing is said."""
    return _(MISSING) if value is None else f"{value:.3f}"


def metres(value: float | None) -> str:
    """Any other length, to the centimetre."""
    return _(MISSING) if value is None else f"{value:.2f}"


def level_m(value: float | None) -> str:
    """A level with its unit, in running words."""
    return _(MISSING) if value is None else f"{value:.3f} m"


def metres_m(value: float | None) -> str:
    """A length with its unit, in running words."""
    return _(MISSING) if value is None else f"{value:.2f} m"


def clean(words: str) -> str:
    """On one line, without the characters that neither XML nor a drawing can hold."""
    return " ".join(_NOT_IN_XML.sub("", words).split())


@lru_cache(maxsize=4096)
def ems(words: str) -> float:
    """How long words are in heights of the type: a little more than any usual face needs."""
    return sum(_em(letter) for letter in words)


@lru_cache(maxsize=1024)
def _em(letter: str) -> float:
    if east_asian_width(letter) in "WFA":
        return 1.0
    if letter in " .,:;'|!()[]-ijlI":
        return 0.36
    return 0.9 if letter in "MWmw%‰@" else 0.66 if letter.isupper() else 0.57


def cut_to(words: str, size: float, room: float) -> str:
    """Words that fit into ``room`` mm; what is cut off is marked."""
    if ems(words) * size <= room:
        return words
    while words and (ems(words) + 1.0) * size > room:
        words = words[:-1]
    return words + "…"


def wrap(words: str, size: float, room: float) -> list[str]:
    """Words on lines of at most ``room`` mm: Chinese breaks anywhere, other words at blanks if they can."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(words):
        if line and ems(line + piece.rstrip()) * size > room:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(words: str) -> list[str]:
    """What a line may be broken between: single wide letters, and words with the blank behind them."""
    pieces = [""]
    for letter in words:
        is_wide = _em(letter) == 1.0
        last = pieces[-1]
        if last and (is_wide or last[-1] == " " or _em(last[-1]) == 1.0) and letter not in "，。；：、）":
            pieces.append(letter)
        else:
            pieces[-1] += letter
    return pieces
