"""Frozen facts, read: what each case of a closed period counts for, without a database.

Counts are taken by the conditions that stand in the closed period itself: a later change of the tables of
counts changes nothing that was closed.
"""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gis.evaluation.conditions import holds
from gis.evaluation.counts import COUNTS
from gis.evaluation.duties import DUTY_COUNTS
from gis.evaluation.freezing import MOMENT, SCHEMA

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Found = tuple[Numbers, Numbers, Numbers]  # rows of cases, who or what, how much

# What figures of departments count beside the facts of the case itself.
PART_COUNTS = {
    "co_should": {"part": "co", "where": "true"},
    "co_in_time": {"part": "co", "where": "p.in_time"},
    "given_back": {"part": "former", "where": "true"},
}
BELONGS = ("unit_grid_id", "community_id", "department_id")
POST = "post."  # before the code of a duty's count, where counts of all kinds stand together


def definitions() -> dict[str, Any]:
    """The counts as they are defined now, for a period that is being closed."""
    return {
        "counts": {
            row.code: {"at": row.at, "where": row.where, "amount": row.amount} for row in COUNTS.values()
        },
        "duties": {
            row.code: {"duties": list(row.duties), "where": row.where} for row in DUTY_COUNTS.values()
        },
        "parts": PART_COUNTS,
    }


@dataclass(frozen=True)
class Frozen:
    """Facts of cases and what is counted of them in a period (from inclusive, to exclusive).

    Rows are cases in the order of their ids; ``defined`` is what :func:`definitions` gave at that time.
    """

    table: pa.Table
    defined: Mapping[str, Any]
    begins: datetime
    ends: datetime

    @cached_property
    def ids(self) -> Numbers:
        """Of the cases, ascending."""
        return _numbers(self._column("case_id"))

    def amounts(self, code: str) -> Numbers:
        """How much each case adds to a count of cases; shape (cases,)."""
        row = self.defined["counts"][code]
        counted = pc.and_(
            self._within(self._column(row["at"])), holds(row["where"], self._column, len(self.table))
        )
        mask = _numbers(counted)
        if row["amount"] is None:
            return mask
        return mask * _numbers(self._column(row["amount"].removeprefix("f.")))

    def belonging(self, column: str) -> Numbers:
        """What each case belongs to, by id; 0 without a department."""
        return _numbers(self._column(column))

    def acts(self, code: str) -> Found:
        """Acts of people in the period, of a count of duties."""
        row = self.defined["duties"][code]
        return self._listed("posts", row["where"], "at", "person_id", ("duty", row["duties"]))

    def parts(self, code: str) -> Found:
        """Parts of departments beside the main one's, likewise."""
        row = self.defined["parts"][code]
        return self._listed("parts", row["where"], "counted_at", "department_id", ("part", [row["part"]]))

    def missed(self, duty_grids: list[int]) -> Numbers:
        """How much each case adds to what somebody missed who patrolled these duty grids."""
        filed = holds("f.is_filed AND f.is_public", self._column, len(self.table))
        there = pc.is_in(self._column("duty_grid_id"), value_set=pa.array(duty_grids, pa.int64()))
        return _numbers(pc.and_(pc.and_(filed, there), self._within(self._column("filed_at"))))

    def names(self) -> list[str]:
        """What :meth:`contribution` tells of."""
        duties = (f"{POST}{code}" for code in self.defined["duties"])
        return [*BELONGS, *self.defined["counts"], *self.defined["parts"], *duties]

    def contribution(self, name: str) -> Found:
        """What cases add to one count, zeros left out, or what each belongs to; a row a case and person."""
        if name.startswith(POST):
            return _summed(self.acts(name.removeprefix(POST)))
        if name in self.defined["parts"]:
            return _summed(self.parts(name))
        amounts = self.belonging(name) if name in BELONGS else self.amounts(name)
        some = np.flatnonzero(amounts)
        return some, np.zeros_like(some), amounts[some]

    def _column(self, name: str) -> pa.Array:
        column = self.table[name]
        return column.chunk(0) if column.num_chunks else pa.array([], column.type)

    def _within(self, moments: pa.Array) -> pa.Array:
        begins, ends = (pa.scalar(at, MOMENT) for at in (self.begins, self.ends))
        return pc.fill_null(pc.and_(pc.greater_equal(moments, begins), pc.less(moments, ends)), False)

    def _listed(self, name: str, where: str, at: str, who: str, kind: tuple[str, list[str]]) -> Found:
        lists = self._column(name)
        rows = pc.list_parent_indices(lists).to_numpy()
        values = lists.flatten()
        held = holds(where, values.field, len(values))
        of_kind = pc.is_in(values.field(kind[0]), value_set=pa.array(kind[1], pa.string()))
        mask = _numbers(pc.and_(pc.and_(of_kind, held), self._within(values.field(at)))).astype(bool)
        people = _numbers(values.field(who))[mask]
        return rows[mask], people, np.ones(len(people), np.int64)


@dataclass(frozen=True)
class FrozenFile:
    """A file of frozen facts and how they are counted; read some thousand cases at a time."""

    facts: bytes
    defined: Mapping[str, Any]
    begins: datetime
    ends: datetime

    def parts(self) -> Iterator[Frozen]:
        """All cases, a row group after the other; at least one part, be it empty."""
        file = pq.ParquetFile(io.BytesIO(self.facts))
        for number in range(file.num_row_groups):
            yield self._frozen(file.read_row_group(number))
        if not file.num_row_groups:
            yield self._frozen(file.read())

    def between(self, first: int, after: int) -> Frozen:
        """The cases with ids from ``first`` to before ``after``; row groups without any are not unpacked."""
        within = (pc.field("case_id") >= first) & (pc.field("case_id") < after)
        return self._frozen(pq.read_table(io.BytesIO(self.facts), filters=within))

    def ranges(self) -> list[tuple[int, int]]:
        """Ranges of ids that hold every case there can be, as many as there are row groups."""
        groups = pq.ParquetFile(io.BytesIO(self.facts)).metadata
        column = SCHEMA.get_field_index("case_id")
        begins = [
            groups.row_group(number).column(column).statistics.min for number in range(groups.num_row_groups)
        ]
        return list(pairwise([0, *begins[1:], 2**62]))

    def _frozen(self, table: pa.Table) -> Frozen:
        return Frozen(table.combine_chunks(), self.defined, self.begins, self.ends)


def _numbers(values: pa.Array) -> Numbers:
    return np.asarray(pc.fill_null(values.cast(pa.int64()), 0), np.int64)


def _summed(found: Found) -> Found:
    """One row for each case and person: the acts of one in a case together."""
    rows, people, _ones = found
    if not len(rows):
        return found
    known, person = np.unique(people, return_inverse=True)
    keys, total = np.unique(rows * len(known) + person, return_counts=True)
    return keys // len(known), known[keys % len(known)], total
