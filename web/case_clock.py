"""绿黄红灯 as the pages tell them: the lamp of the link a case is in, and the time left or over in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from gis.case.clocks import lamp_of
from gis.case.models import Case
from gis.case.states import CaseState
from gis.i18n import _
from gis.settings import get_settings

LAMP_ICONS = {"green": "circle-check", "yellow": "hourglass", "red": "octagon-alert"}


@dataclass(frozen=True)
class Clock:
    """The lamp (``green``, ``yellow``, ``red``; empty while the clock rests), and the time in words."""

    lamp: str
    text: str

    @property
    def icon(self) -> str:
        """The lamp's shape: told apart without seeing colours."""
        return LAMP_ICONS.get(self.lamp, "circle-pause")


def clock_of(case: Case, now: datetime) -> Clock | None:
    """How the limit of the link stands that a case is in; None where none runs.

    Once the case is closed, the lamp tells for good whether disposal was in time.
    """
    if case.state is CaseState.SUSPENDED and case.suspended_until:
        until = case.suspended_until.astimezone(get_settings().zone)
        return Clock("", _("Suspended until {at}").format(at=until.strftime("%Y-%m-%d")))
    if case.state is CaseState.CLOSED:
        return _outcome(case)
    lamp = lamp_of(now, case.stage_warn_at, case.stage_due_at)
    if lamp is None or case.stage_due_at is None:
        return None
    left = case.stage_due_at - now
    if lamp == "red":
        return Clock(lamp, _("Overdue by {span}").format(span=_span(-left)))
    return Clock(lamp, _("{span} left").format(span=_span(left)))


def _outcome(case: Case) -> Clock | None:
    if case.disposed_at is None or case.due_at is None:
        return None
    late = case.disposed_at - case.due_at
    if late > timedelta():
        return Clock("red", _("Late by {span}").format(span=_span(late)))
    return Clock("green", _("In time"))


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes >= 2 * 24 * 60:
        return _("{n} d").format(n=minutes // (24 * 60))
    if minutes >= 60:
        return _("{n} h").format(n=minutes // 60)
    return _("{n} min").format(n=max(minutes, 1))
