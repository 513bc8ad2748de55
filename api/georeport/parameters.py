"""What GeoReport asks by: moments, lists with commas, pages, the jurisdiction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query, Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.dependencies import DbSession
from gis.errors import InvalidInput, NotFound
from gis.grid.models import City
from gis.i18n import _
from gis.open311.reading import Wanted
from gis.open311.services import find_service
from gis.settings import get_settings

SPAN = timedelta(days=90)  # most that one question may span, and what it spans when it does not say
YEARS = range(1970, 2200)
STATUSES = {"open": True, "closed": False}
Words = Annotated[list[str] | None, Query(max_length=100)]
Moment = Annotated[str | None, Query(max_length=64, description="RFC 3339, as 2026-05-24T00:00:00+08:00")]


@dataclass(frozen=True)
class Paging:
    """Which part of an answer: ``limit`` rows after ``skip`` of them, or after a cursor of ours."""

    limit: int
    skip: int
    cursor: str | None


def paging(
    page: Annotated[int, Query(ge=1)] = 1,
    page_size: Annotated[int | None, Query(ge=1, description="1,000 unless given, and at most")] = None,
    cursor: Annotated[str | None, Query(max_length=400, description="from the Link to the next page")] = None,
) -> Paging:
    """The page asked for; raises InvalidInput when it is larger than the service's limit."""
    most = get_settings().page_limit
    size = min(page_size or most, most + 1)
    if size > most:
        raise InvalidInput(
            _("page_size is {size}, at most {most}").format(size=page_size, most=most),
            errors=[{"pointer": "/page_size"}],
        )
    return Paging(size, 0 if cursor else (page - 1) * size, cursor)


Pages = Annotated[Paging, Depends(paging)]


def of_jurisdiction(session: Session, asked: str | None) -> str:
    """The code of the city, which is the one jurisdiction here; NotFound for another one."""
    code = session.scalar(select(City.code)) or ""
    if asked and asked != code:
        raise NotFound(
            _("There is no jurisdiction {asked}; this is {code}").format(asked=asked[:40], code=code)
        )
    return code


def jurisdiction(
    session: DbSession,
    jurisdiction_id: Annotated[str | None, Query(max_length=64, description="code of the city")] = None,
) -> str:
    """The jurisdiction of a question, which need not be named."""
    return of_jurisdiction(session, jurisdiction_id)


def read_moment(name: str, text: str | None) -> datetime | None:
    """A moment as sent; one without an offset is taken in the city's time. Raises InvalidInput.

    A blank stands for the plus of an offset that was not escaped in an address.
    """
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.strip().replace(" ", "+"))
    except ValueError as error:
        raise _not_a_moment(name, text) from error
    if moment.year not in YEARS:
        raise _not_a_moment(name, text)
    return moment if moment.tzinfo else moment.replace(tzinfo=get_settings().zone)


def _not_a_moment(name: str, text: str) -> InvalidInput:
    return InvalidInput(
        _("{name} is {text}; write 2026-05-24T00:00:00+08:00").format(name=name, text=text[:40]),
        errors=[{"pointer": f"/{name}"}],
    )


def read_span(
    begin: datetime | None, end: datetime | None, longest: timedelta = SPAN
) -> tuple[datetime, datetime]:
    """A span with both ends: the last ``longest`` when none is given, ``longest`` from the one that is.

    Raises
    ------
    InvalidInput
        It ends before it begins, or spans more than ``longest``.
    """
    if end is None:
        end = begin + longest if begin else datetime.now(UTC) + timedelta(seconds=1)
    begin = begin or end - longest
    if begin > end:
        raise InvalidInput(_("start_date lies after end_date"), errors=[{"pointer": "/start_date"}])
    if end - begin > longest:
        raise InvalidInput(
            _("A question spans {days} days at most").format(days=longest.days),
            errors=[{"pointer": "/start_date"}],
        )
    return begin, end


def wanted(
    service_request_id: Words = None,
    service_code: Words = None,
    start_date: Moment = None,
    end_date: Moment = None,
    updated_after: Moment = None,
    updated_before: Moment = None,
    status: Annotated[list[str] | None, Query(max_length=10, description="open, closed")] = None,
) -> Wanted:
    """Which requests; numbers overrule everything else. Raises InvalidInput, and NotFound for a service."""
    numbers = tuple(_split(service_request_id))
    if numbers:
        return Wanted(numbers=numbers)
    begin, end = read_moment("start_date", start_date), read_moment("end_date", end_date)
    since, until = read_moment("updated_after", updated_after), read_moment("updated_before", updated_before)
    if begin or end or not (since or until):
        begin, end = read_span(begin, end)
    codes = list(_split(service_code))
    return Wanted(
        services=tuple(find_service(code) for code in codes) if codes else None,
        is_open=_is_open(status),
        begin=begin,
        end=end,
        updated_from=since,
        updated_to=until,
    )


def _is_open(status: list[str] | None) -> bool | None:
    """What a list of statuses leaves; ``None``: both."""
    asked = {word.lower() for word in _split(status)}
    if not asked <= set(STATUSES):
        raise InvalidInput(_("status is open or closed"), errors=[{"pointer": "/status"}])
    return STATUSES[asked.pop()] if len(asked) == 1 else None


def _split(words: list[str] | None) -> Iterable[str]:
    return (part.strip() for word in words or () for part in word.split(",") if part.strip())


def next_link(request: Request, cursor: str | None) -> dict[str, str]:
    """The header that leads to the next page (RFC 8288); nothing at the end. A key stays out of it."""
    if cursor is None:
        return {}
    left_out = ("cursor", "page", "api_key")
    kept = [(name, value) for name, value in request.query_params.multi_items() if name not in left_out]
    return {"link": f'<{request.url.path}?{urlencode([*kept, ("cursor", cursor)])}>; rel="next"'}
