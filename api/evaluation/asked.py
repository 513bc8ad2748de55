"""What questions of evaluation are about: the period, and who may ask."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Depends, Query

from api.dependencies import allow
from gis.errors import InvalidInput
from gis.evaluation.period import FIRST_YEAR, LAST_YEAR, Period, of_day, parse_period
from gis.i18n import _
from gis.people.models import Role
from gis.settings import get_settings

READERS = (Role.EVALUATOR, Role.SHIFT_LEADER, Role.DISPATCHER, Role.ADMIN)
READ = Depends(allow(*READERS))
READ_OR_OWN = Depends(allow(*READERS, Role.DEPARTMENT))  # a department's people: their own
WRITE = Depends(allow(Role.EVALUATOR, Role.ADMIN))
Code = Annotated[str, Query(max_length=64, description="of an area, grid or department; a login")]


async def wanted_period(
    period: Annotated[
        str | None,
        Query(
            max_length=100,
            description="2026-10, 2026-W41, 2026-Q4, 2026, 2026-10-03 or 2026-10-03/2026-10-17;"
            " the month that runs unless given",
        ),
    ] = None,
    begins: Annotated[
        datetime | None,
        Query(alias="from", description="instead of period; 30 days before `to` unless given"),
    ] = None,
    ends: Annotated[datetime | None, Query(alias="to", description="now unless given")] = None,
) -> Period:
    """The period asked for."""
    return period_of(period, begins, ends)


def period_of(period: str | None, begins: datetime | None, ends: datetime | None) -> Period:
    """A period from how it is asked for; raises InvalidInput for none at all, two at once, or one far off."""
    now = datetime.now(get_settings().zone)
    if period is not None:
        if begins or ends:
            raise InvalidInput(_("Give period, or from and to"), errors=[{"pointer": "/period"}])
        return near(parse_period(period), "/period")
    if begins is None and ends is None:
        return of_day("month", now.date())
    for name, moment in (("from", begins), ("to", ends)):
        if moment is not None and not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise _far(f"/{name}")
    ends = ends or now
    return Period(begins or ends - timedelta(days=30), ends)


def near(period: Period, pointer: str) -> Period:
    """The period, unless it lies where no city keeps cases."""
    if period.begins.year < FIRST_YEAR or period.ends.year > LAST_YEAR + 1:
        raise _far(pointer)
    return period


def _far(pointer: str) -> InvalidInput:
    return InvalidInput(
        _("A period lies between {first} and {last}").format(first=FIRST_YEAR, last=LAST_YEAR),
        errors=[{"pointer": pointer}],
    )


Asked = Annotated[Period, Depends(wanted_period)]
CardName = Annotated[
    str | None, Query(alias="card", max_length=40, description="code or code@version; the chosen one else")
]
