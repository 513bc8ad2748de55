"""Periods as pages write them and lead from one to the next."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from babel.dates import format_date

from gis.evaluation.period import Period, of_day, parse_period
from gis.i18n import N_, _, get_locale
from gis.settings import get_settings

KINDS = {
    "day": N_("By day"),
    "week": N_("By week"),
    "month": N_("By month"),
    "quarter": N_("By quarter"),
    "year": N_("By year"),
}
# Patterns of CLDR; the translation gives the order of the language.
_PATTERNS = {"day": N_("d MMMM y"), "month": N_("MMMM y"), "year": N_("y")}


@dataclass(frozen=True)
class Choice:
    """A way to another period: its address, and whether it is the present one."""

    title: str
    href: str
    current: bool = False


@dataclass(frozen=True)
class PeriodBar:
    """What the picker shows. ``later`` is None where nothing of the next period has come yet."""

    code: str
    kind: str
    title: str
    days: str
    kinds: list[Choice]
    earlier: Choice
    later: Choice | None
    first: date
    last: date
    today: date
    is_running: bool


def asked_period(code: str, first: date | None, last: date | None, now: datetime) -> Period:
    """The period of an address: by its code, else two days, the last included; else the month that runs.

    Raises
    ------
    InvalidInput
        It is none, ends before it begins, or lies in the future.
    """
    if code:
        period = parse_period(code)
    elif first and last:
        period = parse_period(f"{first.isoformat()}/{(last + timedelta(days=1)).isoformat()}")
    else:
        period = of_day("month", first or now.astimezone(get_settings().zone).date())
    period.refuse_future(now)
    return period


def period_bar(period: Period, now: datetime, href: Callable[[str], str]) -> PeriodBar:
    """The picker for a period; ``href`` gives the page's address for another period's code."""
    zone = get_settings().zone
    today = now.astimezone(zone).date()
    first, last = first_day(period), last_day(period)
    inside = min(last, today)
    following = after(period)
    return PeriodBar(
        period.code,
        period.kind,
        title_of(period),
        _("{first} to {last}").format(first=first, last=last) if first != last else str(first),
        [
            Choice(_(title), href(of_day(kind, inside).code), kind == period.kind)
            for kind, title in KINDS.items()
        ],
        Choice(title_of(period.before()), href(code_of(period.before()))),
        Choice(title_of(following), href(code_of(following))) if following.begins <= now else None,
        first,
        last,
        today,
        period.begins <= now < period.ends,
    )


def title_of(period: Period) -> str:
    """A period in words: October 2026."""
    first = first_day(period)
    if period.kind == "quarter":
        return _("Quarter {n}, {year}").format(n=(first.month + 2) // 3, year=first.year)
    if period.kind == "week":
        year, week, _weekday = first.isocalendar()
        return _("Week {n}, {year}").format(n=week, year=year)
    if period.kind in _PATTERNS:
        return format_date(first, _(_PATTERNS[period.kind]), locale=get_locale())
    return _("{first} to {last}").format(first=first, last=last_day(period))


def first_day(period: Period) -> date:
    return period.begins.astimezone(get_settings().zone).date()


def last_day(period: Period) -> date:
    """The last day of which anything belongs to the period."""
    return (period.ends.astimezone(get_settings().zone) - timedelta(microseconds=1)).date()


def after(period: Period) -> Period:
    """The period after this one: the same kind, or a span of the same length."""
    if period.kind == "span":
        return Period(period.ends, period.ends + (period.ends - period.begins))
    return of_day(period.kind, period.ends.astimezone(get_settings().zone).date())


def code_of(period: Period) -> str:
    """How an address writes it: a span of whole days by its days."""
    zone = get_settings().zone
    ends = (period.begins.astimezone(zone), period.ends.astimezone(zone))
    if period.kind != "span" or any(end.time() != datetime.min.time() for end in ends):
        return period.code
    return "/".join(end.date().isoformat() for end in ends)
