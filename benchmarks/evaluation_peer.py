"""A month of departments by pandas, as one would count it from cases and their steps without facts."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from sqlalchemy import Connection, text

from gis.evaluation.period import Period

OVER = ["archived", "refused", "merged", "void"]
LONGEST = pd.Timedelta(days=200)  # no case of the month was reported earlier


def month_by_pandas(connection: Connection, month: Period) -> Mapping[str, Mapping[int, int]]:
    """Counts by department id.

    Moments are those of the steps: the report, the filing, the last hand-over, the closing. Deadline,
    department and state are the case's: no step holds them.
    """
    span = {"first": month.begins - LONGEST, "after": month.ends}
    cases = pd.read_sql(
        text(
            'SELECT id, department_id, state, exempt, due_at, disposed_at IS NULL AS is_open FROM "case"'
            " WHERE reported_at >= :first AND reported_at < :after"
        ),
        connection,
        params=span,
        index_col="id",
    )
    steps = pd.read_sql(
        text(
            'SELECT s.case_id, s.action, s.at FROM case_step AS s JOIN "case" AS c ON c.id = s.case_id'
            " WHERE c.reported_at >= :first AND c.reported_at < :after"
            " AND s.action IN ('report', 'file', 'feed_back', 'close', 'force_close')"
        ),
        connection,
        params=span,
    )
    last = steps.groupby(["action", "case_id"])["at"].max()

    def moment(*actions: str) -> "pd.Series[Any]":
        found = [last[action] for action in actions if action in last.index.get_level_values(0)]
        latest: pd.Series[Any] = pd.concat(found).groupby(level=0).max()
        return latest.reindex(cases.index)

    reported, filed = moment("report"), moment("file")
    disposed = moment("feed_back").mask(cases["is_open"])
    closed = moment("close", "force_close").where(cases["state"] == "closed")
    due = pd.to_datetime(cases["due_at"], utc=True)
    counts = filed.notna() & ~cases["state"].isin(OVER) & ~cases["exempt"]
    in_time = disposed.notna() & (due.isna() | (disposed <= due))
    settled = pd.concat([disposed, due], axis=1).min(axis=1)
    cut_short = disposed.isna() & (closed <= due)
    ending = due.where(~in_time & due.notna(), closed).mask(cut_short, closed)

    def of_month(at: "pd.Series[Any]", which: "pd.Series[Any] | None" = None) -> Mapping[int, int]:
        inside = (at >= month.begins) & (at < month.ends)
        chosen = cases[inside if which is None else inside & which]
        found = chosen["department_id"].dropna().astype("int64").value_counts()
        return dict(zip(found.index.tolist(), found.tolist(), strict=True))

    return {
        "reported": of_month(reported),
        "filed": of_month(filed, cases["state"] != "void"),
        "should_dispose": of_month(settled, counts & ~cut_short),
        "disposed_in_time": of_month(settled, counts & in_time),
        "closed_in_time": of_month(ending, counts & in_time & (cases["state"] == "closed")),
    }
