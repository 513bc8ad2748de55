"""``make bench``: a private PostGIS of its own, the city loaded into it, every measurement in turn.

``python -m benchmarks tiles grid_lookup`` runs only those. Nothing of a running city is touched.
"""

import os
import platform
import shutil
import sys
import tempfile
from pathlib import Path

# Before anything of the city is imported: settings are read once.
HOME = Path(tempfile.mkdtemp(prefix="citygrid-bench-", dir=os.environ.get("CITYGRID_BENCH_DIR")))
HOME.chmod(0o711)  # the database's own user passes through when root measures
for name in [name for name in os.environ if name.startswith("CITYGRID_")]:
    del os.environ[name]
os.environ["CITYGRID_HOME"] = str(HOME)

from benchmarks import (  # noqa: E402
    bench_deadlines,
    bench_evaluation,
    bench_features,
    bench_geocode,
    bench_grid_lookup,
    bench_import,
    bench_load_large,
    bench_many_hands,
    bench_map,
    bench_profiles,
    bench_queues,
    bench_requests,
    bench_sections,
    bench_statistics,
    bench_tiles,
    bench_tiles_peer,
)
from gis import schema  # noqa: E402
from gis.cluster import private_cluster  # noqa: E402
from gis.database import check_server, engine  # noqa: E402
from sample_data.load import load, remove_city  # noqa: E402

# What runs on the city, then what replaces it by the large one.
ON_CITY = {
    "grid_lookup": bench_grid_lookup.main,
    "tiles": bench_tiles.main,
    "requests": bench_requests.main,
    "deadlines": bench_deadlines.main,
}
ON_LARGE = {
    "load_large": bench_load_large.main,
    "sections": bench_sections.main,
    "geocode": bench_geocode.main,
    "queues": bench_queues.main,
    "profiles": bench_profiles.main,
    "statistics": bench_statistics.main,
    "tiles_peer": bench_tiles_peer.main,
    "features": bench_features.main,
    "many_hands": bench_many_hands.main,
    "map": bench_map.main,
    "import": bench_import.main,
    "evaluation": bench_evaluation.main,
}


def main(wanted: list[str]) -> int:
    unknown = set(wanted) - ON_CITY.keys() - ON_LARGE.keys()
    if unknown:
        print(
            f"no such measurement: {', '.join(sorted(unknown))}; there are: {', '.join(ON_CITY | ON_LARGE)}"
        )
        return 2
    names = wanted or [*ON_CITY, *ON_LARGE]
    cluster = private_cluster()
    try:
        cluster.start()
        schema.upgrade()
        versions = check_server()
        print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()},", end=" ")
        print(f"PostgreSQL {versions['postgresql']}, PostGIS {versions['postgis']}")
        if any(name in ON_CITY for name in names):
            with engine().begin() as connection:
                load(connection, "city")
        for name in [name for name in names if name in ON_CITY]:
            print(f"\n== {name}")
            ON_CITY[name]()
        if any(name in ON_LARGE for name in names):
            with engine().begin() as connection:
                remove_city(connection)
        for name in [name for name in names if name in ON_LARGE]:
            print(f"\n== {name}")
            ON_LARGE[name]()
    finally:
        engine().dispose()
        cluster.destroy()
        shutil.rmtree(HOME, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
