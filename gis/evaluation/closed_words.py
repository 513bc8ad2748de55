"""What differs in a closed period, in words."""

from typing import Any

from gis.evaluation.counts import COUNTS
from gis.evaluation.duties import BESIDE, DUTY_COUNTS
from gis.i18n import N_, _

BELONGING = {"unit_grid": N_("Unit grid"), "community": N_("Community"), "department": N_("Department")}


def count_title(code: str) -> str:
    """A count, or what a case belongs to, in words; its code where a later version knows it no more."""
    if code in BELONGING:
        return _(BELONGING[code])
    row = COUNTS.get(code) or DUTY_COUNTS.get(code)
    title = row.title if row else BESIDE.get(code)
    return _(title) if title else code


def with_titles(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Changed cases, each change with its title."""
    return [
        one | {"changes": [each | {"title": count_title(each["what"])} for each in one["changes"]]}
        for one in cases
    ]
