"""The orders of lists of cases, each with an index behind it: a page begins where the last one ended."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, literal_column, select, tuple_, union_all

from gis.case.models import Case
from gis.page import read_cursor, write_cursor

Parts = Sequence[Sequence[ColumnElement[bool]]]
KEYS = (Case.id, Case.stage_due_at, Case.stage_warn_at)


class Order(StrEnum):
    """``DUE`` is of open cases only: what has ended has no limit that runs."""

    NEWEST = "newest"
    OLDEST = "oldest"
    DUE = "due"


def first_rows(parts: Parts, order: Order, limit: int, cursor: str | None = None) -> Subquery:
    """The first rows of a list after a cursor: ``id``, ``stage_due_at``, ``stage_warn_at``.

    Of each part, conditions that an index has in this order, the first rows are taken; of these the first.
    """
    return _first(parts, order, limit, cursor, KEYS).subquery()


def first_that_hold(
    parts: Parts,
    order: Order,
    limit: int,
    cursor: str | None,
    holds: Callable[[Any], ColumnElement[bool]],
    among: int,
) -> Subquery:
    """Of the first ``among`` rows of a list those that hold something, as :func:`first_rows`.

    ``holds`` is given the columns ``case_no``, ``description`` and ``address`` of the rows.
    """
    told = (*KEYS, Case.case_no, Case.description, Case.address)
    window = _first(parts, order, among, cursor, told).subquery()
    found = select(window.c.id, window.c.stage_due_at, window.c.stage_warn_at).where(holds(window.c))
    return found.order_by(*in_order(order, window.c)).limit(_number(limit)).subquery()


def first_of_all(parts: Parts, order: Order, limit: int, cursor: str | None = None) -> Subquery:
    """The same rows as :func:`first_rows`, for parts that hold little: all of it is found, then sorted."""
    after = _after(order, cursor)
    rows = [select(*KEYS).where(*part, *after) for part in parts]
    # Materialized: the planner must not read the list in order in the hope of meeting enough of them soon.
    every = union_all(*rows).cte("every").prefix_with("MATERIALIZED")
    return select(every).order_by(*in_order(order, every.c)).limit(_number(limit)).subquery()


def in_order(order: Order, columns: Any) -> tuple[ColumnElement[Any], ...]:
    """What to sort by; ``columns`` is the table or a selection of it."""
    if order is Order.DUE:
        return columns.stage_due_at, columns.id
    return (columns.id.desc(),) if order is Order.NEWEST else (columns.id,)


def cursor_after(order: Order, case: Case) -> str:
    """The cursor of the page that begins after a case."""
    return write_cursor(case.stage_due_at, case.id) if order is Order.DUE else write_cursor(case.id)


def _first(
    parts: Parts, order: Order, limit: int, cursor: str | None, columns: Sequence[Any]
) -> Select[*tuple[Any, ...]]:
    after, most = _after(order, cursor), _number(limit)
    rows = [
        select(*columns).where(*part, *after).order_by(*in_order(order, Case)).limit(most) for part in parts
    ]
    if len(rows) == 1:
        return rows[0]
    every = union_all(*rows).subquery()
    return select(every).order_by(*in_order(order, every.c)).limit(most)


def _number(limit: int) -> ColumnElement[int]:
    """A number in the statement, not a value: a plan is made for so many rows."""
    return literal_column(str(int(limit)))


def _after(order: Order, cursor: str | None) -> list[ColumnElement[bool]]:
    if cursor is None:
        return []
    if order is Order.DUE:
        due_at, case_id = read_cursor(cursor, datetime, int)
        return [tuple_(Case.stage_due_at, Case.id) > tuple_(due_at, case_id)]
    (case_id,) = read_cursor(cursor, int)
    return [Case.id < case_id if order is Order.NEWEST else Case.id > case_id]
