"""How many rows our own data have, and of what date they are: reckoned, and known for some minutes."""

import time
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

KEEP_S = 300.0  # a catalogue is read to choose data; a million rows are not counted anew for each reader
# Of each table, which rows count and what tells of what day a row is.
_TABLES: dict[str, tuple[str, str]] = {
    "area": ("valid_to IS NULL", "valid_from"),
    "unit_grid": ("valid_to IS NULL", "valid_from"),
    "duty_grid": ("valid_to IS NULL", "valid_from"),
    "road": ("valid_to IS NULL", "valid_from"),
    "building": ("valid_to IS NULL", "valid_from"),
    "component": ("valid_to IS NULL", "valid_from"),
    "pipe_point": ("valid_to IS NULL", "greatest(surveyed_on, valid_from)"),
    "pipe_segment": ("valid_to IS NULL", "greatest(surveyed_on, valid_from)"),
    "case": ("stage IS NOT NULL", "reported_at"),  # open ones, as the collection has them
    "place": ("valid_to IS NULL", "valid_from"),
}


@dataclass(frozen=True)
class Figures:
    """What a table holds: rows in force, and the day of the newest."""

    rows: int
    newest: date | None


_known: dict[str, tuple[float, Figures]] = {}


def figures_of(session: Session, table: str) -> Figures | None:
    """The figures of a table, at most some minutes old; None where a table has none to tell.

    They say how much there is in the whole city, also to those who see a part of it only.
    """
    if table not in _TABLES:
        return None
    known = _known.get(table)
    if known is None or time.monotonic() - known[0] > KEEP_S:
        condition, day = _TABLES[table]
        row = session.execute(
            text(f'SELECT count(*) AS rows, max({day})::date AS newest FROM "{table}" WHERE {condition}')
        ).one()
        known = time.monotonic(), Figures(row.rows, row.newest)
        _known[table] = known
    return known[1]
