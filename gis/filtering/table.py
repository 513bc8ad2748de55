"""What a filter may speak of: the attributes of one table, its geometry, and how places are read for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import ColumnElement


class Type(StrEnum):
    """How values are written and compared."""

    CODE = "code"  # one word of a list
    TEXT = "text"
    WHOLE = "integer"
    NUMBER = "number"
    DATE = "date"
    MOMENT = "timestamp"
    YES = "boolean"


@dataclass(frozen=True)
class Column:
    """An attribute as a filter sees it: its name, how it is compared, where it stands."""

    name: str
    type: Type
    sql: ColumnElement[Any]


class Table(Protocol):
    """The words of one table.

    ``spatial`` maps operators to functions of PostGIS, ``{"s_within": "ST_CoveredBy"}``; ``temporal`` tells
    whether the operators of time are spoken, too.
    """

    @property
    def spatial(self) -> Mapping[str, str]: ...

    @property
    def temporal(self) -> bool: ...

    def find(self, name: str) -> Column | None:
        """The attribute of a name; None where there is none that may be filtered by."""

    def names(self) -> Sequence[str]:
        """The attributes there are, for who named another."""

    @property
    def geometry(self) -> ColumnElement[Any]:
        """The geometry of a row, in the city's CRS."""

    def place(self, said: Any) -> ColumnElement[Any]:
        """A geometry of the sender (GeoJSON, or ``{"bbox": […]}``) in the city's CRS; raises InvalidInput."""
