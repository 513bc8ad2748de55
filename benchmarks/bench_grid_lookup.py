"""The unit grid of 1,000,000 places, beside ``geopandas.sjoin`` on the same grids and places.

Both begin with coordinates in the city's CRS and end with a code for each place; the peer's tree and ours are
built inside the measured time of the first round, and ours is then kept, as the service keeps it.
"""

import geopandas as gpd
import numpy as np
from sqlalchemy import select

from benchmarks.timing import p50, p95, times_ms
from gis.database import engine, session_maker
from gis.grid.index import GridIndex, grid_index
from gis.grid.models import UnitGrid

PLACES = 1_000_000
ROUNDS = 5


def main() -> None:
    """Print both times, the ratio, and whether they agree."""
    grids = gpd.read_postgis("SELECT code, geom FROM unit_grid WHERE valid_to IS NULL", engine())
    west, south, east, north = grids.total_bounds
    chance = np.random.default_rng(1)
    eastings = chance.uniform(west, east, PLACES)
    northings = chance.uniform(south, north, PLACES)

    def peer() -> gpd.GeoDataFrame:
        points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(eastings, northings, crs=grids.crs))
        return gpd.sjoin(points, grids, how="left", predicate="intersects")

    build = times_ms(lambda: GridIndex.build(list(grids.code), list(grids.geometry)), ROUNDS)
    with session_maker()() as session:
        assert session.scalar(select(UnitGrid.id).limit(1)) is not None
        ours = times_ms(lambda: grid_index(session).locate(eastings, northings), ROUNDS)
        found = grid_index(session).locate(eastings, northings)
    theirs = times_ms(peer, ROUNDS)
    joined = peer()
    expected = joined.groupby(joined.index).code.min()
    same = [code if isinstance(code, str) else None for code in expected] == found
    print(f"{PLACES:,} places in {len(grids):,} grids, {ROUNDS} rounds, milliseconds")
    print(f"  citygrid          p50 {p50(ours):8.0f}  p95 {p95(ours):8.0f}   (built once: {p50(build):.0f})")
    print(f"  geopandas.sjoin   p50 {p50(theirs):8.0f}  p95 {p95(theirs):8.0f}")
    print(f"  ratio             {p50(theirs) / p50(ours):.1f} ×, answers agree: {same}")


if __name__ == "__main__":
    main()
