"""The ground that figures are set against: where areas and grids lie, their size, people and streets."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.tile.versions import dataset_version


@dataclass(frozen=True)
class Ground:
    """One object. ``lon``, ``lat``: a place inside it, degrees (EPSG:4490); ``population`` None: unknown."""

    lon: float
    lat: float
    km2: float
    population: int | None


# The tables of a kind of region: where its shapes are, and as what the database notes their changes.
_TABLES = {
    "unit_grid": ("unit_grid", "unit_grids", "g.area_m2", "NULL::int"),
    "district": ("area", "areas", "ST_Area(g.geom)", "g.population"),
    "street": ("area", "areas", "ST_Area(g.geom)", "g.population"),
    "community": ("area", "areas", "ST_Area(g.geom)", "g.population"),
}


def ground_of(session: Session, kind: str, ids: Sequence[int]) -> dict[int, Ground]:
    """Place, size and people of regions by id; sizes are those of the plane of the city's CRS."""
    table, _dataset, area, people = _TABLES[kind]
    rows = session.execute(
        text(
            f"SELECT g.id, ST_X(p.at), ST_Y(p.at), {area} / 1e6, {people} FROM {table} AS g"
            " CROSS JOIN LATERAL (SELECT ST_Transform(ST_PointOnSurface(g.geom), 4490) AS at) AS p"
            " WHERE g.id = ANY(:ids)"
        ),
        {"ids": list(ids)},
    )
    return {id_: Ground(lon, lat, km2, population) for id_, lon, lat, km2, population in rows}


# A street on a border belongs to both sides, half to each, so that parts add up to the whole.
_STREETS = """
SELECT g.id, sum(ST_Length(ST_Intersection(r.geom, g.geom))
                 - ST_Length(ST_Intersection(r.geom, ST_Boundary(g.geom))) / 2) / 1000
FROM {table} AS g
JOIN road AS r ON ST_Intersects(r.geom, g.geom)
WHERE r.valid_to IS NULL AND g.valid_to IS NULL {level}
GROUP BY g.id
"""
# By what they are measured of: the ground changes seldom, measuring 12,000 grids takes seconds.
_measured: dict[tuple[str, int, int], dict[int, float]] = {}
_MOST_KEPT = 8


def street_km(session: Session, kind: str) -> dict[int, float]:
    """Kilometres of street (centre lines in force) in each region in force; none is missing from the answer.

    Kept in this process until roads or regions change.
    """
    table, dataset, _area, _people = _TABLES[kind]
    key = (kind, dataset_version(session, dataset), dataset_version(session, "roads"))
    if key not in _measured:
        level = "" if kind == "unit_grid" else "AND g.level = :kind"
        rows = session.execute(text(_STREETS.format(table=table, level=level)), {"kind": kind})
        if len(_measured) >= _MOST_KEPT:
            _measured.pop(next(iter(_measured)))
        _measured[key] = {id_: float(length) for id_, length in rows}
    return _measured[key]
