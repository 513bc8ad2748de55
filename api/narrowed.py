"""What lists of cases are narrowed by: the parameters of ``GET /cases``, and what a saved filter may hold."""

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import Depends, Query

from gis.case.narrowing import CaseFilter
from gis.case.order import Order
from gis.case.stages import STAGES
from gis.case.states import CaseState
from gis.case.workflow import Pending
from gis.errors import InvalidInput
from gis.evaluation.behind import Counted
from gis.i18n import _


def narrowed(
    queue: Annotated[
        str | None, Query(max_length=16, description="a queue of GET /queues, most urgent first")
    ] = None,
    sort: Annotated[
        Order | None, Query(description="newest (default), oldest, or due: open cases, most urgent first")
    ] = None,
    state: Annotated[list[CaseState] | None, Query(description="one or more states")] = None,
    open: Annotated[bool | None, Query(description="true: not ended; false: ended")] = None,
    stage: Annotated[str | None, Query(description="the link a case is in")] = None,
    lamp: Annotated[
        Literal["green", "yellow", "red"] | None, Query(description="of the link the case is in")
    ] = None,
    pending: Annotated[Pending | None, Query(description="the request that waits for a decision")] = None,
    grid: Annotated[str | None, Query(max_length=16)] = None,
    area: Annotated[
        str | None, Query(max_length=12, description="code of a community, street or district")
    ] = None,
    department: Annotated[str | None, Query(max_length=16)] = None,
    department_below: Annotated[bool, Query(description="true: and of the departments below it")] = False,
    class_code: Annotated[str | None, Query(pattern=r"^\d{2,5}$")] = None,
    kind: Literal["component", "event"] | None = None,
    source: Annotated[str | None, Query(max_length=16)] = None,
    parent: Annotated[str | None, Query(max_length=32, description="number of the parent case")] = None,
    due_before: datetime | None = None,
    filed_from: datetime | None = None,
    filed_to: datetime | None = None,
    reported_from: datetime | None = None,
    reported_to: datetime | None = None,
    bbox: Annotated[str | None, Query(max_length=100, description="west,south,east,north in degrees")] = None,
    near: Annotated[str | None, Query(max_length=100, description="lon,lat,metres")] = None,
    outcome: Annotated[
        str | None, Query(max_length=16, description="on_time, late, disposed, due or reworked")
    ] = None,
    reporter: Annotated[str | None, Query(max_length=64, description="a login, or me")] = None,
    follower: Annotated[str | None, Query(max_length=64, description="a login, or me")] = None,
    count: Annotated[
        str | None, Query(max_length=32, description="of GET /evaluation/counts: what it counts in a span")
    ] = None,
    duty: Annotated[
        str | None, Query(max_length=32, description="likewise of the acts of a post; actor: whose")
    ] = None,
    part: Annotated[
        str | None, Query(max_length=32, description="likewise of co- and former departments")
    ] = None,
    counted_from: datetime | None = None,
    counted_to: Annotated[datetime | None, Query(description="now unless given")] = None,
    actor: Annotated[str | None, Query(max_length=64, description="who took a step")] = None,
    action: Annotated[
        str | None, Query(max_length=32, description="a step that was taken, by actor if given")
    ] = None,
    q: Annotated[
        str | None, Query(max_length=100, description="the beginning of a case number, or words")
    ] = None,
    mine: Annotated[bool, Query(description="what waits for the reader")] = False,
) -> CaseFilter:
    """The filter these parameters say.

    Raises
    ------
    InvalidInput
        A time without its offset, a place that is none, a link that is not there.
    """
    times = {
        "due_before": due_before,
        "filed_from": filed_from,
        "filed_to": filed_to,
        "reported_from": reported_from,
        "reported_to": reported_to,
    }
    counted_span = {"counted_from": counted_from, "counted_to": counted_to}
    for name, moment in {**times, **counted_span}.items():
        if moment is not None and moment.tzinfo is None:
            raise InvalidInput(_("A time needs its offset, such as +08:00"), errors=[{"pointer": f"/{name}"}])
    if stage is not None and stage not in STAGES:
        raise InvalidInput(
            _("There is no link {stage}; there are: {known}").format(stage=stage, known=", ".join(STAGES)),
            errors=[{"pointer": "/stage"}],
        )
    box, around = read_bbox(bbox) if bbox else None, read_near(near) if near else None
    return CaseFilter(
        queue=queue,
        sort=sort,
        states=tuple(state or ()),
        is_open=open,
        stage=stage,
        lamp=lamp,
        pending=pending,
        grid=grid,
        area=area,
        department=department,
        class_code=class_code,
        kind=kind,
        source=source,
        parent=parent,
        bbox=box,
        near=around,
        outcome=outcome,
        reporter=reporter,
        follower=follower,
        actor=actor,
        action=action,
        words=q,
        mine=mine,
        department_below=department_below,
        counted=read_counted({"count": count, "duty": duty, "part": part}, **counted_span),
        **times,
    )


Narrowed = Annotated[CaseFilter, Depends(narrowed)]


def read_counted(
    codes: dict[str, str | None], counted_from: datetime | None, counted_to: datetime | None
) -> Counted | None:
    """The figure that a list explains, if any; raises InvalidInput for a half of one."""
    given = [(way, code) for way, code in codes.items() if code is not None]
    if not given and counted_from is None and counted_to is None:
        return None
    if len(given) != 1 or counted_from is None:
        raise InvalidInput(
            _("A count is one of count, duty and part, with counted_from"),
            errors=[{"pointer": f"/{given[0][0] if given else 'count'}"}],
        )
    now = datetime.now(UTC)
    if counted_from > now:
        raise InvalidInput(_("The period lies in the future"), errors=[{"pointer": "/counted_from"}])
    # What has not come yet is not counted.
    return Counted(*given[0], counted_from, min(counted_to or now, now))


def read_bbox(text: str) -> tuple[float, float, float, float]:
    """West, south, east, north; raises InvalidInput."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise InvalidInput(
            _("bbox must be west,south,east,north in degrees, west < east and south < north"),
            errors=[{"pointer": "/bbox"}],
        ) from error
    return west, south, east, north


def read_near(text: str) -> tuple[float, float, float]:
    """Longitude, latitude and metres around; raises InvalidInput."""
    try:
        lon, lat, radius_m = (float(part) for part in text.split(","))
    except ValueError as error:
        raise InvalidInput(
            _("near must be lon,lat,metres, such as 109.99,39.82,200"), errors=[{"pointer": "/near"}]
        ) from error
    return lon, lat, radius_m
