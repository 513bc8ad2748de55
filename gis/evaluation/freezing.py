"""Facts as a Parquet file: of the cases that count in a period, one row a case, some thousand at a time.

The columns are those of ``case_fact`` with the case's number; ``parts`` and ``posts`` hold the case's rows of
``case_fact_part`` and ``case_fact_post`` as lists. Moments are microseconds in UTC.
"""

import io
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc_csv
import pyarrow.parquet as pq
from sqlalchemy import BigInteger, Boolean, DateTime, Integer, SmallInteger, inspect, text
from sqlalchemy.orm import Session

from gis.database import Base
from gis.evaluation.counts import MOMENTS
from gis.evaluation.duties import DUTIES
from gis.evaluation.models import CaseFact, CaseFactPart, CaseFactPost
from gis.evaluation.period import Period

BATCH = 20_000  # cases at a time
MOMENT = pa.timestamp("us", "UTC")
Say = Callable[[int, int], None]
Ids = np.ndarray[Any, np.dtype[np.int64]]


def _type_of(column: Any) -> pa.DataType:
    # SmallInteger and BigInteger are Integers too: the particular ones come first.
    for kind, stored in (
        (BigInteger, pa.int64()),
        (SmallInteger, pa.int16()),
        (Integer, pa.int32()),
        (Boolean, pa.bool_()),
        (DateTime, MOMENT),
    ):
        if isinstance(column.type, kind):
            return stored
    return pa.string()


def _fields(model: type[Base]) -> dict[str, pa.DataType]:
    return {column.name: _type_of(column) for column in model.__table__.columns}


_CASE = _fields(CaseFact)
# A list's rows name their case by where they stand.
_LISTS = {"parts": (CaseFactPart, _fields(CaseFactPart)), "posts": (CaseFactPost, _fields(CaseFactPost))}
SCHEMA = pa.schema(
    [
        ("case_no", pa.string()),
        *_CASE.items(),
        *(
            (name, pa.list_(pa.struct([one for one in fields.items() if one[0] != "case_id"])))
            for name, (_model, fields) in _LISTS.items()
        ),
    ]
)


def cases_that_count(session: Session, period: Period) -> Ids:
    """Ids of the cases with any moment of a count in a period, in order."""
    parts = [f"SELECT case_id FROM case_fact WHERE {at} >= :begins AND {at} < :ends" for at in MOMENTS] + [
        "SELECT case_id FROM case_fact_part WHERE part IN ('co', 'former')"
        " AND counted_at >= :begins AND counted_at < :ends",
        "SELECT case_id FROM case_fact_post WHERE duty = ANY(:duties) AND at >= :begins AND at < :ends",
    ]
    values = {"begins": period.begins, "ends": period.ends, "duties": DUTIES}
    rows = session.execute(text(" UNION ".join(parts)), values).scalars()
    return np.sort(np.fromiter(rows, np.int64))


def write_facts(session: Session, ids: Ids, say: Say = lambda _done, _total: None) -> bytes:
    """The facts of some cases as a Parquet file (zstd), a row group a batch.

    Only a batch and the packed file stand in memory. ``ids`` are in order; ``say`` is told how many cases of
    how many are written.
    """
    target = io.BytesIO()
    with pq.ParquetWriter(target, SCHEMA, compression="zstd") as writer:
        for first in range(0, len(ids), BATCH):
            batch = ids[first : first + BATCH]
            writer.write_table(facts_of(session, batch))
            say(first + len(batch), len(ids))
    return target.getvalue()


def facts_of(session: Session, ids: Ids) -> pa.Table:
    """The facts of some cases as they are now; ids in order. A case that is gone is left out."""
    wanted = {"ids": ids.tolist()}
    cases = _copied(
        session,
        ["c.case_no", *_selected(_CASE, "f")],
        'case_fact AS f JOIN "case" AS c ON c.id = f.case_id WHERE case_id = ANY(%(ids)s) ORDER BY case_id',
        {"case_no": pa.string(), **_CASE},
        wanted,
    )
    columns = dict(zip(cases.column_names, cases.columns, strict=True))
    known = cases["case_id"].to_numpy()
    for name, (model, fields) in _LISTS.items():
        key = ", ".join(column.name for column in inspect(model).primary_key)
        rows = _copied(
            session,
            _selected(fields, "p"),
            f"{model.__tablename__} AS p WHERE case_id = ANY(%(ids)s) ORDER BY {key}",
            fields,
            wanted,
        )
        columns[name] = _as_lists(rows, known)
    return pa.table(columns, schema=SCHEMA)


def _selected(fields: Iterable[str], alias: str) -> list[str]:
    types = _CASE | _LISTS["parts"][1] | _LISTS["posts"][1]
    return [
        # Whole microseconds: text of moments would have to be read by the session's own zone.
        f"(extract(epoch FROM {alias}.{name}) * 1000000)::bigint"
        if types[name] == MOMENT
        else f"{alias}.{name}"
        for name in fields
    ]


def _copied(
    session: Session, columns: list[str], source: str, fields: dict[str, pa.DataType], values: dict[str, Any]
) -> pa.Table:
    """The rows of a statement by COPY, read column by column: no row becomes a Python object."""
    driver: Any = session.connection().connection.driver_connection
    taken = io.BytesIO()
    with (
        driver.cursor() as cursor,
        cursor.copy(
            f"COPY (SELECT {', '.join(columns)} FROM {source}) TO STDOUT (FORMAT csv)", values
        ) as copy,
    ):
        for block in copy:
            taken.write(block)
    if not taken.tell():
        return pa.table({name: pa.array([], kind) for name, kind in fields.items()})
    taken.seek(0)
    types = {name: pa.int64() if kind == MOMENT else kind for name, kind in fields.items()}
    table = pc_csv.read_csv(
        taken,
        read_options=pc_csv.ReadOptions(column_names=list(fields)),
        convert_options=pc_csv.ConvertOptions(column_types=types, true_values=["t"], false_values=["f"]),
    )
    return table.cast(pa.schema(list(fields.items()))).combine_chunks()


def _as_lists(rows: pa.Table, ids: Ids) -> pa.ListArray:
    """Rows of many cases, in the order of their cases, as one list for each of ``ids``."""
    owners = rows["case_id"].to_numpy()
    begins = np.searchsorted(owners, ids).astype(np.int32)
    ends = np.append(begins[1:], np.int32(len(owners)))
    values = pa.StructArray.from_arrays(
        [_whole(rows[name]) for name in rows.column_names if name != "case_id"],
        names=[name for name in rows.column_names if name != "case_id"],
    )
    return pa.ListArray.from_arrays(pa.array(np.append(begins[:1], ends), pa.int32()), values)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks else pa.array([], column.type)
