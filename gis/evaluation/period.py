"""考核周期: day, week, month, quarter, year or any span, in the city's own time."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from gis.errors import InvalidInput
from gis.i18n import _
from gis.settings import get_settings

FIRST_YEAR, LAST_YEAR = 1990, 2200
_FORMS = (
    ("day", re.compile(r"(\d{4})-(\d{2})-(\d{2})")),
    ("week", re.compile(r"(\d{4})-W(\d{2})")),
    ("month", re.compile(r"(\d{4})-(\d{2})")),
    ("quarter", re.compile(r"(\d{4})-Q([1-4])")),
    ("year", re.compile(r"(\d{4})")),
)


@dataclass(frozen=True)
class Period:
    """From inclusive, to exclusive; both with an offset. ``code`` is how it is written: ``2026-10``.

    Kinds: day ``2026-10-03``, week ``2026-W41`` (ISO), month ``2026-10``, quarter ``2026-Q4``, year ``2026``,
    and ``span`` (``2026-10-03/2026-10-17``, the last day exclusive where it is written so).
    """

    begins: datetime
    ends: datetime
    kind: str = "span"
    code: str = ""

    def __post_init__(self) -> None:
        if self.begins.tzinfo is None or self.ends.tzinfo is None:
            raise InvalidInput(_("A time needs its offset, such as +08:00"), errors=[{"pointer": "/from"}])
        if self.begins >= self.ends:
            raise InvalidInput(_("The period ends before it begins"), errors=[{"pointer": "/to"}])
        if not self.code:
            code = f"{self.begins.isoformat()}/{self.ends.isoformat()}"
            object.__setattr__(self, "code", code)

    def until(self, now: datetime) -> datetime:
        """The end of what can be counted: nothing that has not come yet."""
        return min(self.ends, now)

    def refuse_future(self, now: datetime) -> None:
        """Raise InvalidInput where nothing of the period has come yet."""
        if self.begins > now:
            raise InvalidInput(_("The period lies in the future"), errors=[{"pointer": "/from"}])

    def before(self) -> "Period":
        """The period before this one: the same kind, or a span of the same length."""
        if self.kind == "span":
            return Period(self.begins - (self.ends - self.begins), self.begins)
        return of_day(self.kind, self.begins.date() - timedelta(days=1))


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def of_day(kind: str, day: date) -> Period:
    """The period of a kind that holds a day."""
    zone = get_settings().zone
    if kind == "day":
        first, after, code = day, day + timedelta(days=1), day.isoformat()
    elif kind == "week":
        first = day - timedelta(days=day.weekday())
        year, week, _weekday = day.isocalendar()
        after, code = first + timedelta(days=7), f"{year}-W{week:02}"
    elif kind == "month":
        first = day.replace(day=1)
        after, code = _months_on(first, 1), f"{day:%Y-%m}"
    elif kind == "quarter":
        number = (day.month - 1) // 3
        first = date(day.year, 3 * number + 1, 1)
        after, code = _months_on(first, 3), f"{day.year}-Q{number + 1}"
    elif kind == "year":
        first, after, code = date(day.year, 1, 1), date(day.year + 1, 1, 1), f"{day.year:04}"
    else:
        raise InvalidInput(
            _("Unknown kind of period {kind}").format(kind=kind), errors=[{"pointer": "/period"}]
        )
    return Period(_midnight(first, zone), _midnight(after, zone), kind, code)


def _months_on(first: date, months: int) -> date:
    number = first.year * 12 + first.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def parse_period(text: str) -> Period:
    """A period from how it is written; raises InvalidInput with what would be right."""
    wrong = InvalidInput(
        _(
            "Not a period: {text}; write 2026-10-03, 2026-W41, 2026-10, 2026-Q4, 2026,"
            " or two days: 2026-10-03/2026-10-17"
        ).format(text=text[:40]),
        errors=[{"pointer": "/period"}],
    )
    if "/" in text:
        first, _slash, last = text.partition("/")
        try:
            return _span(first, last)
        except ValueError:
            raise wrong from None
    for kind, form in _FORMS:
        if not (found := form.fullmatch(text)):
            continue
        numbers = [int(part) for part in found.groups()]
        if not FIRST_YEAR <= numbers[0] <= LAST_YEAR:
            raise wrong
        try:
            return of_day(kind, _a_day_of(kind, numbers))
        except ValueError:
            raise wrong from None
    raise wrong


def _a_day_of(kind: str, numbers: list[int]) -> date:
    if kind == "day":
        return date(*numbers)
    if kind == "week":
        return date.fromisocalendar(numbers[0], numbers[1], 1)
    if kind == "month":
        return date(numbers[0], numbers[1], 1)
    if kind == "quarter":
        return date(numbers[0], 3 * numbers[1] - 2, 1)
    return date(numbers[0], 1, 1)


def _span(first: str, last: str) -> Period:
    zone = get_settings().zone
    ends = [
        datetime.fromisoformat(text) if "T" in text else _midnight(date.fromisoformat(text), zone)
        for text in (first, last)
    ]
    return Period(ends[0], ends[1], "span", f"{first}/{last}")
