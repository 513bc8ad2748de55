"""How long to wait after a failure."""

from datetime import timedelta

FIRST_S, FACTOR, LONGEST = 5, 5, timedelta(hours=6)


def wait_after(failures: int) -> timedelta:
    """5, 25, 125 … seconds, never more than six hours; ``failures`` in a row, from 1."""
    return min(timedelta(seconds=FIRST_S * FACTOR ** (min(failures, 10) - 1)), LONGEST)
