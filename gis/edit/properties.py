"""Properties that are sent, read by a table of what may be sent: checked one by one, then columns of a row.

Names that reading shows beside a code (``state_zh``) may be changed, too: they are looked up. Whatever else
reading shows is reckoned; it may be sent back as it was read, and not otherwise.
"""

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from gis.errors import InvalidInput
from gis.i18n import _

MOST_PROPERTIES = 200
MOST_NAMED = 12  # choices that a refusal lists
CLOSE = 1e-6  # numbers nearer than this are the same number, written twice
SUFFIXES = ("_zh", "_en")

Values = dict[str, Any]


class Kind(StrEnum):
    """How a value is written."""

    TEXT = "string"
    NUMBER = "number"
    WHOLE = "integer"
    YES = "boolean"
    DATE = "date"


@dataclass(frozen=True, kw_only=True)
class Property:
    """One property that may be sent. ``null``: what the row holds where nothing is known.

    ``codes`` are the texts that are taken, with what is stored for each. ``column``: its column,
    where that is called otherwise. ``longest``: characters of a text.
    """

    name: str
    kind: Kind = Kind.TEXT
    column: str = ""
    null: Any = None
    required: bool = False
    longest: int = 500
    least: float = -1e6
    most: float = 1e6
    codes: Callable[[Session], Mapping[str, Any]] | None = None


@dataclass(frozen=True, kw_only=True)
class Names:
    """Names in two languages that stand for columns: ``{prefix}_zh`` and ``{prefix}_en``.

    ``rows`` are Chinese name, English name and the columns of each choice; ``null`` the columns where there
    is none, or nothing where there must be one. Their codes may be sent, too, as properties of their own: one
    that is null beside a name is a field that a form left empty, and says nothing.
    """

    prefix: str
    columns: tuple[str, ...]
    rows: Callable[[Session], Iterable[tuple[str, str, Values]]]
    null: Values | None


@dataclass(frozen=True)
class Table:
    """What may be sent of the rows of a collection."""

    properties: tuple[Property, ...]
    names: tuple[Names, ...] = ()


class _Wrong(ValueError):
    """A value that cannot be; its text says what would do."""


def read_properties(
    session: Session,
    table: Table,
    sent: Any,
    known: Mapping[str, Any] | None,
    readable: Collection[str],
    whole: bool,
) -> Values:
    """The columns that sent properties say, by their names in the model.

    Parameters
    ----------
    known : the row's properties as they are read now; None: it is to be made
    readable : names of all properties that reading shows
    whole : they are all there are: what reading shows and the sender left out is emptied. What reading does
        not show stays, since the sender could not know it.

    Raises
    ------
    InvalidInput
        With a pointer for each property that is not known, not taken, or needed and not there.
    """
    if not isinstance(sent, dict) or len(sent) > MOST_PROPERTIES:
        raise InvalidInput(_("properties must be an object"), errors=[{"pointer": "/properties"}])
    values: Values = {}
    errors: list[dict[str, str]] = []
    by_name = {one.name: one for one in table.properties}
    pairs = {names.prefix + suffix for names in table.names for suffix in SUFFIXES}
    by_names = {
        column
        for names in table.names
        if any(names.prefix + suffix in sent for suffix in SUFFIXES)
        for column in names.columns
    }
    for name, value in sent.items():
        if name in by_name:
            if value is None and (by_name[name].column or name) in by_names:
                continue
            try:
                values[by_name[name].column or name] = _read(session, by_name[name], value)
            except _Wrong as refusal:
                errors.append({"pointer": f"/properties/{_escaped(name)}", "detail": str(refusal)})
        elif name not in pairs:
            errors += _of_reckoned(name, value, known, readable)
    for names in table.names:
        try:
            found = _named(session, names, sent, known, whole)
        except _Wrong as refusal:
            errors.append({"pointer": f"/properties/{names.prefix}{SUFFIXES[0]}", "detail": str(refusal)})
        else:
            values = found | values  # who sends a code, too, means the code
    wrong = {error["pointer"] for error in errors}
    for one in table.properties:
        column = one.column or one.name
        if column in values or f"/properties/{one.name}" in wrong:
            continue
        if whole and known is not None and one.name in readable and one.name not in sent:
            values[column] = one.null
        if one.required and (known is None or column in values):
            errors.append({"pointer": f"/properties/{one.name}", "detail": _("needed")})
    if errors:
        raise InvalidInput(_("Some properties cannot be used"), errors=errors[:50])
    return values


