"""Rows into a table by COPY, in the transaction of a session."""

import struct
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from gis.settings import CITY_SRID

_LINESTRING_Z = 0xA0000002  # EWKB: line, with heights, with SRID


def copy_rows(session: Session, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """COPY rows into a table; triggers and constraints hold as for INSERT."""
    driver = session.connection().connection.driver_connection
    assert driver is not None  # noqa: S101 - an open session has one
    names = ", ".join(f'"{column}"' for column in columns)
    with driver.cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(row)


def shape_text(shape: BaseGeometry) -> str:
    """A plane shape as the hexadecimal EWKB that a geometry column reads."""
    return str(shapely.to_wkb(shapely.set_srid(shape, CITY_SRID), hex=True, include_srid=True))


def line_z_text(line: BaseGeometry, heights: NDArray[np.float64]) -> str:
    """A line with its heights, NaN among them, as hexadecimal EWKB.

    Written by hand: shapely takes a line whose heights are all NaN for one without heights.
    """
    places = np.column_stack([shapely.get_coordinates(line), heights]).astype("<f8")
    return (struct.pack("<BIII", 1, _LINESTRING_Z, CITY_SRID, len(places)) + places.tobytes()).hex()
