"""Which points hang together: the connected parts of the network that is checked."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.exchange.copying import copy_rows

COLUMNS = ("row_id", "class_code", "sub_code", "lines")
Ids = NDArray[np.int64]
# A row of binary COPY: the number of fields, then each with its length in bytes.
_ROW = np.dtype([("fields", ">i2"), ("n", ">i4"), ("start", ">i8"), ("m", ">i4"), ("end", ">i8")])
_HEADER, _TRAILER = 19, 2


def make_components(session: Session) -> None:
    """Fill ``checked_component``: a point of each part, its class, and how many lines the part has.

    The point is the first of the part that findings may be told of; parts without one are left out.
    """
    session.execute(
        text(
            "CREATE TEMPORARY TABLE checked_component"
            " (row_id bigint, class_code text, sub_code text, lines integer) ON COMMIT DROP"
        )
    )
    start, end = _joined(session)
    if not len(start):
        return
    points, labels, lines = parts_of(start, end)
    session.execute(
        text(
            "CREATE TEMPORARY TABLE part_of_point (row_id bigint, part integer, lines integer) ON COMMIT DROP"
        )
    )
    rows = zip(points.tolist(), labels.tolist(), lines[labels].tolist(), strict=True)
    copy_rows(session, "part_of_point", ("row_id", "part", "lines"), rows)
    session.execute(
        text(
            "INSERT INTO checked_component"
            " SELECT DISTINCT ON (o.part) o.row_id, p.class_code, p.sub_code, o.lines"
            " FROM part_of_point AS o JOIN checked_point AS p USING (row_id) WHERE p.is_subject"
            " ORDER BY o.part, o.row_id"
        )
    )
    session.execute(text("DROP TABLE part_of_point"))


def parts_of(start: Ids, end: Ids) -> tuple[Ids, NDArray[np.int32], Ids]:
    """Points (sorted), the part each belongs to, and the lines of each part."""
    points, places = np.unique(np.concatenate([start, end]), return_inverse=True)
    a, b = places[: len(start)], places[len(start) :]
    graph = coo_array((np.ones(len(a), np.int8), (a, b)), shape=(len(points), len(points)))
    _count, labels = connected_components(graph, directed=False)
    return points, labels, np.bincount(labels[a])


def _joined(session: Session) -> tuple[Ids, Ids]:
    """Both ends of every line that has them, 26 bytes a line."""
    driver: Any = session.connection().connection.driver_connection
    chunks: list[bytes] = []
    statement = (
        "COPY (SELECT start_row, end_row FROM checked_line"
        " WHERE start_row IS NOT NULL AND end_row IS NOT NULL) TO STDOUT (FORMAT binary)"
    )
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        chunks.extend(bytes(chunk) for chunk in copy)
    rows = np.frombuffer(b"".join(chunks)[_HEADER:-_TRAILER], _ROW)
    return rows["start"].astype(np.int64), rows["end"].astype(np.int64)
