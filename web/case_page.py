"""The page of one case: how it stands, what has happened, the steps this person may take now."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.cases import STAFF
from api.dependencies import Actor, DbSession, signed_in
from api.shapes import ActionOut, CaseOut
from gis.case.attachments import case_photos
from gis.case.queries import case_steps, get_case
from gis.case.states import ENDED
from gis.notice.reading import mark_case_read
from gis.open311.contacts import CALLS_BACK, reporters_of
from gis.people.queries import inspectors
from gis.settings import get_settings
from web.case_photos import photo_groups, usual_stage
from web.case_view import case_facts, step_rows
from web.city_place import city_offset
from web.rendering import render
from web.words import STAGE_TITLES, STATES

router = APIRouter(include_in_schema=False)

DECIDES = ("grant_", "deny_", "support_")
HAPPY_ENDS = frozenset({"close", "archive"})  # what a case was meant to come to


@router.get("/cases/{case_no}", dependencies=[Depends(signed_in)])
def case(request: Request, session: DbSession, actor: Actor, case_no: str) -> Response:
    """One case, with the form of each step that is open to the reader."""
    found = get_case(session, actor, case_no)
    mark_case_read(session, actor, found.id)
    shown = CaseOut.whole(session, found, actor)
    actions = sorted(
        (step for step in shown.open_actions if step.action != "take_out" or shown.parent), key=_rank
    )
    needs = {need for step in actions for need in step.needs}
    return render(
        request,
        "case.html",
        actor,
        case=case_facts(found, shown),
        shown=shown.model_dump(mode="json"),
        steps=step_rows(case_steps(session, actor, case_no)),
        actions=[(step, _look(step)) for step in actions],
        waits_for=STATES[found.state].waits_for,
        photos=photo_groups(found, case_photos(session, found.id)),
        stages=STAGE_TITLES if actor.role in STAFF else {},
        usual_stage=usual_stage(actor.role, found.state),
        most_bytes=get_settings().max_upload_bytes,
        people=inspectors(session) if "person" in needs else [],
        offset=city_offset(),
        reporters=reporters_of(session, actor, case_no) if actor.role in CALLS_BACK else [],
    )


def _rank(step: ActionOut) -> int:
    """What was asked for is decided first, then what leads on, what turns back, side records, a vain end."""
    if _is_fatal(step):
        return 4
    if step.action.startswith(DECIDES):
        return 0
    if step.target is None:
        return 3
    return 2 if "note" in step.needs else 1


def _look(step: ActionOut) -> str:
    if step.action.startswith("deny_"):
        return ""
    return {0: "primary", 1: "primary", 4: "danger"}.get(_rank(step), "")


def _is_fatal(step: ActionOut) -> bool:
    return step.target in ENDED and step.action not in HAPPY_ENDS
