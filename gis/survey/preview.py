"""What an import would make of some files: columns and what they mean, shown before anything is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.orm import Session

from gis.survey.options import SurveyOptions
from gis.survey.recognised import Recognised


@dataclass(frozen=True)
class ColumnPreview:
    """A column of a table. ``field``: what it means, None where nothing here holds it (kept as ``extra``).

    ``how``: said, saved, name, alias, alike; empty without a field. ``confidence`` from 0 to 1.
    """

    name: str
    field: str | None
    how: str
    confidence: float
    samples: list[str]


@dataclass(frozen=True)
class SheetPreview:
    """A sheet, table or layer. ``table``: point, line or both; None: it is not read. ``rows``: if known.

    ``first_rows`` are the first rows as they stand in the file, cells in the order of ``columns``.
    """

    file: str
    sheet: str
    table: str | None
    class_code: str | None
    rows: int | None
    columns: list[ColumnPreview]
    first_rows: list[list[str]] = field(default_factory=list)
    recognised: list[Recognised] = field(default_factory=list)
    needed_missing: list[str] = field(default_factory=list)


def preview(session: Session, files: Sequence[Path], options: SurveyOptions) -> list[SheetPreview]:
    """Look at the beginning of every table of some files.

    Raises
    ------
    InvalidInput
        A file cannot be read at all.
    """
    raise NotImplementedError
