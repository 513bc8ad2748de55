"""The edges of a network out of the database: numbers by the ten thousand, without an object for each row."""

from collections.abc import Iterable
from datetime import date

import numpy as np
from sqlalchemy.orm import Session

from gis.database import read_sql
from gis.pipeline.section.route import Box, Edges
from gis.settings import CITY_SRID

EVERYWHERE: Box = (-1e8, -1e8, 1e8, 1e8)


def edges_of(session: Session, class_code: str, box: Box | None, as_of: date | None) -> Edges:
    """The edges of a class that touch a box in the city's CRS; all of the class without one."""
    west, south, east, north = map(float, box or EVERYWHERE)
    corners = {"west": west, "south": south, "east": east, "north": north, "srid": CITY_SRID}
    asked = {"class_code": class_code, "as_of": as_of}
    row = session.execute(read_sql("profile_edges"), corners | asked).one()
    ids, start, end = (
        np.frombuffer(column or b"", dtype=">i8").astype(np.int64)
        for column in (row.ids, row.start_points, row.end_points)
    )
    return Edges(ids, start, end, np.frombuffer(row.lengths or b"", dtype=">f8").astype(np.float64))


def edges_from(rows: Iterable[tuple[int, int, int, float]]) -> Edges:
    """Edges of a few rows: id, first point, last point, metres."""
    table = list(rows)
    ids, start, end = (np.array([row[n] for row in table], dtype=np.int64) for n in range(3))
    return Edges(ids, start, end, np.array([row[3] for row in table], dtype=float))
