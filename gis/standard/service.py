"""Correcting a number of the standards: the shipped value stays beside it, and who, when and why are kept."""

import math
from datetime import UTC, datetime
from typing import cast

from sqlalchemy.orm import Session

from gis.errors import InvalidInput, NotFound
from gis.i18n import _
from gis.standard import models

Corrected = (
    models.FilingRule
    | models.AccuracyClass
    | models.PressureBand
    | models.ClearanceHorizontal
    | models.ClearanceVertical
    | models.LeastCover
    | models.ProtectionRange
)

CORRECTABLE: dict[str, type[Corrected]] = {
    "filing_rule": models.FilingRule,
    "accuracy_class": models.AccuracyClass,
    "pressure_band": models.PressureBand,
    "clearance_horizontal": models.ClearanceHorizontal,
    "clearance_vertical": models.ClearanceVertical,
    "least_cover": models.LeastCover,
    "protection_range": models.ProtectionRange,
}


def correct_number(
    session: Session,
    table: str,
    key: tuple[str, ...],
    value: float,
    note: str,
    actor: str,
    limit_unit: str | None = None,
) -> Corrected:
    """Put an administrator's number in force; ``limit_unit`` only for a filing rule, where it changes too.

    Confirming a doubtful number after reading the printed standard is a correction to the same value: the
    note says where it was read.

    Raises
    ------
    NotFound
        No table of that name can be corrected, or it has no row of that key.
    InvalidInput
        The number is below zero or not finite, the note is empty, or the unit is not known here.
    """
    row = _find(session, table, key)
    if not math.isfinite(value) or value < 0 or (value == 0 and isinstance(row, models.FilingRule)):
        raise InvalidInput(_("{value} cannot be a value of this table").format(value=value))
    if not note.strip():
        raise InvalidInput(_("A correction says why: name the clause or the decision it follows"))
    if isinstance(row, models.FilingRule):
        if limit_unit is not None and session.get(models.LimitUnit, limit_unit) is None:
            raise InvalidInput(_("{unit} is not a unit of this table").format(unit=limit_unit))
        row.corrected_unit = limit_unit
    elif limit_unit is not None:
        raise InvalidInput(_("{unit} is not a unit of this table").format(unit=limit_unit))
    row.corrected_value = value
    row.corrected_by = actor
    row.corrected_at = datetime.now(UTC)
    row.correction_note = note.strip()
    session.flush()
    return row


def withdraw_correction(session: Session, table: str, key: tuple[str, ...]) -> Corrected:
    """Put the shipped number back in force; NotFound as in :func:`correct_number`."""
    row = _find(session, table, key)
    if isinstance(row, models.FilingRule):
        row.corrected_unit = None
    row.corrected_value = row.corrected_by = row.corrected_at = row.correction_note = None
    session.flush()
    return row


def _find(session: Session, table: str, key: tuple[str, ...]) -> Corrected:
    model = CORRECTABLE.get(table)
    row = None
    if model is not None and len(key) == len(list(model.__table__.primary_key)):
        row = cast("Corrected | None", session.get(model, key, with_for_update=True))
    if row is None:
        raise NotFound(_("There is no number {key} in {table}").format(key=" ".join(key), table=table))
    return row
