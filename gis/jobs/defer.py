"""Leaving work for later, within the caller's transaction: what is rolled back leaves no job behind."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.jobs.tables import SCHEMA

WAKE_CASE = "wake_case"
SEND_MAIL = "send_mail"
SEND_WEBHOOK = "send_webhook"
WORK_IMPORT = "work_import"
CHECK_NETWORK = "check_network"
CLOSE_PERIOD = "close_period"
MAKE_REPORT = "make_report"
URGENT, USUAL = 10, 0  # what a person waits for goes before what a machine does


@dataclass(frozen=True)
class Job:
    """A task of :mod:`gis.jobs.tasks` and what it is called with; nothing secret, it is stored and logged."""

    task: str
    args: dict[str, Any]


_DEFER = text(
    f"SELECT {SCHEMA}.procrastinate_defer_jobs_v1(array_agg("
    f" ROW('default', task, {USUAL}, NULL, NULL, args, NULL)::{SCHEMA}.procrastinate_job_to_defer_v1))"
    " FROM unnest(CAST(:tasks AS text[]), CAST(:args AS jsonb[])) AS job (task, args)"
)
_DEFER_UNTIL = text(
    f"INSERT INTO {SCHEMA}.procrastinate_jobs (queue_name, task_name, priority, args, scheduled_at)"
    f" VALUES ('default', :task, {USUAL}, CAST(:args AS jsonb), :at)"
)
# One alarm waits for a case at most: its name is the lock that procrastinate keeps unique among waiting jobs.
# procrastinate would refuse a second one; here the one that waits gets the new moment.
_SET_ALARMS = text(
    'WITH woken (id, at) AS (UPDATE "case" AS c SET alarm_at = alarm.at'
    " FROM unnest(CAST(:ids AS bigint[]), CAST(:moments AS timestamptz[])) AS alarm (id, at)"
    " WHERE c.id = alarm.id RETURNING c.id, alarm.at)"
    f" INSERT INTO {SCHEMA}.procrastinate_jobs"
    " (queue_name, task_name, priority, queueing_lock, args, scheduled_at)"
    f" SELECT 'default', '{WAKE_CASE}', {URGENT}, 'case/' || id, jsonb_build_object('case_id', id), at"
    " FROM woken WHERE at < :never"
    " ON CONFLICT (queueing_lock) WHERE status = 'todo' DO UPDATE SET scheduled_at = excluded.scheduled_at"
)


def defer(session: Session, jobs: Iterable[Job]) -> None:
    """Have jobs done as soon as the caller's transaction is committed; one statement for all of them."""
    waiting = list(jobs)
    if not waiting:
        return
    values = {"tasks": [job.task for job in waiting], "args": [json.dumps(job.args) for job in waiting]}
    session.execute(_DEFER, values)


def defer_until(session: Session, job: Job, at: datetime) -> None:
    """Have a job done at a moment, when the caller's transaction is committed."""
    session.execute(_DEFER_UNTIL, {"task": job.task, "args": json.dumps(job.args), "at": at})


def set_alarms(session: Session, ids: Sequence[int], moments: Sequence[datetime], never: datetime) -> None:
    """Write cases' ``alarm_at`` and have them woken then; from ``never`` on no job is needed."""
    session.execute(_SET_ALARMS, {"ids": list(ids), "moments": list(moments), "never": never})
