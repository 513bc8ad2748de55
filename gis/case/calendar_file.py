"""A working calendar as a file: for years that chinesecalendar does not know yet."""

import csv
from datetime import date
from pathlib import Path

from gis.case.calendar import Day
from gis.errors import InvalidInput
from gis.i18n import _

KINDS = ("workday", "weekend", "holiday", "makeup")


def read_days(path: Path) -> list[Day]:
    """Read a file of :func:`parse_days`.

    Raises
    ------
    InvalidInput
        It cannot be read, or a line is not a day; says which line.
    """
    try:
        content = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(_("{path} cannot be read ({reason})").format(path=path, reason=error)) from error
    return parse_days(content)


def decode_days(content: bytes) -> list[Day]:
    """Read the bytes of a file of :func:`parse_days`, as a request brings them; raises the same."""
    try:
        return parse_days(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InvalidInput(_("The file is not UTF-8 ({reason})").format(reason=error)) from error


def parse_days(content: str) -> list[Day]:
    """Read a CSV with the columns ``day`` (2027-01-01), ``kind`` (one of :data:`KINDS`) and ``name``.

    Raises
    ------
    InvalidInput
        A line is not a day, or a day comes twice; says which line.
    """
    days: list[Day] = []
    seen: set[date] = set()
    for number, row in enumerate(csv.DictReader(content.splitlines()), start=2):
        kind = (row.get("kind") or "").strip()
        try:
            day = date.fromisoformat((row.get("day") or "").strip())
        except ValueError as error:
            raise InvalidInput(_("Line {number}: {reason}").format(number=number, reason=error)) from error
        if kind not in KINDS:
            raise InvalidInput(
                _("Line {number}: kind is {kind}, not one of {kinds}").format(
                    number=number, kind=kind or "-", kinds=", ".join(KINDS)
                )
            )
        if day in seen:
            raise InvalidInput(_("Line {number}: {day} comes twice").format(number=number, day=day))
        seen.add(day)
        days.append(Day(day, kind, (row.get("name") or "").strip()))
    return days
