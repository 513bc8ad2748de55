"""Numbers, changes and names of periods in words, as a report writes them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from gis.evaluation.figures import FEW, Figure
from gis.evaluation.indicators import Indicator
from gis.evaluation.period import Period, of_day
from gis.i18n import N_, _, get_locale
from gis.settings import get_settings

NO_CASES = N_("no cases")
SMALL = "*"  # beside a ratio over fewer than FEW cases; explained in the notes

REPORT_TITLES = {
    "day": N_("Daily analysis report"),
    "week": N_("Weekly analysis report"),
    "month": N_("Monthly analysis report"),
    "quarter": N_("Quarterly analysis report"),
    "year": N_("Annual analysis report"),
    "span": N_("Analysis report"),
}
BEFORE = {
    "day": N_("on the day before"),
    "week": N_("on the week before"),
    "month": N_("on the month before"),
    "quarter": N_("on the quarter before"),
    "year": N_("on the year before"),
    "span": N_("on the period before"),
}


def day_words(day: date) -> str:
    """A day written out: 2026年10月3日, 3 October 2026."""
    if get_locale() == "en":
        return f"{day.day} {day:%B %Y}"
    return f"{day.year}年{day.month}月{day.day}日"


def moment_words(moment: datetime | None) -> str:
    """A moment on the city's clocks, to the minute; a dash where there is none."""
    return f"{moment.astimezone(get_settings().zone):%Y-%m-%d %H:%M}" if moment else "—"


def period_words(period: Period) -> str:
    """What people call a period: 2026年10月, October 2026."""
    zone = get_settings().zone
    first = period.begins.astimezone(zone).date()
    last = (period.ends.astimezone(zone) - timedelta(microseconds=1)).date()
    values = {
        "year": first.year,
        "month": f"{first:%B}" if get_locale() == "en" else first.month,
        "quarter": (first.month - 1) // 3 + 1,
        "week": first.isocalendar().week,
        "week_year": first.isocalendar().year,
        "first": day_words(first),
        "last": day_words(last),
    }
    return _(_PERIODS[period.kind]).format(**values)


_PERIODS = {
    "day": "{first}",
    "week": N_("week {week} of {week_year}"),
    "month": N_("{month} {year}"),
    "quarter": N_("quarter {quarter} of {year}"),
    "year": N_("the year {year}"),
    "span": N_("{first} to {last}"),
}


def year_before(period: Period) -> Period:
    """The same period of the year before: the same dates, of weeks the same weekdays."""
    first = period.begins.astimezone(get_settings().zone)
    if period.kind == "week":
        return of_day("week", (first - timedelta(days=364)).date())
    if period.kind == "span":
        return Period(_a_year_back(period.begins), _a_year_back(period.ends))
    return of_day(period.kind, _a_year_back(first).date())


def _a_year_back(moment: datetime) -> datetime:
    try:
        return moment.replace(year=moment.year - 1)
    except ValueError:  # the 29th of February
        return moment.replace(year=moment.year - 1, day=28)


def share(value: float | None, is_small: bool = False) -> str:
    """A ratio in per cent, marked where few cases stand behind it; "no cases" where none do."""
    if value is None:
        return _(NO_CASES)
    return f"{100 * value:.1f}%{SMALL if is_small else ''}"


def told(figure: Figure) -> str:
    """A figure in its unit."""
    row = figure.indicator
    if figure.value is None:
        return _(NO_CASES)
    if row.unit == "ratio":
        return share(figure.value, figure.is_small)
    if row.unit == "hours":
        return _("{hours:.1f} h").format(hours=figure.value) + (SMALL if figure.is_small else "")
    return f"{figure.numerator:,}"


@dataclass(frozen=True)
class Change:
    """How a figure moved against another period's; None: nothing to compare with."""

    indicator: Indicator
    now: Figure
    then: Figure | None

    @property
    def difference(self) -> float | None:
        if self.then is None or self.now.value is None or self.then.value is None:
            return None
        return self.now.value - self.then.value

    def words(self) -> str:
        """For a table: +12 (+8.3%), −2.1 points; a dash where there is nothing to compare with."""
        if self.difference is None or self.then is None:
            return "—"
        return _FORMS[self.indicator.unit](self.difference, self.then.value or 0.0)

    def phrase(self, against: str) -> str:
        """For a sentence: ", up 8.3% on the month before"; empty where there is nothing to compare with."""
        if self.difference is None or self.then is None:
            return ""
        how = _PHRASES[(self.difference > 0) - (self.difference < 0)]
        amount = _amount(self.indicator.unit, abs(self.difference), self.then.value or 0.0)
        return _(how).format(amount=amount, against=_(against))


_PHRASES = {
    1: N_(", up {amount} {against}"),
    -1: N_(", down {amount} {against}"),
    0: N_(", unchanged {against}"),
}


def _amount(unit: str, size: float, base: float) -> str:
    """Of counts a percentage, unless the base is so small that it would say nothing."""
    if unit == "ratio":
        return _("{points:.1f} percentage points").format(points=100 * size)
    if unit == "hours":
        return _("{hours:.1f} h").format(hours=size)
    if base < FEW:
        return _("{number:,} cases").format(number=round(size))
    return f"{100 * size / base:.1f}%"


def _sign(number: float, form: str) -> str:
    return ("+" if number > 0 else "−" if number < 0 else "±") + format(abs(number), form)


def _of_count(difference: float, base: float) -> str:
    return _sign(difference, ",.0f") + (f" ({_sign(100 * difference / base, '.1f')}%)" if base >= FEW else "")


_FORMS: dict[str, Callable[[float, float], str]] = {
    "cases": _of_count,
    "ratio": lambda difference, _base: _("{points} points").format(points=_sign(100 * difference, ".1f")),
    "hours": lambda difference, _base: _("{hours} h").format(hours=_sign(difference, ".1f")),
}
