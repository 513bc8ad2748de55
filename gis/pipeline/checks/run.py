"""One run of the checks: over the rows of an import, or over the network in force."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import CursorResult, TextClause, delete, text
from sqlalchemy.orm import Session

from gis.errors import NotFound
from gis.i18n import _
from gis.pipeline.checks.check import UNCLEAN, Check
from gis.pipeline.checks.relations import CHECKS_SQL, PREPARING, Scope, import_relations, network_relations
from gis.pipeline.checks.rows_levels import FALL_ERROR_M
from gis.pipeline.checks.rows_storing import END_NOT_CLEAN
from gis.pipeline.checks.table import checks_of
from gis.survey.models import CheckRun, SurveyImport

Progress = Callable[[str, int, int], None]  # the check at work, checks done, checks in all
ADDS = "add"  # options.mode of an import that brings only what is new

_STORE = """
INSERT INTO pipe_finding (run_id, code, severity, subject, number, class_code, file, sheet, row_no, row_id,
                          value, limit_value, detail, geom)
SELECT :run_id, :code, :severity, :subject, coalesce(r.number, ''), left(r.class_code, 2), r.file, r.sheet,
       r.row_no, r.row_id, f.value, f.limit_value, coalesce(f.detail, '{{}}'), f.geom
FROM (
{question}
) AS f JOIN checked_{subject} AS r USING (row_id)
WHERE r.is_subject
ORDER BY r.row_id
"""


def silent(_step: str, _done: int, _total: int) -> None:
    """Progress that nobody asks for."""


def check_import(session: Session, import_id: int, progress: Progress = silent) -> CheckRun:
    """Check the staged rows of an import; ``is_clean`` of its rows and the run's counts say the outcome.

    A run before this one over the same import is put away with its findings. All in the caller's transaction.

    Raises
    ------
    NotFound
        There is no such import.
    """
    survey_import = session.get(SurveyImport, import_id)
    if survey_import is None:
        raise NotFound(_("There is no import {id}").format(id=import_id))
    session.execute(delete(CheckRun).where(CheckRun.import_id == import_id))
    run = CheckRun(import_id=import_id, scope={}, created_by=survey_import.created_by)
    session.add(run)
    session.flush()
    run_checks(session, run, progress)
    _tell_clean(session, run)
    return run


def run_checks(session: Session, run: CheckRun, progress: Progress = silent) -> dict[str, int]:
    """Ask every check and store what it finds, in the caller's transaction; returns findings by check code.

    The relations are temporary tables: whatever the size of the network, this process holds only the ends of
    its lines.
    """
    session.execute(text("SET LOCAL work_mem = '64MB'"))
    checks = checks_of(only_network=run.import_id is None)
    progress(PREPARING, 0, len(checks))
    if run.import_id is None:
        network_relations(session, scope_of(run))
    else:
        survey_import = session.get_one(SurveyImport, run.import_id)
        adds = survey_import.options.get("mode") == ADDS
        keeps = adds or not survey_import.options.get("replace")
        import_relations(session, run.import_id, survey_import.survey, adds=adds, keeps=keeps)
    counts = {}
    for done, check in enumerate(checks):
        progress(check.code, done, len(checks))
        if found := _ask(session, run, check):
            counts[check.code] = found
    progress("", len(checks), len(checks))
    session.refresh(run)  # what progress wrote meanwhile is not ours to leave
    run.counts, run.state, run.step = counts, "done", ""
    run.done = run.total = len(checks)
    run.ended_at = datetime.now(UTC)
    session.flush()
    return counts


def scope_of(run: CheckRun) -> Scope:
    """What part of the network a run looks at."""
    box = run.scope.get("box")
    return Scope(run.scope.get("class_code"), (box[0], box[1], box[2], box[3]) if box else None)


def _ask(session: Session, run: CheckRun, check: Check) -> int:
    values: dict[str, Any] = {
        "run_id": run.id,
        "import_id": run.import_id,
        "code": check.code,
        "severity": check.severity,
        "subject": check.subject,
        "limit": check.limit.value if check.limit else None,
        "fall_error_m": FALL_ERROR_M,
    }
    statement = _question(check.code, check.subject)
    return cast("CursorResult[None]", session.execute(statement, values)).rowcount


@lru_cache
def _question(code: str, subject: str) -> TextClause:
    question = (CHECKS_SQL / f"{code}.sql").read_text("utf-8")
    return text(_STORE.replace("{{}}", "{}").replace("{subject}", subject).replace("{question}", question))


def _tell_clean(session: Session, run: CheckRun) -> None:
    """Write into the staged rows which of them are clean: no fatal finding, no error, and clean ends."""
    for table, subject in (("survey_staged_point", "point"), ("survey_staged_line", "line")):
        session.execute(
            text(
                f"UPDATE {table} AS staged SET is_clean = NOT is_clean WHERE import_id = :import_id"
                " AND is_clean = EXISTS (SELECT FROM pipe_finding AS f WHERE f.run_id = :run_id"
                " AND f.subject = :subject AND f.row_id = staged.id"
                " AND (f.severity = ANY(:unclean) OR f.code = :end_not_clean))"
            ),
            {
                "import_id": run.import_id,
                "run_id": run.id,
                "subject": subject,
                "unclean": [str(severity) for severity in UNCLEAN],
                "end_not_clean": END_NOT_CLEAN.code,
            },
        )
