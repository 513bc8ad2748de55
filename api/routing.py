"""Routing over HTTP: why a department is proposed, the responsibilities, and trials of changed ones."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from api.cases import next_address
from api.dependencies import Actor, DbSession, Limit, allow, signed_in
from api.routing_shapes import (
    AutomaticOut,
    Kind,
    ResponsibilityIn,
    ResponsibilityOut,
    RoutingOut,
    TrialIn,
    TrialOut,
)
from api.shapes import ListOf
from gis.case.queries import get_case
from gis.case.responsibilities import (
    add_responsibility,
    automatic_classes,
    end_responsibility,
    responsibility_page,
    set_automatic,
    unset_automatic,
)
from gis.case.routing import explain_routing, is_automatic
from gis.case.routing_trial import try_rules
from gis.case.rule_drafts import Draft
from gis.errors import InvalidInput
from gis.i18n import _
from gis.people.models import Role
from gis.settings import get_settings
from gis.standard.tables import CITY_EDITION

router = APIRouter(prefix="/api/v1", tags=["routing"])
READERS = (Role.DISPATCHER, Role.ADMIN)
LONGEST_TRIAL = timedelta(days=3 * 366)


@router.get("/cases/{case_no}/routing", dependencies=[Depends(signed_in)])
def read_routing(session: DbSession, actor: Actor, case_no: str) -> RoutingOut:
    """The department proposed for a case as things stand now, and why no other."""
    case = get_case(session, actor, case_no)
    return RoutingOut.of(explain_routing(session, case), is_automatic(session, case))


@router.get("/routing/responsibilities", dependencies=[Depends(allow(*READERS))])
def list_responsibilities(
    request: Request,
    session: DbSession,
    limit: Limit,
    cursor: str | None = None,
    kind: Kind | None = None,
    class_code: Annotated[str | None, Query(pattern=r"^\d{2,5}$", description="or its beginning")] = None,
    area: Annotated[str | None, Query(max_length=12)] = None,
    department: Annotated[str | None, Query(max_length=16)] = None,
) -> ListOf:
    """Rules in force, in the order they were made."""
    page = responsibility_page(session, kind, class_code, area, department, limit, cursor)
    return ListOf(
        items=[ResponsibilityOut.of(row) for row in page.items],
        next=next_address(request, page.next_cursor),
    )


@router.post("/routing/responsibilities", status_code=201, dependencies=[Depends(allow(Role.ADMIN))])
def add(session: DbSession, body: ResponsibilityIn) -> ResponsibilityOut:
    """Add a rule, in force from today."""
    return ResponsibilityOut.of(add_responsibility(session, body.draft()))


@router.post("/routing/responsibilities/{rule_id}/close", dependencies=[Depends(allow(Role.ADMIN))])
def close(session: DbSession, rule_id: int) -> ResponsibilityOut:
    """End a rule today; it stays on record."""
    return ResponsibilityOut.of(end_responsibility(session, rule_id))


@router.get("/routing/automatic", dependencies=[Depends(allow(*READERS))])
def list_automatic(session: DbSession) -> ListOf:
    """Classes and majors whose cases are dispatched to the proposed department as soon as they are filed."""
    return ListOf(items=[AutomaticOut.of(row) for row in automatic_classes(session)])


@router.put("/routing/automatic/{kind}/{class_code}", dependencies=[Depends(allow(Role.ADMIN))])
def put_automatic(
    session: DbSession, actor: Actor, kind: Kind, class_code: str, edition: str = CITY_EDITION
) -> AutomaticOut:
    """Have cases of a class, or a major, dispatched by themselves."""
    return AutomaticOut.of(set_automatic(session, actor, kind, class_code, edition))


@router.delete(
    "/routing/automatic/{kind}/{class_code}", status_code=204, dependencies=[Depends(allow(Role.ADMIN))]
)
def delete_automatic(
    session: DbSession, kind: Kind, class_code: str, edition: str = CITY_EDITION
) -> Response:
    """Let a person dispatch them again."""
    unset_automatic(session, kind, class_code, edition)
    return Response(status_code=204)


@router.post("/routing/trial", dependencies=[Depends(allow(*READERS, Role.EVALUATOR))])
def trial(session: DbSession, body: TrialIn) -> TrialOut:
    """Put past cases through changed rules; nothing is stored."""
    filed_to = body.filed_to or datetime.now(get_settings().zone)
    filed_from = body.filed_from or filed_to - timedelta(days=365)
    for name, moment in (("from", filed_from), ("to", filed_to)):
        if moment.tzinfo is None:
            raise InvalidInput(_("A time needs its offset, such as +08:00"), errors=[{"pointer": f"/{name}"}])
    if not timedelta() < filed_to - filed_from <= LONGEST_TRIAL:
        raise InvalidInput(
            _("The period must end after it begins, and hold three years at most"),
            errors=[{"pointer": "/from"}, {"pointer": "/to"}],
        )
    drafts = [Draft(**rule.model_dump()) for rule in body.rules]
    return TrialOut.of(try_rules(session, filed_from, filed_to, drafts), filed_from, filed_to)
