"""How one table of a file will be read: what it is, what its columns mean, where its places lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import shapely
from sqlalchemy.orm import Session

from gis.survey.cells import floats
from gis.survey.class_words import PipeKind, read_kind, read_table_name
from gis.survey.head_words import names_of, plain_head
from gis.survey.lengths import Units, recognise_units
from gis.survey.mapping import PLACES, Mapped, saved_for, suggest
from gis.survey.options import TABLES, SurveyOptions
from gis.survey.places import City, Coordinates, Floats, System, recognise_system
from gis.survey.reading.table import Cells, Chunk, Table
from gis.survey.recognised import Recognised

LINES, POINTS = (1, 5), (0, 4)  # types of GEOS: line and multi-line, point and multi-point


@dataclass(frozen=True)
class Plan:
    """A table and how it is read.

    ``mapped``: by kind of row, ``point`` or ``line``; both where a layer holds shapes of both kinds.
    ``places``: the fields whose columns hold the coordinates, None where shapes do, or nothing does.
    """

    table: Table
    mapped: dict[str, Mapped]
    kind: PipeKind | None
    system: System | None
    units: dict[str, Units]
    places: tuple[str, str] | None
    notes: list[Recognised] = field(default_factory=list)

    @property
    def what(self) -> str:
        return "both" if len(self.mapped) == 2 else next(iter(self.mapped))

    @property
    def missing(self) -> list[str]:
        """Needed fields for which there is no column."""
        return [name for mapped in self.mapped.values() for name in mapped.missing(self.table.has_shapes)]


def what_it_is(
    session: Session, table: Table, options: SurveyOptions, sample: Chunk
) -> tuple[tuple[str, ...], bool]:
    """Whether a table holds points, lines or both, and whether only its columns tell it; empty: neither."""
    if table.table:
        return (table.table,), False
    if sample.shapes is not None and len(sample.shapes):
        types = set(shapely.get_type_id(sample.shapes).tolist())
        has = {"point": bool(types & set(POINTS)), "line": bool(types & set(LINES))}
        if any(has.values()):
            return tuple(name for name in ("point", "line") if has[name]), False
    by_columns = _by_columns(table.columns)
    named = read_table_name(table.sheet).table or read_table_name(_stem(table.file)).table
    if len(by_columns) == 1:
        return by_columns, named is None
    if named is not None and (by_columns or _has_some(table.columns, named)):
        return (named,), False
    mapped = _by_mapping(session, table, options)
    if len(mapped) == 1 or named in mapped:
        return (named,) if named in mapped else mapped, False
    return (), False


def _by_mapping(session: Session, table: Table, options: SurveyOptions) -> tuple[str, ...]:
    """For which tables somebody has said, or saved, what just these columns mean."""
    there = set(table.columns)
    said = tuple(
        name for name in TABLES if (columns := options.mapping.get(name)) and _all_in(columns, there)
    )
    return said or tuple(name for name in TABLES if saved_for(session, name, table.columns))


def _all_in(mapping: Mapping[str, str], columns: set[str]) -> bool:
    return {column for column in mapping.values() if column} <= columns


def kind_of_table(table: Table, options: SurveyOptions) -> PipeKind | None:
    """The class of all rows that do not name their own."""
    if options.class_code:
        return read_kind(options.class_code)
    if table.class_code:
        return read_kind(table.class_code)
    return read_table_name(table.sheet).kind or read_table_name(_stem(table.file)).kind


def make_plan(
    session: Session,
    table: Table,
    options: SurveyOptions,
    city: City,
    sample: Chunk,
    *,
    numbers: bool = True,
) -> Plan | None:
    """Recognise a table by its names and first rows; None where it is no survey table.

    Without ``numbers`` neither coordinates nor units are recognised: enough to show it, not to read it.

    Raises
    ------
    InvalidInput
        Its coordinates or units cannot be told without the sender saying more.
    """
    what, by_columns = what_it_is(session, table, options, sample)
    if not what:
        return None
    mapped = {
        name: suggest(
            name,
            table.columns,
            options.mapping.get(name, {}),
            table.mapping,
            None if name in options.mapping else saved_for(session, name, table.columns),
            by_name=table.class_column is None,
        )
        for name in what
    }
    kind = kind_of_table(table, options)
    notes = [*table.notes]
    shown = "point and line" if len(what) == 2 else what[0]
    if by_columns:
        notes.append(table.note("table_by_columns", table=shown))
    elif kind is None:
        notes.append(table.note("table_of_many", table=shown))
    else:
        notes.append(table.note("table", table=shown, class_name=kind.code))
    if kind and kind.old and not options.class_code:
        notes.append(table.note("old_edition", old=kind.old, new=kind.code))
    for one in mapped.values():
        if one.saved:
            notes.append(table.note("saved_mapping", name=one.saved))
        notes += [
            table.note("column_alike", column=m.column, field=m.field, percent=round(m.confidence * 100))
            for m in one.meanings
            if m.how == "alike"
        ]
        if one.kept:
            notes.append(table.note("columns_kept", columns=", ".join(one.kept)))
    plan = Plan(table, mapped, kind, None, {}, _place_fields(table, mapped), notes)
    return _with_numbers(plan, options, city, sample) if numbers else plan


def coordinates_of(plan: Plan, chunk: Chunk) -> tuple[Floats, Floats] | None:
    """The coordinates of a chunk's points that stand in columns, NaN where a cell is none."""
    if plan.places is None or "point" not in plan.mapped:
        return None
    columns = plan.mapped["point"].columns
    first, second = (floats(chunk.cells[columns[name]])[0] for name in plan.places)
    return first, second


