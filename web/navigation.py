"""The pages people go to, as one table: the bar, the home page and its hints all read it.

A new page is one row here. A page that does not exist yet has no row: nobody is promised what is not there.
"""

from dataclasses import dataclass

from api.evaluation.asked import READERS as EVALUATION_READERS
from api.pipeline_access import READERS
from gis.case.workflow import REPORTERS
from gis.i18n import N_
from gis.people.models import Role

EVERYONE = frozenset(Role)
# Who works at a desk or looks over shoulders there; inspectors have the phone, planners their own pages.
AT_DESKS = (
    Role.ACCEPTOR,
    Role.SHIFT_LEADER,
    Role.DISPATCHER,
    Role.DEPARTMENT,
    Role.EVALUATOR,
    Role.OWNER,
    Role.ADMIN,
)


@dataclass(frozen=True)
class Section:
    """One place to go. ``in_bar`` false: on the home page only."""

    path: str
    title: str
    hint: str
    icon: str
    roles: frozenset[Role] = EVERYONE
    in_bar: bool = True


SECTIONS = (
    Section("/", N_("Home"), N_("What waits for you"), "house"),
    Section(
        "/desk",
        N_("Desk"),
        N_("Queues with their clocks, the map beside them, one case after another"),
        "panels-top-left",
        roles=frozenset(AT_DESKS),
    ),
    Section(
        "/inspect",
        N_("Patrol app"),
        N_("For the phone: report, verify and check, with signal or without"),
        "smartphone",
        roles=frozenset({Role.INSPECTOR}),
    ),
    Section(
        "/map",
        N_("Map"),
        N_("Grids, components, pipelines and open cases in one picture"),
        "map",
    ),
    Section(
        "/pipelines",
        N_("Pipelines"),
        N_("Cross-sections and profiles from the map, find and query what lies under the street"),
        "waypoints",
        roles=frozenset(READERS),
    ),
    Section(
        "/cases",
        N_("Cases"),
        N_("Find a case, see how it stands, take the next step"),
        "clipboard-list",
    ),
    Section(
        "/report",
        N_("Report"),
        N_("Report something broken or out of order in the street"),
        "circle-plus",
        roles=frozenset(REPORTERS),
    ),
    Section(
        "/evaluation",
        N_("Evaluation"),
        N_("How well the work is done: figures, scores, and the cases behind each number"),
        "gauge",
        roles=frozenset(EVALUATION_READERS),
    ),
    Section(
        "/pipelines/imports",
        N_("Survey data"),
        N_("Bring in survey tables, see what the checks found, accept or drop them"),
        "file-up",
        roles=frozenset(READERS),
        in_bar=False,
    ),
    Section(
        "/pipelines/checks",
        N_("Data checks"),
        N_("Run the checks over the network and see on the map what they found"),
        "list-checks",
        roles=frozenset(READERS),
        in_bar=False,
    ),
    Section(
        "/pipelines/statistics",
        N_("Pipeline statistics"),
        N_("Length, number, holes and volume of pipes in groups: table, chart and map"),
        "chart-column",
        roles=frozenset(READERS),
        in_bar=False,
    ),
    Section(
        "/admin/calendar",
        N_("Working calendar"),
        N_("Working days and hours, holidays, seasons: what deadlines are counted by"),
        "calendar-days",
        in_bar=False,
    ),
    Section(
        "/webhooks",
        N_("Webhooks"),
        N_("Other systems that are told of cases and datasets: subscribe, look after, send again"),
        "webhook",
        roles=frozenset({Role.ADMIN}),
        in_bar=False,
    ),
    Section(
        "/keys",
        N_("API keys"),
        N_("Let another system in, see when it was there last, shut it out"),
        "key-round",
        roles=frozenset({Role.ADMIN}),
        in_bar=False,
    ),
    Section(
        "/datasets",
        N_("Datasets"),
        N_("What data there are: from whom, of what date and quality, where to get them"),
        "library",
        in_bar=False,
    ),
    Section(
        "/docs",
        N_("Interfaces"),
        N_("For other systems: every call of the service, to read and to try"),
        "braces",
        in_bar=False,
    ),
)


def sections_for(role: str) -> list[Section]:
    """The places a role may go to, in the table's order."""
    return [section for section in SECTIONS if role in section.roles]


def is_current(section: Section, path: str) -> bool:
    """Whether an address lies in a section: its own page or one below it."""
    return path == section.path or (section.path != "/" and path.startswith(section.path + "/"))
