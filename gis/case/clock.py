"""The working clock: how limits in working time turn into moments. Pure; the calendar comes in from outside.

Working time is a sorted list of open intervals, each with its beginning and without its end. Seconds worked
up to the start of each interval are summed once, so that a deadline is one binary search, for one case or for
a million (numpy).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Seconds = NDArray[np.int64]  # since 1970-01-01T00:00Z where a moment, else a length
Bools = NDArray[np.bool_]
Hours = Sequence[tuple[time, time]]  # when a day is worked, local time; [begin, end)


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
    loaded_from, loaded_to : int64 arrays, shape (m,), seconds since 1970 UTC, ascending and disjoint
        The stretches of time, [from, to), for which the calendar is loaded; one where no year is missing
        between others.
    """

    opens: Seconds
    closes: Seconds
    worked: Seconds
    loaded_from: Seconds
    loaded_to: Seconds

    @classmethod
    def from_hours(
        cls, days: Iterable[tuple[date, Hours]], zone: ZoneInfo, loaded: Sequence[tuple[date, date]]
    ) -> "WorkingClock":
        """Build the clock of a calendar.

        Parameters
        ----------
        days : the days that are worked, with their hours; in any order, each once
        zone : where the hours are told
        loaded : stretches of days that are known, first and last included, ascending
        """
        spans = [
            (moment(day, begin, zone), moment(day, end, zone))
            for day, hours in sorted(days, key=lambda pair: pair[0])
            for begin, end in _disjoint(hours)
        ]
        array = np.array(spans, dtype=np.int64).reshape(-1, 2)
        array = array[array[:, 0] < array[:, 1]]  # hours that a change of the clocks swallowed
        lengths = array[:, 1] - array[:, 0]
        return cls(
            opens=array[:, 0].copy(),
            closes=array[:, 1].copy(),
            worked=np.cumsum(lengths) - lengths,
            loaded_from=np.array([moment(first, time.min, zone) for first, _last in loaded], dtype=np.int64),
            loaded_to=np.array(
                [moment(last + timedelta(days=1), time.min, zone) for _first, last in loaded], dtype=np.int64
            ),
        )

    @classmethod
    def from_days(
        cls, workdays: Iterable[date], shifts: Hours, zone: ZoneInfo, first_day: date, last_day: date
    ) -> "WorkingClock":
        """The clock of a calendar whose days all have the same hours, known from first to last day."""
        return cls.from_hours([(day, shifts) for day in workdays], zone, [(first_day, last_day)])

    def deadlines(self, starts: Seconds, limits: Seconds) -> tuple[Seconds, Bools]:
        """When working limits end.

        Parameters
        ----------
        starts : int64 array, shape (n,), seconds since 1970 UTC
        limits : int64 array, shape (n,), working seconds, > 0

        Returns
        -------
        ends : int64 array, shape (n,), seconds since 1970 UTC
        provisional : bool array, shape (n,)
            The limit begins or ends where the calendar is not loaded. What falls there is counted as natural
            time: the earliest end there can be, never a guess at holidays.
        """
        starts = np.asarray(starts, dtype=np.int64)
        limits = np.asarray(limits, dtype=np.int64)
        known_to = self._known_to(starts)
        target = self.worked_before(starts) + limits
        left_over = target - self.worked_before(known_to)  # once the known time is used up
        provisional = (known_to <= starts) | (left_over > 0)
        beyond = np.maximum(known_to, starts) + np.minimum(left_over, limits)
        if len(self.opens) == 0:
            return beyond, provisional
        # side="left": a limit used up just when a shift closes ends there, not when the next one opens.
        index = np.maximum(np.searchsorted(self.worked, target, side="left") - 1, 0)
        inside = self.opens[index] + (target - self.worked[index])
        return np.where(provisional, beyond, inside), provisional

    def is_loaded(self, begins: Seconds, ends: Seconds) -> Bools:
        """Whether the calendar is loaded all the way from each begin to its end; shape as given."""
        begins = np.asarray(begins, dtype=np.int64)
        known_to = self._known_to(begins)
        result: Bools = (known_to > begins) & (np.asarray(ends, dtype=np.int64) <= known_to)
        return result

    def _known_to(self, moments: Seconds) -> Seconds:
        """Up to when the calendar is loaded without a gap; the moment itself where it is not loaded."""
        if len(self.loaded_from) == 0:
            return moments
        stretch = np.searchsorted(self.loaded_from, moments, side="right") - 1
        result: Seconds = np.where(
            stretch < 0, moments, np.maximum(self.loaded_to[np.maximum(stretch, 0)], moments)
        )
        return result

    def worked_before(self, moments: Seconds) -> Seconds:
        """Working seconds from the calendar's beginning to each moment; shape as given."""
        moments = np.asarray(moments, dtype=np.int64)
        if len(self.opens) == 0:
            return np.zeros_like(moments)
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


def moment(day: date, clock: time, zone: ZoneInfo) -> int:
    """When the clocks of a place show a time, in seconds since 1970 UTC.

    A time that comes twice, as clocks are put back, is taken the first time; one that never comes, as they
    are put forward, is the moment of the change. So hours that do not overlap on the wall never do.
    """
    wall = datetime.combine(day, clock, zone)
    after, before = wall.replace(fold=1).utcoffset(), wall.utcoffset()
    found = int(wall.timestamp())
    if after is None or before is None or after <= before:
        return found
    low, high = int(wall.replace(fold=1).timestamp()), found  # the change lies in (low, high]
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == after:
            high = middle
        else:
            low = middle
    return high


def _disjoint(hours: Hours) -> list[tuple[time, time]]:
    """The same hours in order, those that touch or overlap as one: no minute is worked twice."""
    joined: list[tuple[time, time]] = []
    for begin, end in sorted(hours):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return joined
