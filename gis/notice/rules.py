"""Who is told about what: one table. A step or a lamp without a row here tells nobody.

The words are a sentence about one case; its number and class stand before them. They are chosen by the kind
of the notice when it is read, so that each reader reads them in their own language.
"""

from dataclasses import dataclass
from enum import StrEnum

from gis.i18n import N_

TURN_YELLOW, TURN_RED = "turn_yellow", "turn_red"  # what happens by itself: a link's lamp
WEBHOOK_PAUSED = "webhook_paused"
REPORT_READY = "report_ready"


class Audience(StrEnum):
    """Whom a notice goes to; :mod:`gis.notice.audience` finds them."""

    DEPARTMENT = "department"  # the people of the department the case is with
    CO_DEPARTMENT = "co_department"  # of its co-departments that are not done
    ACCEPTORS = "acceptors"  # of the area, as all of the centres below
    SHIFT_LEADERS = "shift_leaders"
    DISPATCHERS = "dispatchers"
    ASSIGNEE = "assignee"  # the inspector who has the task; where nobody fits, the acceptors
    ASKER = "asker"  # who made the last request
    REPORTER = "reporter"
    FOLLOWERS = "followers"
    HOLDER = "holder"  # who has to act in the link the case is in


A = Audience
# Who has to act in a link, for its lamp and for urging.
HOLDERS: dict[str, Audience] = {
    "accept": A.ACCEPTORS,
    "verify": A.ASSIGNEE,
    "file": A.SHIFT_LEADERS,
    "dispatch": A.DISPATCHERS,
    "dispose": A.DEPARTMENT,
    "suspend": A.DEPARTMENT,
    "send_check": A.ACCEPTORS,
    "check": A.ASSIGNEE,
    "close": A.SHIFT_LEADERS,
}


@dataclass(frozen=True)
class Rule:
    """One row: what happened, whom it concerns, in which words."""

    kind: str
    audiences: tuple[Audience, ...]
    words: str


# fmt: off
NOTICE_RULES: dict[str, Rule] = {rule.kind: rule for rule in (
    # Given to somebody.
    Rule("send_verification", (A.ASSIGNEE,), N_("please verify on site")),
    Rule("send_check", (A.ASSIGNEE,), N_("please check the disposal on site")),
    Rule("assign_task", (A.ASSIGNEE,), N_("the task on site is yours now")),
    Rule("dispatch", (A.DEPARTMENT,), N_("dispatched to your department")),
    Rule("redispatch", (A.DEPARTMENT,), N_("dispatched to your department")),
    Rule("add_department", (A.CO_DEPARTMENT,), N_("your department has a part in it")),
    Rule("rework", (A.DEPARTMENT,), N_("sent back for rework")),
    Rule("urge", (A.HOLDER,), N_("urged: please act")),
    # Turned back, or answered by the department.
    Rule("send_back", (A.HOLDER,), N_("sent back to you")),
    Rule("part_done", (A.DEPARTMENT,), N_("a co-department has done its part")),
    Rule("resume", (A.DEPARTMENT,), N_("the suspension has ended, its time runs again")),
    # Asked and decided.
    Rule("ask_extension", (A.DISPATCHERS,), N_("an extension is asked for, please decide")),
    Rule("grant_extension", (A.DEPARTMENT,), N_("the extension is granted")),
    Rule("deny_extension", (A.DEPARTMENT,), N_("the extension is denied")),
    Rule("ask_suspension", (A.DISPATCHERS,), N_("a suspension is asked for, please decide")),
    Rule("grant_suspension", (A.DEPARTMENT,), N_("the suspension is granted")),
    Rule("deny_suspension", (A.DEPARTMENT,), N_("the suspension is denied")),
    Rule("ask_void", (A.SHIFT_LEADERS,), N_("voiding is asked for, please decide")),
    Rule("void", (A.ASKER, A.REPORTER, A.FOLLOWERS), N_("made void")),
    Rule("deny_void", (A.ASKER,), N_("it is not made void")),
    Rule("appeal", (A.DISPATCHERS,), N_("an appeal was made, please decide")),
    Rule("support_appeal", (A.ACCEPTORS,), N_("an appeal is supported, please decide")),
    Rule("grant_appeal", (A.DEPARTMENT,), N_("the appeal is granted")),
    Rule("deny_appeal", (A.DEPARTMENT,), N_("the appeal is denied")),
    # How it ends.
    Rule("refuse", (A.REPORTER, A.FOLLOWERS), N_("not accepted")),
    Rule("merge", (A.REPORTER, A.FOLLOWERS), N_("merged into another case")),
    Rule("close", (A.REPORTER, A.FOLLOWERS), N_("closed")),
    Rule("force_close", (A.DEPARTMENT, A.REPORTER, A.FOLLOWERS), N_("closed by force")),
    Rule("archive", (A.REPORTER,), N_("what you put right on the spot is archived")),
    Rule("say_not_fixed", (A.SHIFT_LEADERS,), N_("the caller says that it is not fixed")),
    Rule("citizen_not_fixed", (A.SHIFT_LEADERS,), N_("a citizen says that it is not fixed")),
    Rule("citizen_comment", (A.HOLDER,), N_("a citizen adds to it")),
    Rule("reopen", (A.DEPARTMENT,), N_("opened again, to be checked")),
    # By itself.
    Rule(TURN_YELLOW, (A.HOLDER,), N_("four fifths of the time are used")),
    Rule(TURN_RED, (A.HOLDER,), N_("overdue")),
)}
# fmt: on

# About the service itself, not about a case: its words, which take what the notice holds in ``detail``, and
# the page that it leads to. Who is told stands where it happens.
SERVICE_NOTICES: dict[str, tuple[str, str]] = {
    WEBHOOK_PAUSED: (N_("Webhook {name} is paused: it has taken nothing for {days} days"), "/webhooks"),
    REPORT_READY: (N_("The analysis report of {period} is ready"), "/evaluation/reports"),
}
