"""The working clock: how limits in working time turn into moments. Pure; the calendar comes in from outside.

Working time is a sorted list of open intervals. Seconds worked up to the start of each interval are summed
once, so that a deadline is one binary search, for one case or for a million (numpy).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Seconds = NDArray[np.int64]  # since 1970-01-01T00:00Z where a moment, else a length


@dataclass(frozen=True)
class Deadline:
    """When a limit ends. ``provisional``: the calendar does not reach that far; recompute when it does."""

    due_at: datetime
    provisional: bool


@dataclass(frozen=True)
class WorkingClock:
    """Open intervals of the city's working time.

    Attributes
    ----------
    opens, closes : int64 arrays, shape (n,), seconds since 1970 UTC, ascending and disjoint
    worked : int64 array, shape (n,), working seconds before each interval opens
    begins, ends : int, seconds since 1970 UTC; outside them the calendar is not loaded
    """

    opens: Seconds
    closes: Seconds
    worked: Seconds
    begins: int
    ends: int

    @classmethod
    def from_days(
        cls,
        workdays: Iterable[date],
        shifts: Sequence[tuple[time, time]],
        zone: ZoneInfo,
        first_day: date,
        last_day: date,
    ) -> "WorkingClock":
        """Build the clock of a calendar that is loaded from ``first_day`` to ``last_day``, both included."""
        days = sorted(workdays)
        spans = sorted(shifts)

        def moment(day: date, clock: time) -> int:
            return int(datetime.combine(day, clock, zone).timestamp())

        opens = np.array([moment(d, begin) for d in days for begin, _end in spans], dtype=np.int64)
        closes = np.array([moment(d, end) for d in days for _begin, end in spans], dtype=np.int64)
        lengths = closes - opens
        worked = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64) if len(days) else opens
        begins = moment(first_day, time.min)
        ends = moment(date.fromordinal(last_day.toordinal() + 1), time.min)
        return cls(opens, closes, worked, begins, ends)

    def deadlines(self, starts: Seconds, limits: Seconds) -> tuple[Seconds, NDArray[np.bool_]]:
        """When working limits end.

        Parameters
        ----------
        starts : int64 array, shape (n,), seconds since 1970 UTC
        limits : int64 array, shape (n,), working seconds, > 0

        Returns
        -------
        ends : int64 array, shape (n,), seconds since 1970 UTC
        provisional : bool array, shape (n,)
            The end lies beyond the loaded calendar. What is left over there is counted as natural time:
            the earliest end there can be, never a guess at holidays.
        """
        starts = np.asarray(starts, dtype=np.int64)
        limits = np.asarray(limits, dtype=np.int64)
        if len(self.opens) == 0:
            return starts + limits, np.ones(len(starts), dtype=bool)
        target = self.worked_before(starts) + limits
        # side="left": a limit used up just when a shift closes ends there, not when the next one opens.
        index = np.searchsorted(self.worked, target, side="left") - 1
        inside = target - self.worked[index]
        total = self.worked[-1] + self.closes[-1] - self.opens[-1]
        outside = (target > total) | (starts < self.begins)
        ends = np.where(outside, self._beyond(starts, target - total, limits), self.opens[index] + inside)
        return ends, outside

    def _beyond(self, starts: Seconds, left_over: Seconds, limits: Seconds) -> Seconds:
        after = np.maximum(starts, self.ends) + np.minimum(left_over, limits)
        result: Seconds = np.where(starts < self.begins, starts + limits, after)
        return result

    def worked_before(self, moments: Seconds) -> Seconds:
        """Working seconds from the calendar's beginning to each moment; shape as given."""
        index = np.searchsorted(self.opens, moments, side="right") - 1
        at = np.maximum(index, 0)
        done = np.clip(moments - self.opens[at], 0, self.closes[at] - self.opens[at])
        result: Seconds = np.where(index < 0, 0, self.worked[at] + done)
        return result

    def deadline(self, start: datetime, minutes: float, continuous: bool) -> Deadline:
        """When a limit of some minutes ends: natural minutes if ``continuous``, else working minutes."""
        seconds = round(minutes * 60)
        begin = int(start.timestamp())
        if continuous:
            return Deadline(datetime.fromtimestamp(begin + seconds, UTC), provisional=False)
        end, provisional = self.deadlines(np.array([begin]), np.array([seconds]))
        return Deadline(datetime.fromtimestamp(int(end[0]), UTC), bool(provisional[0]))

    def working_seconds(self, begin: datetime, end: datetime) -> int:
        """Working seconds between two moments; 0 where the second is not later."""
        ends = np.array([int(begin.timestamp()), int(end.timestamp())])
        before = self.worked_before(ends)
        return max(0, int(before[1] - before[0]))
