"""大屏: how the day goes, for the wall of the centre. The page is a frame; figures come by ``/api/v1``."""

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.dependencies import Actor, allow
from api.session import LONGEST_SESSION
from gis.case.stages import STAGES
from gis.evaluation.now import ACTS
from gis.i18n import N_, _
from gis.settings import get_settings
from web.evaluation_pages import READERS
from web.rendering import render

router = APIRouter(include_in_schema=False)

TEXTS: dict[str, str] = {
    "closed": N_("Closed cases"),
    "ending": N_("The sign-in ends at {time}: sign in again before"),
    "filed": N_("Filed cases"),
    "lost": N_("No connection since {time}: the figures are of then"),
    "noCases": N_("no cases"),
    "noRanking": N_("Ranking: nothing to rank yet"),
    "rank_department": N_("Departments in {period}"),
    "rank_street": N_("Streets in {period}"),
    "reported": N_("Reports"),
    "signedOut": N_("The sign-in has ended: the figures stand still"),
    "today": N_("Today"),
    "trend": N_("Reported, filed and closed cases of the last 30 days"),
    "yesterday": N_("yesterday by now {n}"),
}


@router.get("/evaluation/wall", dependencies=[Depends(allow(*READERS))])
def wall_page(request: Request, actor: Actor) -> Response:
    """The wall. A sign-in ends after a working day, as the page says in time; a key does not."""
    ends = "" if request.state.by_key else (request.state.claims.began + LONGEST_SESSION).isoformat()
    return render(
        request,
        "evaluation_wall.html",
        actor,
        zone=get_settings().timezone,
        ends=ends,
        acts=[(code, title) for code, title, _which in ACTS],
        stages=STAGES.values(),
        data={"words": {name: _(text) for name, text in TEXTS.items()}},
    )
