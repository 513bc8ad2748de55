"""Cases of another city, imported with the limits it gave them, are on time where it says so itself.

The moments and ``ontime`` of forty of Boston's 311 cases of January 2022 (Analyze Boston, open data):
the open ones, the late ones, those without a target, and of the others those that were nearest to their
target. With ``BOSTON_311`` naming a file of such cases, all of its rows are tried too.
"""

import csv
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.evaluation.figures import figures
from gis.evaluation.period import parse_period
from gis.exchange.rows import Options
from gis.exchange.run import run_import
from gis.people.models import Role
from tests import hand_made_city
from tests.import_files import lay_out, lonlat

COLUMNS = ("open_dt", "target_dt", "closed_dt", "ontime")
OTHERS = ("type", "department", "case_title", "location", "closure_reason")
# fmt: off
ROWS = (
    ("2022-01-21 13:47:00", "2022-02-04 13:47:30", "", "OVERDUE"),
    ("2022-01-31 11:46:00", "", "", "ONTIME"),
    ("2022-01-31 08:05:00", "", "", "ONTIME"),
    ("2022-01-20 13:03:00", "2022-05-20 13:03:21", "", "OVERDUE"),
    ("2022-01-01 01:56:00", "", "", "ONTIME"),
    ("2022-01-01 23:53:44", "2022-03-07 08:30:00", "", "OVERDUE"),
    ("2022-01-02 10:27:00", "2022-01-10 08:30:00", "", "OVERDUE"),
    ("2022-01-01 11:29:00", "2022-01-04 08:30:00", "", "OVERDUE"),
    ("2022-01-01 15:51:00", "2022-02-14 08:30:00", "", "OVERDUE"),
    ("2022-01-02 16:20:00", "2022-01-10 08:30:00", "", "OVERDUE"),
    ("2022-01-03 07:55:00", "2022-01-17 08:30:00", "", "OVERDUE"),
    ("2022-01-03 12:29:00", "2022-03-07 12:29:41", "", "OVERDUE"),
    ("2022-01-06 16:14:45", "2022-03-10 16:14:45", "", "OVERDUE"),
    ("2022-01-03 21:05:00", "2022-01-20 08:30:00", "", "OVERDUE"),
    ("2022-01-03 15:51:00", "2022-01-04 15:51:30", "", "OVERDUE"),
    ("2022-01-01 08:15:00", "2022-03-02 08:15:22", "2022-03-09 07:27:41", "OVERDUE"),
    ("2022-01-01 18:25:00", "2022-01-17 08:30:00", "2022-02-12 01:55:14", "OVERDUE"),
    ("2022-01-01 21:11:00", "2022-01-04 08:30:00", "2022-01-04 09:30:03", "OVERDUE"),
    ("2022-01-03 12:47:00", "2022-02-17 12:47:39", "2022-04-25 14:30:31", "OVERDUE"),
    ("2022-01-03 16:16:00", "2022-01-19 16:16:48", "2022-02-28 10:40:30", "OVERDUE"),
    ("2022-01-19 11:18:00", "", "2022-01-19 11:42:16", "ONTIME"),
    ("2022-01-01 08:33:00", "", "2022-01-04 14:19:18", "ONTIME"),
    ("2022-01-01 13:42:00", "", "2022-01-06 16:30:36", "ONTIME"),
    ("2022-01-03 11:36:21", "", "2022-01-04 16:31:31", "ONTIME"),
    ("2022-01-03 12:35:00", "", "2022-01-10 16:30:33", "ONTIME"),
    ("2022-01-03 16:06:33", "", "2022-01-04 08:15:58", "ONTIME"),
    ("2022-01-03 21:00:00", "", "2022-01-05 16:30:54", "ONTIME"),
    ("2022-01-04 07:17:19", "", "2022-01-04 07:46:36", "ONTIME"),
    ("2022-01-02 10:32:35", "2022-01-03 10:32:34", "2022-01-03 06:44:23", "ONTIME"),
    ("2022-01-02 11:58:12", "2022-01-03 11:58:12", "2022-01-03 06:43:39", "ONTIME"),
    ("2022-01-03 16:48:09", "2022-01-04 16:48:09", "2022-01-04 09:38:42", "ONTIME"),
    ("2022-01-03 22:39:00", "2022-01-04 22:39:39", "2022-01-04 06:47:15", "ONTIME"),
    ("2022-01-03 17:02:00", "2022-01-05 08:30:00", "2022-01-04 11:03:42", "ONTIME"),
    ("2022-01-03 16:20:22", "2022-01-04 16:20:22", "2022-01-03 18:35:34", "ONTIME"),
    ("2022-01-03 07:50:09", "2022-01-04 08:30:00", "2022-01-03 10:35:57", "ONTIME"),
    ("2022-01-03 06:35:39", "2022-01-04 08:30:00", "2022-01-03 10:30:50", "ONTIME"),
    ("2022-01-03 09:58:36", "2022-01-04 09:58:36", "2022-01-03 11:58:53", "ONTIME"),
    ("2022-01-03 12:19:00", "2022-01-04 12:19:43", "2022-01-03 14:05:26", "ONTIME"),
    ("2022-01-02 12:27:00", "2022-01-04 08:30:00", "2022-01-03 10:02:17", "ONTIME"),
    ("2022-01-04 06:15:33", "2022-01-05 08:30:00", "2022-01-04 10:00:57", "ONTIME"),
)
# fmt: on
SEEN = datetime(2022, 6, 1, tzinfo=UTC)  # the last target of an open case had passed
Facts = tuple[str, str, str, str]


def files() -> list[tuple[Facts, ...]]:
    name = os.environ.get("BOSTON_311")
    if not name:
        return [ROWS]
    with Path(name).open(encoding="utf-8", newline="") as file:
        whole = tuple(tuple(row[column] for column in COLUMNS) for row in csv.DictReader(file))
    return [ROWS, whole]  # type: ignore[list-item]


@pytest.mark.parametrize("rows", files(), ids=len)
def test_on_time_by_the_facts_is_on_time_by_their_own_column(
    session: Session, tmp_path: Path, rows: tuple[Facts, ...]
) -> None:
    lay_out(session)
    path = tmp_path / "cases.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["case_enquiry_id", *COLUMNS, *OTHERS, "longitude", "latitude"])
        for number, row in enumerate(rows):
            lines.writerow([number, *row, "Graffiti Removal", "PWDx", "", "", "", *lonlat(50, 50)])
    report = run_import(session, "cases", [path], Options())
    assert report.loaded == len(rows)
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))

    facts = session.execute(
        text(
            "SELECT CAST(c.external_id AS integer) AS number, f.disposed_in_time, f.is_disposed, f.settled_at"
            ' FROM case_fact AS f JOIN "case" AS c ON c.id = f.case_id'
        )
    )
    for fact in facts:
        # Without a target nothing is late, nor is what is open before its target.
        late = not fact.disposed_in_time and fact.settled_at is not None and fact.settled_at < SEEN
        assert ("OVERDUE" if late else "ONTIME") == rows[fact.number][3], rows[fact.number]

    reader = hand_made_city.person(session, "reader", role=Role.EVALUATOR)
    (city,) = figures(session, reader, "district", parse_period("2022"), now=SEEN)
    in_time = sum(row[3] == "ONTIME" and row[2] != "" for row in rows)
    late = sum(row[3] == "OVERDUE" for row in rows)
    figure = city.figures["on_time_disposal"]
    assert (figure.numerator, figure.denominator) == (in_time, in_time + late)
    assert city.figures["overdue_pending"].numerator == sum(
        row[3] == "OVERDUE" and not row[2] for row in rows
    )
