"""Which hours a day is worked: the shifts of its weekday and of its part of the year. Pure.

Days say whether there is work, shifts say when. A shift of the weekday stands before one of every day; among
these, one of a part of the year stands before one of the whole year. A make-up workday on a Saturday is
worked by Saturday's own shifts where there are any, else by those of every day.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta

LEAP_YEAR = 2024  # a year that has all days a year can have


@dataclass(frozen=True)
class Season:
    """A part of every year, ``from_day`` to ``to_day`` as MM-DD, both included; it may run over New Year."""

    from_day: str
    to_day: str

    def covers(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.holds(f"{day:%m-%d}")

    def holds(self, month_day: str) -> bool:
        """The same for a day of any year, as MM-DD."""
        if self.from_day <= self.to_day:
            return self.from_day <= month_day <= self.to_day
        return month_day >= self.from_day or month_day <= self.to_day


@dataclass(frozen=True)
class Shift:
    """Working hours, [``starts_at``, ``ends_at``), local time.

    ``weekday``: 1 Monday … 7 Sunday, None: every day. ``season``: None: the whole year.
    """

    starts_at: time
    ends_at: time
    weekday: int | None = None
    season: Season | None = None

    def fits(self, month_day: str, weekday: int) -> bool:
        """Whether it could be worked on a day."""
        return self.weekday in (None, weekday) and (self.season is None or self.season.holds(month_day))

    @property
    def particularity(self) -> tuple[bool, bool]:
        """The greater stands before the lesser."""
        return self.weekday is not None, self.season is not None


def hours_of(day: date, shifts: Iterable[Shift]) -> list[tuple[time, time]]:
    """The hours of a day if it is worked, in order; empty where no shift fits it."""
    return hours_on(f"{day:%m-%d}", day.isoweekday(), shifts)


def hours_on(month_day: str, weekday: int, shifts: Iterable[Shift]) -> list[tuple[time, time]]:
    """The same for a day of the year, MM-DD, in a year in which it falls on a weekday."""
    fitting = [shift for shift in shifts if shift.fits(month_day, weekday)]
    if not fitting:
        return []
    first = max(shift.particularity for shift in fitting)
    return sorted((s.starts_at, s.ends_at) for s in fitting if s.particularity == first)


def days_of_any_year() -> list[tuple[str, int]]:
    """Every day a year can have, as MM-DD, on every weekday on which it can fall."""
    days = [date(LEAP_YEAR, 1, 1) + timedelta(days=n) for n in range(366)]
    return [(f"{day:%m-%d}", weekday) for day in days for weekday in range(1, 8)]
