"""Reading a reference table: each line of a CSV file becomes one frozen dataclass, typed by its fields."""

import csv
from collections.abc import Callable
from dataclasses import fields
from enum import StrEnum
from pathlib import Path
from types import NoneType
from typing import Any, ClassVar, Protocol, TypeVar, get_args, get_type_hints

DATA = Path(__file__).parent / "data"


class DataclassLike(Protocol):
    """Any dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


Row = TypeVar("Row", bound=DataclassLike)


def read_rows(row_type: type[Row], path: Path) -> tuple[Row, ...]:
    """Read a CSV file whose header is exactly the fields of ``row_type``.

    Fields may be ``str``, ``int``, ``float``, ``bool`` (``true`` / ``false``), a ``StrEnum``, or one of these
    ``| None``, where an empty cell is None. Text stays text: "01" never becomes 1.

    Raises
    ------
    ValueError
        The header differs from the fields, or a cell does not fit its type; the message names the line.
    """
    hints = get_type_hints(row_type)
    names = [field.name for field in fields(row_type)]
    readers = {name: _reader(hints[name]) for name in names}
    rows = []
    with path.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        header = next(lines)
        if sorted(header) != sorted(names):
            wrong = sorted(set(header) ^ set(names))
            raise ValueError(f"{path.name}: the header and {row_type.__name__} differ in {wrong}")
        for cells in lines:
            try:
                if len(cells) != len(header):
                    raise ValueError(f"{len(cells)} cells under {len(header)} heads")
                values = {name: readers[name](cell) for name, cell in zip(header, cells, strict=True)}
            except ValueError as error:
                raise ValueError(f"{path.name}, line {lines.line_num}: {error}") from error
            rows.append(row_type(**values))
    return tuple(rows)


def _reader(hint: Any) -> Callable[[str], Any]:
    """How a cell of this type is read."""
    options = get_args(hint)
    if NoneType in options:
        read = _reader(next(option for option in options if option is not NoneType))
        return lambda cell: read(cell) if cell else None
    if hint is bool:
        return _read_bool
    if hint in (str, int, float) or (isinstance(hint, type) and issubclass(hint, StrEnum)):
        return hint  # type: ignore[no-any-return]
    raise TypeError(f"A reference table cannot hold {hint}")


def _read_bool(cell: str) -> bool:
    if cell not in ("true", "false"):
        raise ValueError(f"{cell!r} is neither true nor false")
    return cell == "true"
