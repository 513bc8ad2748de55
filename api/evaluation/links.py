"""Addresses of the cases behind a number."""

from datetime import datetime
from urllib.parse import urlencode

from gis.evaluation.behind import PARTS
from gis.evaluation.indicators import POSTS
from gis.evaluation.period import Period

# kind of object → how the list of cases is narrowed to one
_NARROWED = {"unit_grid": "grid", "department": "department"}


def cases_address(kind: str, code: str, count: str, period: Period, now: datetime) -> str:
    """The list of the cases that a count of an object counts; ``now``: when it was counted."""
    if kind in POSTS:
        query = {"duty": count, "actor": code}
    else:
        query = {"part" if count in PARTS else "count": count, _NARROWED.get(kind, "area"): code}
    if kind == "department":
        query["department_below"] = "true"
    query["counted_from"] = period.begins.isoformat()
    query["counted_to"] = period.until(now).isoformat()
    return f"/api/v1/cases?{urlencode(query)}"
