"""Sums of the network over HTTP, beside geopandas on the same rows: read for each question, or in memory.

The whole city by class and material, a drawn square kilometre in its middle (whole lines, and cut at its
edge), and finding by number, road and owner.
"""

import time
from typing import Any

import geopandas
import numpy as np
import shapely
from sqlalchemy import text

from benchmarks.serving import served
from benchmarks.timing import p50, p95, times_ms
from gis.crs import to_lonlat
from gis.database import engine

ROUNDS, PEER_ROUNDS = 20, 3
HALF_M = 500.0
STATISTICS = "/api/v1/pipelines/statistics"
COLUMNS = "class_code, material, length_m, total_holes, used_holes, width_mm, height_mm, geom"
LIVING = "FROM pipe_segment WHERE valid_to IS NULL"
SUMS = {"count": ("length_m", "size"), "length_m": ("length_m", "sum"), "holes": ("total_holes", "sum")}


def main() -> None:
    """Print p50 and p95 of each question, and how many times longer the peer takes."""
    with engine().begin() as connection:
        connection.execute(text("ANALYZE pipe_segment, pipe_point"))
        count = connection.scalar(text(f"SELECT count(*) {LIVING}"))
        square = _square(connection)
        words = _words(connection)
    area = {"type": "Polygon", "coordinates": [[list(to_lonlat(*place)) for place in square.exterior.coords]]}
    print(f"{count:,} segments; a square kilometre holds {_held(square):,}")
    heads = (f"{name:>10} {'ratio':>7}" for name in ("geopandas", "in memory"))
    print(f"{'milliseconds':<34} {'p50':>8} {'p95':>8}", *heads)
    frame = _read(f"SELECT {COLUMNS} {LIVING}")
    by = ["class", "material"]
    with served("planner") as client:

        def ask(**body: Any) -> Any:
            answer = client.post(STATISTICS, json=body)
            assert answer.status_code == 200, answer.text
            return answer.json()

        def whole() -> Any:
            return _grouped(_read(f"SELECT {COLUMNS} {LIVING}"))

        whole_city = times_ms(lambda: ask(group_by=by), ROUNDS)
        _line("whole city, class and material", whole_city, whole, lambda: _grouped(frame))
        _agree(ask(group_by=by), _grouped(frame))
        inside = f"ST_Intersects(geom, ST_GeomFromText('{square.wkt}', ST_SRID(geom)))"
        box = f"SELECT {COLUMNS} {LIVING} AND {inside}"
        frame.sindex  # noqa: B018 - built before it is measured
        _line(
            "square kilometre",
            times_ms(lambda: ask(group_by=by, area=area), ROUNDS),
            lambda: _grouped(_read(box)),
            lambda: _grouped(frame.iloc[frame.sindex.query(square, predicate="intersects")]),
        )
        _line(
            "square kilometre, cut at its edge",
            times_ms(lambda: ask(group_by=by, area=area, clip=True), ROUNDS),
            lambda: _cut(_read(box), square),
            lambda: _cut(frame.iloc[frame.sindex.query(square, predicate="intersects")], square),
        )
        for word in words:
            found = times_ms(lambda q=word: client.get(f"/api/v1/pipelines/find?q={q}"), ROUNDS)
            _line(f"find {word}", found)


def _line(name: str, ours: list[float], peer: Any = None, held: Any = None) -> None:
    row = f"{name:<34} {p50(ours):>8.1f} {p95(ours):>8.1f}"
    for other in (peer, held):
        if other is not None:
            spent = p50(times_ms(other, PEER_ROUNDS, warm_up=0))
            row += f" {spent:>10.1f} {spent / p50(ours):>6.1f}x"
    print(row)


def _read(query: str) -> geopandas.GeoDataFrame:
    with engine().connect() as connection:
        return geopandas.read_postgis(text(query), connection, geom_col="geom")


def _grouped(frame: geopandas.GeoDataFrame) -> Any:
    return frame.groupby(["class_code", "material"], dropna=False).agg(**SUMS)


def _cut(frame: geopandas.GeoDataFrame, square: shapely.Polygon) -> Any:
    inside = shapely.length(shapely.intersection(shapely.force_2d(frame.geometry.to_numpy()), square))
    return frame.assign(length_m=inside).groupby(["class_code", "material"], dropna=False).agg(**SUMS)


def _agree(told: dict[str, Any], peer: Any) -> None:
    """Fast and wrong is worth nothing."""
    for group in told["groups"]:
        row = peer.loc[(group["key"]["class"], group["key"]["material"])]
        assert group["count"] == row["count"]
        assert np.isclose(group["length_m"], row["length_m"])


def _square(connection: Any) -> shapely.Polygon:
    """A square kilometre where the lines lie thickest, by the middle of their starts."""
    x, y = connection.execute(
        text(
            "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY ST_X(geom)),"
            " percentile_cont(0.5) WITHIN GROUP (ORDER BY ST_Y(geom)) FROM pipe_point WHERE valid_to IS NULL"
        )
    ).one()
    return shapely.box(x - HALF_M, y - HALF_M, x + HALF_M, y + HALF_M)


def _held(square: shapely.Polygon) -> int:
    query = f"SELECT count(*) {LIVING} AND ST_Intersects(geom, ST_GeomFromText(:wkt, ST_SRID(geom)))"
    with engine().connect() as connection:
        return connection.scalar(text(query), {"wkt": square.wkt}) or 0


def _words(connection: Any) -> list[str]:
    number, road, owner = connection.execute(
        text(
            "SELECT s.segment_no, s.road_name, d.name_zh FROM pipe_segment AS s"
            " JOIN department AS d ON d.id = s.owner_id WHERE s.valid_to IS NULL AND s.road_name <> ''"
            " ORDER BY s.id OFFSET 5000 LIMIT 1"
        )
    ).one()
    return [number, number[2:7], road, owner]


if __name__ == "__main__":
    began = time.perf_counter()
    main()
    print(f"{time.perf_counter() - began:.0f} s")