def _with_numbers(plan: Plan, options: SurveyOptions, city: City, sample: Chunk) -> Plan:
    """The same plan with coordinate system and units recognised."""
    table = plan.table
    system = None
    coordinates = _coordinates(plan, sample)
    if coordinates is not None:
        system = recognise_system(table.title, coordinates, options, city)
        plan.notes.extend(table.note(code, **detail) for code, detail in system.notes)
    units = {}
    for name, mapped in plan.mapped.items():
        units[name] = recognise_units(table.title, mapped.columns, sample.cells, options.units, table.units)
        plan.notes.extend(_said(table, units[name], options))
    return Plan(table, plan.mapped, plan.kind, system, units, plan.places, plan.notes)


def _coordinates(plan: Plan, sample: Chunk) -> Coordinates | None:
    if sample.shapes is not None:
        places = shapely.get_coordinates(sample.shapes)
        return Coordinates(places[:, 0], places[:, 1], False, False, plan.table.crs)
    pair = coordinates_of(plan, sample)
    if pair is None or plan.places is None:
        return None
    # A declared system of shapes does not speak of columns; northing comes first in its pair, as X does.
    return Coordinates(*pair, x_is_north=plan.places != ("lon", "lat"), named=plan.places != ("x", "y"))


def _place_fields(table: Table, mapped: dict[str, Mapped]) -> tuple[str, str] | None:
    if table.has_shapes or "point" not in mapped:
        return None
    columns = mapped["point"].columns
    return next(((a, b) for a, b in PLACES if a in columns and b in columns), None)


def _said(table: Table, units: Units, options: SurveyOptions) -> list[Recognised]:
    notes = []
    if options.units != "auto":
        notes.append(table.note("unit_said", unit=options.units))
    else:
        notes += [table.note("unit_depths", unit=units.depths)] * (units.depths != "m")
        notes += [table.note("unit_levels", unit=units.levels)] * (units.levels != "m")
    return notes + [table.note("unit_sizes")] * units.sizes_in_metres


def _by_columns(columns: list[str]) -> tuple[str, ...]:
    found = []
    point = {names_of("point")[p][0] for c in columns if (p := plain_head(c)) in names_of("point")}
    line = {names_of("line")[p][0] for c in columns if (p := plain_head(c)) in names_of("line")}
    if "point_no" in point and any(a in point and b in point for a, b in PLACES):
        found.append("point")
    if {"start_no", "end_no"} <= line:
        found.append("line")
    return tuple(found)


def _has_some(columns: list[str], table: str) -> bool:
    """Whether a table that is called one of ours has at least two columns of it."""
    return sum(plain_head(column) in names_of(table) for column in columns) >= 2


def _stem(file: str) -> str:
    return file.rsplit(".", 1)[0]


def column(chunk: Chunk, mapped: Mapped, name: str) -> Cells | None:
    """The cells of a field, if it has a column."""
    head = mapped.columns.get(name)
    return None if head is None else chunk.cells[head]
