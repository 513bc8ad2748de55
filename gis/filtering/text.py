"""Filters as people write them (CQL2 text, OGC 21-065) into the tree of CQL2 JSON.

The grammar is read by ``cql2``. Its reader recurses on the machine's stack and tries brackets in several
ways, so that a hostile text could end the process or keep it busy for hours: what goes in is measured first.
"""

import re
from typing import Any

import cql2

from gis.errors import InvalidInput
from gis.i18n import _

LONGEST = 4000  # characters
MOST_SIGNS = 200  # operators and brackets
DEEPEST = 12  # brackets in brackets
DEEPEST_LIST = (
    2  # the brackets of IN, and a DATE(…) in them: the reader tries a list four ways at each bracket
)

# Quoted text first: what stands in it counts for nothing. A quote that is not closed runs to the end.
_TOKEN = re.compile(
    r"""'(?:[^']|'')*(?:'|$) | "[^"]*(?:"|$) | [()\[\]] | [-+*/^%=<>]"""
    r""" | \b(?:and|or|not|in|like|between|is|div)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_PLACE = re.compile(r"--> (\d+):(\d+)")


def read_text(text: str) -> Any:
    """The tree of a filter, as CQL2 JSON has it.

    Raises
    ------
    InvalidInput
        The text is no CQL2, too long or too deep; ``errors`` say at which character (from 1).
    """
    _measure(text)
    try:
        return cql2.parse_text(text).to_json()
    except (cql2.ParseError, cql2.ValidationError, ValueError) as error:
        raise fault(_("This is no filter in CQL2"), _place(text, str(error)), text) from error


def fault(detail: str, at: int, text: str) -> InvalidInput:
    """What is wrong with a text, and at which character of it (from 1)."""
    near = text[at - 1 : at + 19]
    where = _("character {at}, near “{near}”") if near.strip() else _("character {at}, at the end")
    return InvalidInput(
        f"{detail}: {where.format(at=at, near=near)}",
        errors=[{"pointer": "/filter", "detail": detail, "character": at}],
    )


def place_of_name(text: str, name: str, number: int = 0) -> int:
    """Where a property's name stands in a text outside of quoted words, from 1; 1 where it does not.

    ``number`` counts, from 0, the places where it stands.
    """
    found = [
        match.start() + 1
        for match in re.finditer(r"""'(?:[^']|'')*'|"[^"]*"|[\w:.]+""", text)
        if match[0].strip('"') == name and not match[0].startswith("'")
    ]
    return found[min(number, len(found) - 1)] if found else 1


def _place(text: str, message: str) -> int:
    found = _PLACE.search(message)
    if found is None:
        return 1
    line, column = int(found[1]), int(found[2])
    before = text.split("\n")[: line - 1]
    return sum(len(part) + 1 for part in before) + column


def _measure(text: str) -> None:
    if len(text) > LONGEST:
        raise fault(_("A filter has at most {most} characters").format(most=LONGEST), LONGEST, text)
    if "\0" in text:
        raise fault(_("This is no filter in CQL2"), text.index("\0") + 1, text.replace("\0", "?"))
    signs = depth = 0
    lists: list[int] = []  # depths at which the brackets of an IN opened
    after_in = False
    for match in _TOKEN.finditer(text):
        sign = match[0].lower()
        if sign[0] in "'\"":
            after_in = False
            continue
        signs += 1
        if sign in "([":
            depth += 1
            if after_in:
                lists.append(depth)
            if depth > DEEPEST or (lists and depth - lists[0] >= DEEPEST_LIST):
                raise fault(_("Too many brackets in brackets"), match.start() + 1, text)
        elif sign in ")]":
            if lists and lists[-1] == depth:
                lists.pop()
            depth -= 1
        after_in = sign == "in"
        if signs > MOST_SIGNS:
            raise fault(
                _("A filter has at most {most} operators and brackets").format(most=MOST_SIGNS),
                match.start() + 1,
                text,
            )
