"""Which column of a table means which field: said, saved, known by name, or alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.errors import InvalidInput
from gis.i18n import _
from gis.survey.head_words import FIELDS, kept_names, names_of, plain_head
from gis.survey.models import SurveyMapping

LEAST_ALIKE = 0.82  # how alike two heads must be; below it a column is better kept than misread
SHORTEST_ALIKE = 4  # letters; shorter heads are alike by chance
SHORTEST_CUT = 9  # bytes; tables of shapefiles cut heads to 10, in UTF-8 to three Chinese letters
CONFIDENCE = {"said": 1.0, "kind": 1.0, "saved": 1.0, "name": 1.0, "alias": 0.95}
PLACES = (("northing", "easting"), ("x", "y"), ("lon", "lat"))


@dataclass(frozen=True)
class Meaning:
    """What one column means. ``how``: said, kind (of file), saved, name, alias or alike."""

    column: str
    field: str | None = None
    how: str = ""
    confidence: float = 0.0


@dataclass(frozen=True)
class Mapped:
    """The columns of a table and what they mean. ``saved``: the name of the mapping that was taken."""

    table: str
    meanings: tuple[Meaning, ...]
    saved: str | None = None

    @property
    def columns(self) -> dict[str, str]:
        """``{field: column}``."""
        return {m.field: m.column for m in self.meanings if m.field}

    @property
    def kept(self) -> dict[str, str]:
        """``{column: key}`` of columns without a field: the standard's field name where it has one."""
        known = kept_names(self.table)
        taken: set[str] = set()
        keys = {}
        for meaning in self.meanings:
            if meaning.field is None:
                key = known.get(plain_head(meaning.column), meaning.column)
                keys[meaning.column] = meaning.column if key in taken else key
                taken.add(key)
        return keys

    def missing(self, has_shapes: bool) -> list[str]:
        """Fields without which the rows of this table cannot be taken."""
        columns = self.columns
        if self.table == "line":
            return [] if has_shapes else [name for name in ("start_no", "end_no") if name not in columns]
        absent = [] if has_shapes or "point_no" in columns else ["point_no"]
        if not has_shapes and not any(a in columns and b in columns for a, b in PLACES):
            absent += [name for name in ("x", "y") if name not in columns]
        return absent


def suggest(
    table: str,
    columns: Iterable[str],
    said: Mapping[str, str],
    fixed: Mapping[str, str],
    saved: SurveyMapping | None = None,
    *,
    by_name: bool = True,
) -> Mapped:
    """What each column means, the surest first: as said, by the kind of file, as saved, by name, by likeness.

    Parameters
    ----------
    table : str
        point or line.
    said, fixed : mapping of field to column
        A column that is not there is passed over; :func:`check_said` is for those. ``said`` an empty one: no
        column means this field, whatever its name.
    by_name : bool
        Whether names of columns tell anything; those of a DXF drawing are the same in every drawing.
    """
    columns = list(columns)
    refused = {field for field, column in said.items() if not column}
    found: dict[str, Meaning] = {}  # by field
    taken: set[str] = set()

    def take(field: str, column: str, how: str, confidence: float) -> None:
        if field not in found and field not in refused and column not in taken and column in columns:
            found[field] = Meaning(column, field, how, confidence)
            taken.add(column)

    for how, given in (("said", said), ("kind", fixed), ("saved", saved.mapping if saved else {})):
        for field, column in given.items():
            if field in FIELDS[table]:
                take(field, column, how, CONFIDENCE[how])
    names = names_of(table)
    order = {plain: rank for rank, plain in enumerate(names)}
    known_by_name = columns if by_name else []
    for column in sorted(known_by_name, key=lambda name: order.get(plain_head(name), len(order))):
        if known := names.get(plain_head(column)):
            take(known[0], column, known[1], CONFIDENCE[known[1]])
    for column in known_by_name:
        if column not in taken and plain_head(column) not in kept_names(table):
            alike, likeness = _alike(table, column)
            if alike is not None:
                take(alike, column, "alike", round(likeness * 0.9, 2))
    by_column = {meaning.column: meaning for meaning in found.values()}
    return Mapped(
        table,
        tuple(by_column.get(column, Meaning(column)) for column in columns),
        saved.name if saved else None,
    )


def check_said(said: Mapping[str, Mapping[str, str]], columns: Iterable[str]) -> None:
    """Refuse a mapping that names a field or a column that there is not.

    Raises
    ------
    InvalidInput
        With a pointer to each wrong one.
    """
    present = set(columns)
    errors = []
    for table, mapping in said.items():
        for field, column in mapping.items():
            pointer = f"/options/mapping/{table}/{field}"
            if field not in FIELDS[table]:
                known = ", ".join(dict.fromkeys(FIELDS[table]))
                errors.append(
                    {
                        "pointer": pointer,
                        "detail": _("there is no field {field}; known: {known}").format(
                            field=field, known=known
                        ),
                    }
                )
            elif column and column not in present:
                errors.append(
                    {"pointer": pointer, "detail": _("No file has the column {column}").format(column=column)}
                )
    if errors:
        raise InvalidInput(errors[0]["detail"], errors=errors)


def saved_for(session: Session, table: str, columns: Iterable[str]) -> SurveyMapping | None:
    """The latest mapping that a person saved for a table with just these columns."""
    statement = (
        select(SurveyMapping)
        .where(SurveyMapping.table_name == table, SurveyMapping.columns == sorted(columns))
        .order_by(SurveyMapping.created_at.desc(), SurveyMapping.id.desc())
        .limit(1)
    )
    return session.scalar(statement)


def _alike(table: str, column: str) -> tuple[str | None, float]:
    """The field one of whose names is most like a head, if any is like enough; or begins with a cut one."""
    plain = plain_head(column)
    if len(plain.encode()) >= SHORTEST_CUT:
        whole = {field for name, (field, _how) in names_of(table).items() if name.startswith(plain)}
        if len(whole) == 1:
            return whole.pop(), 1.0
    if len(plain) < SHORTEST_ALIKE:
        return None, 0.0
    best: tuple[str | None, float] = (None, LEAST_ALIKE)
    for name, (field, _how) in names_of(table).items():
        # 起点高程 and 终点高程 are alike, and never the same: the first letter must be.
        if len(name) < SHORTEST_ALIKE or plain[0] != name[0] or plain[-1].isdigit() != name[-1].isdigit():
            continue
        matcher = SequenceMatcher(None, plain, name, autojunk=False)
        if matcher.quick_ratio() >= best[1] and (ratio := matcher.ratio()) >= best[1]:
            best = (field, ratio)
    return best
