"""计数 as one table: what is counted of the facts of cases, and by which moment. A new count is one row.

The condition of a row serves figures, totals kept by the database and the list of the cases behind a figure,
so that these cannot differ.
"""

from dataclasses import dataclass

from gis.errors import InvalidInput
from gis.i18n import N_, _
from gis.settings import get_settings


@dataclass(frozen=True)
class Count:
    """One row.

    Attributes
    ----------
    no : its number in ``fact_total``; never used again for another count
    at : the column of ``case_fact`` whose moment decides the period
    where : SQL condition over ``f``, a row of ``case_fact``; beside it the moment must have come
    amount : SQL whose sum is taken instead of the number of cases (seconds)
    """

    no: int
    code: str
    title: str
    at: str
    where: str = "true"
    amount: str | None = None


# fmt: off
COUNTS: dict[str, Count] = {row.code: row for row in (
    Count(1, "reported", N_("Reports"), "reported_at"),
    Count(2, "reported_public", N_("Reported by the public"), "reported_at", "f.is_public"),
    Count(3, "judged", N_("Reports decided on"), "judged_at"),
    Count(4, "valid", N_("Valid reports"), "judged_at", "f.is_valid"),
    Count(5, "self_disposed", N_("Cases put right on the spot"), "judged_at", "f.is_self_disposed"),
    Count(6, "judged_filed", N_("Reports filed"), "judged_at", "f.filed_at IS NOT NULL"),
    Count(7, "filed_ever", N_("Filed, void ones included"), "filed_at"),
    Count(8, "filed", N_("Filed"), "filed_at", "f.is_filed"),
    Count(9, "voided", N_("Void after filing"), "filed_at", "f.is_void"),
    Count(10, "filed_in_time", N_("Filed in time"), "filed_at", "f.filed_in_time"),
    Count(11, "public_filed", N_("Filed after a report by the public"), "filed_at", "f.is_filed AND f.is_public"),
    Count(12, "should_verify", N_("Verifications due"), "verify_at"),
    Count(13, "verified_in_time", N_("Verified in time"), "verify_at", "f.verified_in_time"),
    Count(14, "should_dispatch", N_("Dispatches due"), "dispatch_at"),
    Count(15, "dispatched_in_time", N_("Dispatched in time"), "dispatch_at", "f.dispatched_in_time"),
    Count(16, "dispatched_right", N_("Dispatched right the first time"), "dispatch_at",
          "f.was_dispatched AND f.dispatched_right"),
    Count(17, "should_dispose", N_("Disposals due"), "settled_at", "NOT f.is_exempt"),
    Count(18, "disposed", N_("Disposed of"), "settled_at", "f.is_disposed AND NOT f.is_exempt"),
    Count(19, "disposed_in_time", N_("Disposed of in time"), "settled_at", "f.disposed_in_time AND NOT f.is_exempt"),
    Count(20, "overdue_open", N_("Overdue and still open"), "settled_at",
          "NOT f.is_disposed AND f.closed_at IS NULL AND NOT f.is_exempt"),
    Count(21, "extended", N_("Extended cases"), "settled_at", "f.extension_count > 0 AND NOT f.is_exempt"),
    Count(22, "suspended", N_("Suspended at some time"), "settled_at", "f.suspension_count > 0 AND NOT f.is_exempt"),
    Count(23, "exempt", N_("Late, exempt after an appeal"), "settled_at", "f.is_exempt"),
    Count(24, "should_check", N_("Checks due"), "check_at"),
    Count(25, "checked_in_time", N_("Checked in time"), "check_at", "f.checked_in_time"),
    Count(26, "should_close", N_("Closings due"), "ending_at", "NOT f.is_exempt"),
    Count(27, "closed", N_("Closed cases"), "ending_at", "f.is_closed AND NOT f.is_exempt"),
    Count(28, "closed_in_time", N_("Closed, disposed of in time"), "ending_at",
          "f.is_closed AND f.disposed_in_time AND NOT f.is_exempt"),
    Count(29, "reworked", N_("Reworked by the same department"), "ending_at",
          "f.rework_count > 0 AND NOT f.is_exempt"),
    Count(30, "forced", N_("Cases closed by force"), "ending_at", "f.closed_by_force AND NOT f.is_exempt"),
    Count(31, "reopened", N_("Reopened"), "ending_at", "f.was_reopened AND NOT f.is_exempt"),
    Count(32, "answered", N_("Answered by citizens"), "answered_at"),
    Count(33, "satisfied", N_("Answered: it is fixed"), "answered_at", "f.is_satisfied"),
    Count(34, "dispose_seconds", N_("Time in disposal"), "settled_at", "f.is_disposed AND NOT f.is_exempt",
          "f.dispose_s"),
    Count(35, "urged", N_("Urged cases"), "settled_at", "f.urged_count > 0"),
)}
# fmt: on

# Columns of case_fact that decide a period; each has an index.
MOMENTS = tuple(dict.fromkeys(row.at for row in COUNTS.values()))


def count_of(code: str) -> Count:
    """The row of a code; raises InvalidInput for an unknown one."""
    if code not in COUNTS:
        raise InvalidInput(
            _("Unknown count {code}; known: {known}").format(code=code, known=", ".join(COUNTS)),
            errors=[{"pointer": "/count"}],
        )
    return COUNTS[code]


def function_sql() -> str:
    """``app.fact_counts(case_fact)``: the counts of one case as rows (number, local day, amount).

    Made of the table above at each upgrade, so that there is one place to change.
    """
    rows = ",\n        ".join(
        f"({row.no}, f.{row.at}, CASE WHEN {row.where} THEN {row.amount or 1} ELSE 0 END)"
        for row in COUNTS.values()
    )
    return f"""
CREATE FUNCTION app.fact_counts(f public.case_fact) RETURNS TABLE (count_no smallint, day date, amount bigint)
LANGUAGE sql STABLE AS $$
    SELECT v.no::smallint, (v.at AT TIME ZONE '{get_settings().timezone}')::date, v.amount::bigint
    FROM (VALUES
        {rows}
    ) AS v (no, at, amount)
    WHERE v.at IS NOT NULL AND v.amount <> 0
$$;
"""
