"""Access databases (.mdb, .accdb), by access-parser: the file and one of its tables are held in memory."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from access_parser import AccessParser

from gis.errors import InvalidInput, TooLarge
from gis.i18n import _
from gis.survey.reading.grid import grid_table
from gis.survey.reading.table import Table

MOST_BYTES = 150_000_000  # held in memory twice, and as Python values one table at a time
# Every layout that is not understood is logged by the library at great length.
logging.getLogger("access_parser").setLevel(logging.CRITICAL)


def access_tables(path: Path) -> list[Table]:
    """The tables of an Access database; those of the system are left out.

    Raises
    ------
    InvalidInput
        The file is no Access database, is broken or encrypted.
    TooLarge
        The file is larger than can be held in memory.
    """
    if path.stat().st_size > MOST_BYTES:
        raise TooLarge(
            _("{file}: Access files are read up to {most:.0f} MB; save the tables as CSV").format(
                file=path.name, most=MOST_BYTES / 1e6
            )
        )
    try:
        database = AccessParser(str(path))
        names = [name for name in database.catalog if not name.startswith(("MSys", "~"))]
    except Exception as error:  # the library lets every slip of its byte arithmetic through
        raise _broken(path, error) from error

    def rows(name: str) -> Iterator[Sequence[Any]]:
        try:
            columns = database.parse_table(name)
        except Exception as error:
            raise _broken(path, error) from error
        yield list(columns)
        lengths = {len(values) for values in columns.values()}
        if len(lengths) > 1:
            raise InvalidInput(
                _("{file} › {table}: columns of unequal length; save the table as CSV").format(
                    file=path.name, table=name
                )
            )
        yield from zip(*columns.values(), strict=True)

    tables = [grid_table(path.name, name, lambda name=name: rows(name)) for name in names]  # type: ignore[misc]
    return [table for table in tables if table is not None]


def _broken(path: Path, error: Exception) -> InvalidInput:
    return InvalidInput(
        _("{file} cannot be read as an Access database ({reason}); save its tables as CSV or XLSX").format(
            file=path.name, reason=(str(error) or type(error).__name__)[:120]
        )
    )
