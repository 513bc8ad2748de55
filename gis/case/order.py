"""The orders of lists of cases, each with an index behind it: a page begins where the last one ended."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Subquery, literal_column, select, tuple_, union_all

from gis.case.models import Case
from gis.page import read_cursor, write_cursor


class Order(StrEnum):
    """``DUE`` is of open cases only: what has ended has no limit that runs."""

    NEWEST = "newest"
    OLDEST = "oldest"
    DUE = "due"


def first_rows(
    parts: Sequence[Sequence[ColumnElement[bool]]], order: Order, limit: int, cursor: str | None = None
) -> Subquery:
    """The first rows of a list after a cursor: ``id``, ``stage_due_at``, ``stage_warn_at``.

    Of each part, conditions that an index has in this order, the first rows are taken; of these the first.
    """
    # A number in the statement, not a value: a plan is made for so many rows.
    most: ColumnElement[int] = literal_column(str(int(limit)))
    after = [] if cursor is None else [_after(order, cursor)]
    rows = [
        select(Case.id, Case.stage_due_at, Case.stage_warn_at)
        .where(*part, *after)
        .order_by(*in_order(order, Case))
        .limit(most)
        for part in parts
    ]
    if len(rows) == 1:
        return rows[0].subquery()
    every = union_all(*rows).subquery()
    return select(every).order_by(*in_order(order, every.c)).limit(most).subquery()


def in_order(order: Order, columns: Any) -> tuple[ColumnElement[Any], ...]:
    """What to sort by; ``columns`` is the table or a selection of it."""
    if order is Order.DUE:
        return columns.stage_due_at, columns.id
    return (columns.id.desc(),) if order is Order.NEWEST else (columns.id,)


def cursor_after(order: Order, case: Case) -> str:
    """The cursor of the page that begins after a case."""
    return write_cursor(case.stage_due_at, case.id) if order is Order.DUE else write_cursor(case.id)


def _after(order: Order, cursor: str) -> ColumnElement[bool]:
    after: ColumnElement[bool]
    if order is Order.DUE:
        due_at, case_id = read_cursor(cursor, datetime, int)
        after = tuple_(Case.stage_due_at, Case.id) > tuple_(due_at, case_id)
        return after
    (case_id,) = read_cursor(cursor, int)
    after = Case.id < case_id if order is Order.NEWEST else Case.id > case_id
    return after
