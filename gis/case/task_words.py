"""Why a task was given to this inspector, in words; the codes and numbers stand in ``CaseTask.reason``."""

from collections.abc import Mapping
from typing import Any

from gis.i18n import N_, _

RULES = {
    "duty_grid": N_("patrols duty grid {duty_grid}"),
    "nearest": N_("nobody of the duty grid may look at it; the nearest of the others"),
    "nobody": N_("no inspector fits; any of the area may do it"),
    "by_hand": N_("given by {by}"),
}


def reason_words(reason: Mapping[str, Any]) -> str:
    """One line in the reader's language; empty where no reason was kept."""
    rule = RULES.get(str(reason.get("rule")))
    if rule is None:
        return ""
    parts = [_(rule).format(duty_grid=reason.get("duty_grid") or "–", by=reason.get("by") or "–")]
    if (distance_m := reason.get("distance_m")) is not None:
        place = (
            _("was {distance} m away")
            if reason.get("by_track")
            else _("{distance} m from the middle of the own duty grid")
        )
        parts.append(place.format(distance=f"{distance_m:.0f}"))
    if reason.get("candidates", 0) > 1:
        parts.append(
            _("one of {candidates} who could; {open_tasks} other open tasks").format(
                candidates=reason["candidates"], open_tasks=reason.get("open_tasks", 0)
            )
        )
    if reason.get("own_report"):
        parts.append(_("also reported it"))
    return _("; ").join(parts)
