"""How known sources name things: which column is which field, which kind is which of our classes.

The tables lie in ``data/``: a new source is new rows there.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gis.errors import InvalidInput
from gis.i18n import _
from gis.standard.csv_rows import read_rows
from gis.standard.rows import Named
from gis.standard.tables import CITY_EDITION

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of a source that brings a field of ours."""

    profile: str
    subject: str
    field: str
    column: str


@dataclass(frozen=True, kw_only=True)
class PipeKind:
    """A kind of line or point of a source. ``part``: what it draws, where the kind alone does not say it.

    ``appendage``: a code of ``point_kind.csv`` for points of this kind; empty where the source does not say.
    """

    profile: str
    kind: str
    part: str
    class_code: str
    sub_code: str
    appendage: str
    why: str


@dataclass(frozen=True, kw_only=True)
class CaseClass:
    """A class of problems of a source; a row whose ``name`` is * takes what no other row takes."""

    profile: str
    name: str
    kind: str
    edition: str
    class_code: str
    why: str

    @property
    def is_fallback(self) -> bool:
        return self.name == "*"


@dataclass(frozen=True, kw_only=True)
class CaseDepartment(Named):
    """A department of a source, by the name its files use."""

    profile: str
    key: str


@cache
def columns() -> tuple[Column, ...]:
    return read_rows(Column, DATA / "column.csv")


@cache
def pipe_kinds() -> tuple[PipeKind, ...]:
    return read_rows(PipeKind, DATA / "pipe_kind.csv")


@cache
def case_classes() -> tuple[CaseClass, ...]:
    return read_rows(CaseClass, DATA / "case_class.csv")


@cache
def case_departments() -> tuple[CaseDepartment, ...]:
    return read_rows(CaseDepartment, DATA / "case_department.csv")


def profile_columns(profile: str | None, subject: str) -> dict[str, str]:
    """``{field: column}`` of a profile; empty without one."""
    return {row.field: row.column for row in columns() if (row.profile, row.subject) == (profile, subject)}


def find_profile(subject: str, present: list[str], wished: str | None) -> str | None:
    """The profile by which a file is read: as wished, else the one all of whose columns the file has.

    Raises
    ------
    InvalidInput
        There is no profile of that name for this kind of input; the message lists those there are.
    """
    names = list(dict.fromkeys(row.profile for row in columns() if row.subject == subject))
    if wished is None:
        fitting = [name for name in names if set(profile_columns(name, subject).values()) <= set(present)]
        return fitting[0] if len(fitting) == 1 else None
    if wished not in names:
        raise InvalidInput(
            _("There is no profile {name} for {subject}; there are: {known}").format(
                name=wished, subject=subject, known=", ".join(names) or "–"
            )
        )
    return wished


def pipe_kind(profile: str | None, kind: str, part: str) -> PipeKind | None:
    """The row of a kind; one that names the part goes before one that does not."""
    rows = [row for row in pipe_kinds() if (row.profile, row.kind) == (profile, kind)]
    rows = [row for row in rows if row.part in ("", part)]
    return max(rows, key=lambda row: row.part, default=None)


def case_class(profile: str | None, name: str) -> CaseClass:
    """The row of a source's class; its fallback row, or the fallback of all, where there is none."""
    for wanted in ((profile, name), (profile, "*"), ("*", "*")):
        for row in case_classes():
            if (row.profile, row.name) == wanted:
                return row
    raise InvalidInput(_("No class for {name} in {edition}").format(name=name, edition=CITY_EDITION))


def case_department(profile: str | None, key: str) -> CaseDepartment | None:
    """The row of a source's department, where it has one."""
    return next((row for row in case_departments() if (row.profile, row.key) == (profile, key)), None)
