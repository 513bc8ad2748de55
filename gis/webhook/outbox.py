"""Writing down what there is to tell, in the transaction of what happened: what is committed will be told.

From the first webhook on events are kept, whoever wants them, so that a span of them can be replayed. While
there is none nothing is written.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.case.models import Case
from gis.crs import DOOR_SRID
from gis.jobs.defer import SEND_WEBHOOK, Job, defer

# Whether a webhook (w) wants an event (e). A type is asked for by its own name, by its family, or by "*"; a
# list that is empty asks for all; an event that is of no place is none of the other lists' business.
WANTS = """
    w.types && ARRAY['*', split_part(e.type, '.', 1) || '.*', e.type]::varchar[]
    AND (w.areas = '{}' OR e.areas IS NULL OR w.areas && e.areas)
    AND (w.classes = '{}' OR e.classes IS NULL OR w.classes && e.classes)
    AND (w.departments = '{}' OR e.departments IS NULL OR w.departments && e.departments)
"""
# With the events of a statement as "e": a delivery for each webhook that wants them.
_DELIVER = f"""
delivery AS (
    INSERT INTO webhook_delivery (webhook_id, event_id, subject, next_at)
    SELECT w.id, e.id, e.subject, now() FROM e JOIN webhook AS w ON w.active AND {WANTS}
    ORDER BY e.id
    RETURNING webhook_id
)
SELECT DISTINCT webhook_id FROM delivery
"""
# Facts of the case, no person and no words of theirs; its areas upwards, its class by all its prefixes.
_CASE = text(f"""
WITH RECURSIVE told AS (
    SELECT c.*, ST_Transform(c.location, {DOOR_SRID}) AS place FROM "case" AS c
    WHERE c.id = :case_id AND EXISTS (SELECT FROM webhook)
), around AS (
    SELECT a.code, a.parent_id FROM told JOIN area AS a ON a.id = told.community_id
    UNION ALL SELECT a.code, a.parent_id FROM around JOIN area AS a ON a.id = around.parent_id
), e AS (
    INSERT INTO webhook_event (type, subject, at, data, areas, classes, departments)
    SELECT CAST(:type AS text), case_no, :at,
        jsonb_build_object('case', jsonb_build_object(
            'case_no', case_no, 'kind', kind, 'class_code', class_code, 'source', source,
            'state', CAST(:state AS text), 'version', CAST(:version AS int),
            'lon', round(ST_X(place)::numeric, 7), 'lat', round(ST_Y(place)::numeric, 7))),
        ARRAY(SELECT code FROM around),
        ARRAY[kind, kind || '/' || left(class_code, 2), kind || '/' || class_code],
        ARRAY(SELECT code FROM department WHERE id = told.department_id)
    FROM told RETURNING id, type, subject, areas, classes, departments
), {_DELIVER}
""")
_DATASETS = text(f"""
WITH counted AS (DELETE FROM dataset_change RETURNING dataset, changes, at),
e AS (
    INSERT INTO webhook_event (type, subject, at, data)
    SELECT 'dataset.changed', dataset, max(at),
        jsonb_build_object('dataset', jsonb_build_object(
            'name', dataset, 'changes', sum(changes),
            'since', to_char(min(at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"'),
            'until', to_char(max(at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"')))
    FROM counted GROUP BY dataset ORDER BY dataset
    RETURNING id, type, subject, areas, classes, departments
), {_DELIVER}
""")


def add_case_event(session: Session, case: Case, action: str, at: datetime) -> None:
    """Write down that something happened to a case, as it stands after that."""
    _add(session, _CASE, {
        "case_id": case.id, "type": f"case.{action}", "at": at,
        "state": str(case.state), "version": case.version,
    })  # fmt: skip


def gather_dataset_changes(session: Session) -> None:
    """Make one event for each dataset that was changed since the last time: done once a minute."""
    _add(session, _DATASETS, {})


def _add(session: Session, statement: Any, values: dict[str, Any]) -> None:
    ids = session.scalars(statement, values).all()
    # A job for each, not one that all share: writers would wait for each other at its row, and one that the
    # worker has begun may have looked before this is committed.
    defer(session, [Job(SEND_WEBHOOK, {"webhook_id": id_}) for id_ in ids])