def _of_reckoned(
    name: str, value: Any, known: Mapping[str, Any] | None, readable: Collection[str]
) -> list[dict[str, str]]:
    """What is wrong with a property that cannot be set; of something new it is reckoned anyway."""
    pointer = f"/properties/{_escaped(name)}"
    if name not in readable:
        return [{"pointer": pointer, "detail": _("there is no such property")}]
    if known is None or _same(value, known.get(name)):
        return []
    return [{"pointer": pointer, "detail": _("reckoned from others; it cannot be changed itself")}]


def _named(
    session: Session, names: Names, sent: Values, known: Mapping[str, Any] | None, whole: bool
) -> Values:
    """The columns that changed names stand for; of two languages the one that was changed counts."""
    said = [names.prefix + suffix for suffix in SUFFIXES if names.prefix + suffix in sent]
    before = known or {}
    changed = [name for name in said if not _same(sent[name], before.get(name))]
    if not said:
        shown = whole and any(names.prefix + suffix in before for suffix in SUFFIXES)
        return dict(names.null) if shown and names.null is not None else {}
    if not changed:
        return {}
    if all(sent[name] is None for name in changed):
        if names.null is None:
            raise _Wrong(_("needed"))
        return dict(names.null)
    rows = list(names.rows(session))
    wanted = [(name, sent[name]) for name in changed if sent[name] is not None]
    fitting = [
        columns
        for zh, en, columns in rows
        if all(value == (zh if name.endswith("_zh") else en) for name, value in wanted)
    ]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise _Wrong(_("more than one is called so; send its code"))
    some = ", ".join(dict.fromkeys(zh for zh, _en, _columns in rows[:MOST_NAMED]))
    raise _Wrong(_("nothing is called so; there are: {names}").format(names=some))


def _read(session: Session, one: Property, value: Any) -> Any:
    if value is None or value == "":
        if one.required:
            raise _Wrong(_("needed"))
        return one.null
    if one.codes is not None:
        codes = one.codes(session)
        if not isinstance(value, str) or value not in codes:
            some = ", ".join(list(codes)[:MOST_NAMED])
            raise _Wrong(_("one of: {words}").format(words=some))
        return codes[value]
    return _READ[one.kind](one, value)


def _text(one: Property, value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1e15:
        value = str(value)  # tools take a column of digits for numbers
    if not isinstance(value, str) or "\0" in value or len(value) > one.longest:
        raise _Wrong(_("text of at most {most} characters").format(most=one.longest))
    return value


def _number(one: Property, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str) or len(str(value)) > 40:
        raise _Wrong(_("a number"))
    try:
        number = float(value)
    except ValueError as error:
        raise _Wrong(_("a number")) from error
    if not math.isfinite(number) or not one.least <= number <= one.most:
        raise _Wrong(_("from {least} to {most}").format(least=f"{one.least:g}", most=f"{one.most:g}"))
    return number


def _whole(one: Property, value: Any) -> int:
    number = _number(one, value)
    if not number.is_integer():
        raise _Wrong(_("a whole number"))
    return int(number)


def _yes(_one: Property, value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Wrong(_("true or false"))
    return value


def _date(_one: Property, value: Any) -> date:
    """A day, also where a tool writes a time of that day behind it."""
    day, mark, _time = value.partition("T") if isinstance(value, str) else ("", "", "")
    try:
        found = date.fromisoformat(day)
    except ValueError as error:
        raise _Wrong(_("a day such as 2026-11-20")) from error
    if len(day) != 10 or (mark and not _time) or not 1800 <= found.year <= 2200:
        raise _Wrong(_("a day such as 2026-11-20"))
    return found


_READ: dict[Kind, Callable[[Property, Any], Any]] = {
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    Kind.WHOLE: _whole,
    Kind.YES: _yes,
    Kind.DATE: _date,
}


def _same(sent: Any, known: Any) -> bool:
    """Whether a value is the one that was read; empty text and null are one."""
    if sent in (None, ""):
        return known in (None, "")
    if isinstance(sent, int | float) and isinstance(known, int | float):
        return abs(sent - known) <= CLOSE
    return bool(sent == known) or str(sent) == str(known)


def _escaped(name: str) -> str:
    """A name as a step of a JSON pointer."""
    return name[:64].replace("~", "~0").replace("/", "~1")
