"""The list of cases behind a figure: its part of the address of ``/cases``, as in the service's own list."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import Depends, Query, Request

from api.narrowed import read_counted
from gis.case.queries import CaseFilter
from gis.errors import InvalidInput
from gis.evaluation.behind import title_of
from gis.i18n import _
from gis.settings import get_settings

Word = Annotated[str | None, Query(max_length=64)]


@dataclass(frozen=True)
class CasesBehind:
    """What the figure counts, as a filter; ``address``: the same as parameters, kept from page to page."""

    filter: CaseFilter
    address: dict[str, str]
    title: str
    first: date
    last: date
    is_of_acts: bool


async def cases_behind(
    request: Request,
    count: Word = None,
    duty: Word = None,
    part: Word = None,
    counted_from: datetime | None = None,
    counted_to: datetime | None = None,
    area: Word = None,
    grid: Word = None,
    department: Word = None,
    department_below: bool = False,
    actor: Word = None,
) -> CasesBehind | None:
    """The figure an address names; None where it names none, and then nothing of it narrows the list.

    Raises
    ------
    InvalidInput
        Half a figure, an unknown one, or a time without its offset.
    """
    for name, moment in (("counted_from", counted_from), ("counted_to", counted_to)):
        if moment is not None and moment.tzinfo is None:
            raise InvalidInput(_("A time needs its offset, such as +08:00"), errors=[{"pointer": f"/{name}"}])
    counted = read_counted({"count": count, "duty": duty, "part": part}, counted_from, counted_to)
    if counted is None:
        return None
    found = CaseFilter(
        area=area,
        grid=grid,
        department=department,
        department_below=department_below,
        actor=actor,
        counted=counted,
    )
    zone = get_settings().zone
    own = {"state", "mine", "q", "cursor", "limit"}
    return CasesBehind(
        found,
        {name: value for name, value in request.query_params.items() if name not in own},
        title_of(counted.code, counted.way == "duty"),
        counted.begins.astimezone(zone).date(),
        (counted.ends.astimezone(zone) - timedelta(microseconds=1)).date(),
        counted.way == "duty",
    )


Behind = Annotated[CasesBehind | None, Depends(cases_behind)]
