"""The unit grids an inspector patrols, as one small file for a phone without signal."""

import json
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.crs import DOOR_SRID, transformer
from gis.grid.models import DutyGrid, UnitGrid
from gis.people.models import Person, PersonDutyGrid
from gis.settings import CITY_SRID

Floats = NDArray[np.float64]
MOST_BYTES = 200_000
TOLERANCES_M = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0)  # tried in turn until the file is small enough
DIGITS = 6  # of a degree: a tenth of a metre


def grids_of(session: Session, person: Person, most_bytes: int = MOST_BYTES) -> bytes:
    """A GeoJSON FeatureCollection of the unit grids of a person's duty grids, EPSG:4490, by code.

    Shared edges stay shared while they are simplified. Somebody with many hundred grids may get more bytes
    than ``most_bytes``: then as few as the coarsest tolerance leaves.
    """
    rows = session.execute(
        select(UnitGrid.code, DutyGrid.code, DutyGrid.name, func.ST_AsBinary(UnitGrid.geom))
        .join(DutyGrid, DutyGrid.id == UnitGrid.duty_grid_id)
        .join(PersonDutyGrid, PersonDutyGrid.duty_grid_id == DutyGrid.id)
        .where(
            PersonDutyGrid.person_id == person.id, UnitGrid.valid_to.is_(None), DutyGrid.valid_to.is_(None)
        )
        .order_by(UnitGrid.code)
    ).all()
    properties = [
        {"code": code, "duty_grid": duty_grid, "duty_grid_name": name}
        for code, duty_grid, name, _geom in rows
    ]
    polygons = shapely.from_wkb([bytes(row[3]) for row in rows])
    content = b""
    for tolerance_m in TOLERANCES_M:
        content = _write(properties, shapely.coverage_simplify(polygons, tolerance_m))
        if len(content) <= most_bytes:
            break
    return content


def _write(properties: list[dict[str, str]], polygons: Any) -> bytes:
    degrees = shapely.transform(polygons, _to_degrees)
    features = [
        {"type": "Feature", "id": row["code"], "geometry": _rounded(polygon), "properties": row}
        for row, polygon in zip(properties, degrees, strict=True)
    ]
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()


def _to_degrees(metres: Floats) -> Floats:
    return np.column_stack(transformer(CITY_SRID, DOOR_SRID).transform(metres[:, 0], metres[:, 1]))


def _rounded(polygon: shapely.Polygon) -> dict[str, Any]:
    rings = [polygon.exterior, *polygon.interiors]
    return {
        "type": "Polygon",
        "coordinates": [[[round(x, DIGITS), round(y, DIGITS)] for x, y in ring.coords] for ring in rings],
    }
