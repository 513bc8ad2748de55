"""Times of one thing done many times."""

import statistics
import time
from collections.abc import Callable


def times_ms(work: Callable[[], object], rounds: int, warm_up: int = 1) -> list[float]:
    """Milliseconds of each round, in order, after the warm-up."""
    for _ in range(warm_up):
        work()
    found = []
    for _ in range(rounds):
        begin = time.perf_counter()
        work()
        found.append((time.perf_counter() - begin) * 1000)
    return found


def p50(values: list[float]) -> float:
    return statistics.median(values)


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]
