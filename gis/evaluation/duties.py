"""岗位计数 as one table: what is counted of the acts of posts (``case_fact_post``). A new count is one row."""

from dataclasses import dataclass

from gis.i18n import N_


@dataclass(frozen=True)
class DutyCount:
    """One row: acts of these duties for which a condition over ``p``, a row of ``case_fact_post``, holds."""

    code: str
    title: str
    duties: tuple[str, ...]
    where: str = "true"


# fmt: off
DUTY_COUNTS: dict[str, DutyCount] = {row.code: row for row in (
    DutyCount("report", N_("Reports decided on"), ("report",), "p.is_right IS NOT NULL"),
    DutyCount("report_right", N_("Valid reports"), ("report",), "p.is_right"),
    DutyCount("verify", N_("Verifications due"), ("verify",)),
    DutyCount("verify_in_time", N_("Verified in time"), ("verify",), "p.in_time"),
    DutyCount("check", N_("Checks due"), ("check",)),
    DutyCount("check_in_time", N_("Checked in time"), ("check",), "p.in_time"),
    DutyCount("accept", N_("Accepted reports"), ("accept",)),
    DutyCount("accept_in_time", N_("Accepted in time"), ("accept",), "p.in_time"),
    DutyCount("send_check", N_("Checks sent"), ("send_check",)),
    DutyCount("send_check_in_time", N_("Checks sent in time"), ("send_check",), "p.in_time"),
    DutyCount("file", N_("Filings"), ("file",)),
    DutyCount("file_in_time", N_("Filed in time"), ("file",), "p.in_time"),
    DutyCount("file_right", N_("Filed right"), ("file",), "p.is_right"),
    DutyCount("dispatch", N_("Dispatches"), ("dispatch",)),
    DutyCount("dispatch_in_time", N_("Dispatched in time"), ("dispatch",), "p.in_time"),
    DutyCount("dispatch_any", N_("Dispatches, those to another included"), ("dispatch", "redispatch")),
    DutyCount("dispatch_right", N_("Dispatched right"), ("dispatch", "redispatch"), "p.is_right"),
    DutyCount("close", N_("Closings"), ("close",)),
    DutyCount("close_in_time", N_("Closed in time"), ("close",), "p.in_time"),
)}
# fmt: on
# All that ``case_fact_post`` tells of: its index by time begins with the duty.
DUTIES = sorted({duty for row in DUTY_COUNTS.values() for duty in row.duties})
# Beside these, of collectors: "missed" (filed after a report by the public in a duty grid the person patrols now) and
# "report_or_missed", their sum with "report"; of departments: "co_should", "co_in_time", "given_back" (case_fact_part).
BESIDE = {
    "missed": N_("Filed after a report by the public in the collector's duty grids"),
    "report_or_missed": N_("Reports decided on, and missed ones"),
    "co_should": N_("Disposals due as a co-department"),
    "co_in_time": N_("Done in time as a co-department"),
    "given_back": N_("Sent back, or dispatched to another after all"),
}
