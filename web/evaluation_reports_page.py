"""分析报告: the reports there are, one more asked for, and when they are made by themselves.

The page is a frame with its words; what it shows and does goes through ``/api/v1`` from the browser.
"""

from datetime import datetime

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.dependencies import Actor, DbSession, allow
from gis.evaluation.period import of_day
from gis.evaluation.report.schedule import DAYS, HOURS, read_plan
from gis.evaluation.report.telling import period_words
from gis.i18n import N_, _, get_locale
from gis.people.models import Role
from gis.settings import get_settings
from web.evaluation_pages import READERS, frame
from web.rendering import render
from web.survey_words import Look

router = APIRouter(include_in_schema=False)

WRITERS = (Role.EVALUATOR, Role.ADMIN)
MODULES = (
    *(f"js/{name}.js" for name in ("api", "page_words", "toast")),
    *(f"imports/{name}.js" for name in ("follow", "parts")),
)
# What is offered of each kind of period: the one that runs, and so many before it.
OFFERED = {"month": 13, "quarter": 5, "year": 2, "week": 6}
KIND_TITLES = {"month": N_("Months"), "quarter": N_("Quarters"), "year": N_("Years"), "week": N_("Weeks")}
STATES = {
    "waiting": Look(N_("Waits for its turn"), "hourglass", "work"),
    "working": Look(N_("Being made"), "file-chart-column", "work"),
    "ready": Look(N_("Ready"), "circle-check-big", "done"),
    "failed": Look(N_("Failed"), "circle-alert", "wrong"),
}
FORMATS = {"pdf": "file-text", "docx": "file-type", "xlsx": "file-spreadsheet"}
WORDS = {
    "noAnswer": N_("No answer from the service. Check the connection and try again."),
    "scheduled": N_("by schedule"),
    "closed": N_("closed, version {version}"),
    "remove": N_("Remove the report of {title}"),
    "kept": N_("The schedule is saved"),
    "next": N_("The report of {period} is made on {at}."),
    "off": N_("No report is made by itself."),
    "download": N_("{form}, {size}"),
}


@router.get("/evaluation/reports", dependencies=[Depends(allow(*READERS))])
def reports(request: Request, session: DbSession, actor: Actor) -> Response:
    """The frame of the reports; its script fills the list."""
    today = datetime.now(get_settings().zone).date()
    offered = {}
    for kind, number in OFFERED.items():
        period = of_day(kind, today)
        offered[kind] = [period]
        while len(offered[kind]) < number:
            period = period.before()
            offered[kind].append(period)
    return render(
        request,
        "evaluation_reports.html",
        actor,
        **frame(request, actor),
        offered={
            _(KIND_TITLES[kind]): [(period.code, period_words(period)) for period in periods]
            for kind, periods in offered.items()
        },
        # Last month is what is asked for most; the one that runs is not over.
        usual=offered["month"][1].code,
        plan=read_plan(session),
        days=DAYS,
        hours=HOURS,
        languages={"zh_CN": "中文", "en": "English"},
        locale=get_locale(),
        may_write=actor.role in WRITERS,
        modules=MODULES,
        icons=sorted({*(look.icon for look in STATES.values()), *FORMATS.values(), "trash-2", "download"}),
        data={
            "words": {name: _(text) for name, text in WORDS.items()},
            "states": {code: look.told() for code, look in STATES.items()},
            "formats": list(FORMATS.items()),
            "mayWrite": actor.role in WRITERS,
        },
    )
