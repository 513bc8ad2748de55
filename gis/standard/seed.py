"""Carries the reference tables into the database; run at each upgrade, as often as one likes.

A release refreshes what it ships and keeps what the city made its own: corrections of numbers, and rows that
were added in the database. A row that a release no longer ships stays, because cases and pipes refer to it.
"""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any

from sqlalchemy import Table, inspect
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from gis.database import Base
from gis.standard import models, tables

# Each table with the reader of its rows, those referred to before those that refer.
SHIPPED: tuple[tuple[type[Base], Callable[[], Iterable[Any]]], ...] = (
    (models.TrustLevel, tables.trust_levels),
    (models.Edition, tables.editions),
    (models.ObjectClass, tables.object_classes),
    (models.LimitUnit, tables.limit_units),
    (models.FilingRule, tables.filing_rules),
    (models.PipeMainClass, tables.pipe_main_classes),
    (models.PipeClass, tables.pipe_classes),
    (models.PipeClassAlias, tables.pipe_class_aliases),
    (models.PipeMaterial, tables.pipe_materials),
    (models.LayingMethod, tables.laying_methods),
    (models.UsageStatus, tables.usage_statuses),
    (models.FlowDirection, tables.flow_directions),
    (models.DataOrigin, tables.data_origins),
    (models.ComponentState, tables.component_states),
    (models.PlaceType, tables.place_types),
    (models.AccuracyClass, tables.accuracy_classes),
    (models.PressureBand, tables.pressure_bands),
    (models.PointKind, tables.point_kinds),
    (models.PipelineField, tables.pipeline_fields),
    (models.ClearanceParty, tables.clearance_parties),
    (models.ClearanceHorizontal, tables.clearances_horizontal),
    (models.ClearanceVertical, tables.clearances_vertical),
    (models.LeastCover, tables.least_covers),
    (models.PipeParty, tables.pipe_parties),
    (models.ProtectionRange, tables.protection_ranges),
)


def seed(session: Session) -> int:
    """Insert or refresh every shipped row, one statement a table; return how many rows are shipped."""
    shipped = 0
    for model, read in SHIPPED:
        values = [asdict(row) | {"position": position} for position, row in enumerate(read(), start=1)]
        session.execute(_upsert(model), values)
        shipped += len(values)
    return shipped


def _upsert(model: type[Base]) -> Any:
    """INSERT … ON CONFLICT of one table; touches no column that is not shipped, so corrections stay."""
    table = inspect(model).local_table
    assert isinstance(table, Table)  # noqa: S101 - for the type checker; every model here has one
    statement = insert(table)
    keys = [column.name for column in table.primary_key]
    refreshed = {
        column.name: statement.excluded[column.name]
        for column in table.columns
        if column.name not in keys and column.computed is None and "correct" not in column.name
    }
    return statement.on_conflict_do_update(index_elements=keys, set_=refreshed)
