"""Loading of the large city: rows a second of each table, and what making indexes again takes.

``python -m benchmarks load_large`` on a database of its own; the one it is run on must hold no city.
"""

import resource
import time

from gis.database import engine
from sample_data.load import Loaded, load

SIZE = "large"


def lines(done: Loaded, seconds: float, peak_mb: float) -> list[str]:
    """What there is to say, a line a table."""
    found = [f"{'table':<18}{'rows':>12}{'s':>9}{'rows/s':>12}"]
    for name, rows in done.rows.items():
        spent = done.seconds[name]
        found.append(f"{name:<18}{rows:>12,}{spent:>9.1f}{rows / max(spent, 1e-9):>12,.0f}")
    total = sum(done.rows.values())
    found.append(f"{'indexes, checks':<18}{'':>12}{done.finishing_s:>9.1f}")
    found.append(f"{'all':<18}{total:>12,}{seconds:>9.1f}{total / seconds:>12,.0f}")
    found.append(f"most memory of the loading process: {peak_mb:,.0f} MB")
    return found


def main() -> None:
    began = time.perf_counter()
    with engine().begin() as connection:
        done = load(connection, SIZE)
    seconds = time.perf_counter() - began
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # kB on Linux
    print("\n".join(lines(done, seconds, peak_mb)))


if __name__ == "__main__":
    main()
