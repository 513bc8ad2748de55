"""How the pages draw and name what the city knows. The words of the workflow itself come from its table."""

from dataclasses import dataclass

from gis.case.states import CaseState
from gis.case.workflow import ROLE_TITLES, STATE_TITLES, Source
from gis.i18n import N_
from gis.people.models import Role


@dataclass(frozen=True)
class StateLook:
    """A state's icon, and who holds the case meanwhile: the colour follows that, and so does the hint."""

    icon: str
    held: str

    @property
    def waits_for(self) -> str:
        """Whose turn it is, as a sentence."""
        return HOLDERS[self.held]


HOLDERS = {
    "supervision": N_("The supervision centre takes the next step."),
    "command": N_("The command centre takes the next step."),
    "department": N_("The department takes the next step."),
    "done": N_("The case is closed. No step is left."),
    "ended": N_("The case has ended. No step is left."),
}

STATES: dict[CaseState, StateLook] = {
    CaseState.REPORTED: StateLook("inbox", "supervision"),
    CaseState.SELF_DISPOSED: StateLook("hand", "supervision"),
    CaseState.VERIFYING: StateLook("scan-search", "supervision"),
    CaseState.VERIFIED: StateLook("clipboard-check", "supervision"),
    CaseState.FILED: StateLook("route", "command"),
    CaseState.DISPATCHED: StateLook("mail", "department"),
    CaseState.ACCEPTED: StateLook("wrench", "department"),
    CaseState.SUSPENDED: StateLook("circle-pause", "department"),
    CaseState.DISPOSED: StateLook("camera", "department"),
    CaseState.FED_BACK: StateLook("undo-2", "supervision"),
    CaseState.CHECKING: StateLook("footprints", "supervision"),
    CaseState.CHECKED: StateLook("list-checks", "supervision"),
    CaseState.CLOSED: StateLook("circle-check-big", "done"),
    CaseState.ARCHIVED: StateLook("archive", "done"),
    CaseState.REFUSED: StateLook("circle-slash", "ended"),
    CaseState.MERGED: StateLook("git-merge", "ended"),
    CaseState.VOID: StateLook("ban", "ended"),
}

KINDS: dict[str, str] = {"component": N_("Component"), "event": N_("Event")}

SOURCES: dict[str, str] = {
    Source.INSPECTOR: N_("Inspector's report"),
    Source.HOTLINE: N_("Hotline"),
    Source.CITIZEN: N_("Citizen's report"),
    Source.OPEN311: N_("Citizen's report by another system"),
    Source.MEDIA: N_("Media"),
    Source.LEADER: N_("Leader's instruction"),
    Source.IMPORTED: N_("Imported"),
}

# Of photos: a report shows the place before, a disposal after.
STAGE_TITLES: dict[str, str] = {
    "report": N_("Before: at the report"),
    "verification": N_("At the verification"),
    "disposal": N_("After: at the disposal"),
    "inspection": N_("At the inspection"),
}

NOT_PEOPLE = {"citizen": N_("Citizen"), "system": N_("The service")}


def state_title(state: str) -> str:
    """The English title of a state, to be translated when shown."""
    return STATE_TITLES[CaseState(state)]


def role_title(role: str) -> str:
    """The English title of a role, to be translated when shown; the code itself when there is none."""
    return ROLE_TITLES[Role(role)] if role in set(Role) else NOT_PEOPLE.get(role, role)
