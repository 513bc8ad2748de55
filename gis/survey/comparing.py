"""What accepting an import would do: each waiting row against the network as it lives."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from gis.pipeline.models import PipePoint, PipeSegment
from gis.survey.models import StagedLine, StagedPoint, SurveyImport
from gis.survey.statements import run

Staged = type[StagedPoint] | type[StagedLine]
CHANGES = ("new", "changed", "same", "refused")


@dataclass(frozen=True)
class Affected:
    """Living rows that no row of the import is about, by id, and since when their state holds."""

    points: dict[int, date]
    lines: dict[int, date]


def compare(session: Session, import_: SurveyImport) -> dict[str, Any]:
    """Write ``change`` and ``living_id`` of every waiting row; returns the counts that go with them.

    ``{"new", "changed", "same", "refused", "gone", "moved", "points": {…}, "lines": {…}}``, and
    ``not_before``: the last day on which something began to hold that the import would replace.
    """
    values: dict[str, Any] = {"import_id": import_.id, "survey": import_.survey}
    adds = import_.options.get("mode") == "add"
    run(session, "compare_points", adds=adds, **values)
    session.execute(text("DROP TABLE IF EXISTS survey_end"))
    run(session, "ends", **values)
    session.execute(text("ANALYZE survey_end"))
    run(session, "compare_lines", adds=adds, **values)
    run(session, "compare_doubles", import_id=import_.id)
    gone, moved = gone_rows(session, import_), moved_lines(session, import_)
    points, lines = _changes(session, StagedPoint, import_.id), _changes(session, StagedLine, import_.id)
    points["gone"], lines["gone"] = len(gone.points), len(gone.lines)
    both: dict[str, Any] = {name: points[name] + lines[name] for name in points}
    days = [*_changed_since(session, import_.id), *moved.values()]
    if replaces(import_):
        lines_gone = gone.lines.keys()
        moved = {id_: day for id_, day in moved.items() if id_ not in lines_gone}
        days += [*gone.points.values(), *gone.lines.values()]
    both["moved"] = lines["moved"] = len(moved)
    both["not_before"] = max(days).isoformat() if days else None
    return both | {"points": points, "lines": lines}


def replaces(import_: SurveyImport) -> bool:
    """Whether the whole area was surveyed again, so that what is not in the files has gone."""
    return bool(import_.options.get("replace")) and import_.options.get("mode") != "add"


def gone_rows(session: Session, import_: SurveyImport) -> Affected:
    """Living points and segments of the survey that are not in the files.

    Points as if every row that is not refused were taken; a line that is left out keeps its ends.
    """
    found = Affected({}, {})
    for row in run(session, "gone", import_id=import_.id, survey=import_.survey):
        (found.points if row.subject == "point" else found.lines)[row.id] = row.valid_from
    return found


def moved_lines(session: Session, import_: SurveyImport) -> dict[int, date]:
    """Segments that a moved point would take along, and since when their state holds."""
    return {row.id: row.valid_from for row in run(session, "moved", import_id=import_.id)}


def _changes(session: Session, staged: Staged, import_id: int) -> dict[str, int]:
    counted = session.execute(
        select(staged.change, func.count()).where(staged.import_id == import_id).group_by(staged.change)
    )
    return dict.fromkeys(CHANGES, 0) | {change: count for change, count in counted if change}


def _changed_since(session: Session, import_id: int) -> list[date]:
    pairs: tuple[tuple[Staged, type[PipePoint] | type[PipeSegment]], ...]
    pairs = ((StagedPoint, PipePoint), (StagedLine, PipeSegment))
    days: list[date | None] = []
    for staged, living in pairs:
        statement = (
            select(func.max(living.valid_from))
            .join(staged, staged.living_id == living.id)
            .where(staged.import_id == import_id, staged.change == "changed")
        )
        days.append(session.scalar(statement))
    return [day for day in days if day]
