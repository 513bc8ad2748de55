"""Every job by name: what a worker does, how often it tries again, and what it does by the clock."""

from collections.abc import Callable

import procrastinate
from procrastinate import PsycopgConnector, RetryStrategy
from sqlalchemy.orm import Session

from gis.case.alarms import set_missing_alarms
from gis.case.recompute import recompute_when_stale
from gis.case.uploads import sweep_uploads
from gis.database import transaction
from gis.evaluation.closing import work_closing
from gis.evaluation.report.schedule import make_due_report
from gis.evaluation.report.working import work_report
from gis.evaluation.totals import put_together
from gis.jobs import defer, waking
from gis.jobs.sweeping import (
    sweep_checks,
    sweep_deliveries,
    sweep_events,
    sweep_notices,
    sweep_webhook_events,
)
from gis.notice.mail import send_notice
from gis.patrol.service import sweep_points
from gis.pipeline.checks.service import work_run
from gis.platform.push import push_cases
from gis.survey.ending import sweep_imports
from gis.survey.job import work_import as work_on
from gis.tile.settling import settle_some
from gis.webhook.outbox import gather_dataset_changes
from gis.webhook.sending import send_waiting
from gis.webhook.waking import wake_webhooks

# 3, 9, 27 … seconds: a database that is away for a moment must not lose an alarm.
SOON = RetryStrategy(max_attempts=10, exponential_wait=3)
# 5, 25, 125 … seconds, the last after 22 hours: who is away over night is told in the morning.
PATIENT = RetryStrategy(max_attempts=7, exponential_wait=5)

# Connected by the worker only: jobs are left by gis.jobs.defer, within the transactions of the service.
app = procrastinate.App(connector=PsycopgConnector())


@app.task(name=defer.WAKE_CASE, retry=SOON)
def wake_case(case_id: int) -> None:
    """The alarm of a case."""
    with transaction() as session:
        waking.wake_case(session, case_id)


@app.task(name=defer.SEND_MAIL, retry=PATIENT)
def send_mail(notice_id: int) -> None:
    """One notice to its person by e-mail."""
    send_notice(notice_id)


@app.task(name=defer.SEND_WEBHOOK, retry=SOON)
def send_webhook(webhook_id: int) -> None:
    """What waits for a webhook; when a receiver is tried again stands with the delivery, not here."""
    send_waiting(webhook_id)


@app.task(name=defer.WORK_IMPORT, retry=SOON)
def work_import(import_id: int) -> None:
    """What an import of survey data waits for: reading and checks, taking over, taking back."""
    work_on(import_id)


@app.task(name=defer.CHECK_NETWORK, retry=SOON)
def check_network(run_id: int) -> None:
    """A run of the checks over the network in force."""
    work_run(run_id)


@app.task(name=defer.CLOSE_PERIOD, retry=SOON)
def close_period(run_id: int) -> None:
    """A period of evaluation that is closed, or closed once more."""
    work_closing(run_id)


@app.task(name=defer.MAKE_REPORT, retry=SOON)
def make_report(report_id: int) -> None:
    """An analysis report and its files."""
    work_report(report_id)


@app.periodic(cron="7 * * * *")
@app.task(name="make_due_report", queueing_lock="make_due_report")
def make_scheduled_report(timestamp: int) -> None:
    """Last month's analysis report, where the city has set a day for it."""
    make_due_report()


@app.periodic(cron="* * * * *")
@app.task(name="set_missing_alarms", queueing_lock="set_missing_alarms")
def give_alarms(timestamp: int) -> None:
    """Alarms for open cases that came by a bulk load."""
    _all_of(set_missing_alarms)


@app.periodic(cron="* * * * *")
@app.task(name="recompute_deadlines", queueing_lock="recompute_deadlines")
def recompute_deadlines(timestamp: int) -> None:
    """Deadlines of open cases after a change of the calendar, where that was left to a run of its own."""
    recompute_when_stale()


@app.periodic(cron="* * * * *")
@app.task(name="tell_of_datasets", queueing_lock="tell_of_datasets")
def tell_of_datasets(timestamp: int) -> None:
    """Events of the datasets that were changed in the last minute, and what no job was left for."""
    with transaction() as session:
        gather_dataset_changes(session)
        wake_webhooks(session)


@app.periodic(cron="* * * * *")
@app.task(name="settle_tiles", queueing_lock="settle_tiles")
def settle_tiles(timestamp: int) -> None:
    """Overviews of the map where something has changed."""
    _all_of(settle_some)


@app.periodic(cron="*/5 * * * *")
@app.task(name="put_totals_together", queueing_lock="put_totals_together")
def put_totals_together(timestamp: int) -> None:
    """Totals of counts: one row where changes of cases have left many."""
    _all_of(put_together)


@app.periodic(cron="* * * * *")
@app.task(name="push_cases", queueing_lock="push_cases")
def hand_to_platform(timestamp: int) -> None:
    """New and changed cases to the upper platform, where the city has set one."""
    push_cases()


@app.periodic(cron="17 * * * *")
@app.task(name="sweep", queueing_lock="sweep")
def sweep(timestamp: int) -> None:
    """Take away what is kept for a time only."""
    for sweeper in (
        sweep_events,
        sweep_notices,
        sweep_uploads,
        sweep_points,
        sweep_imports,
        sweep_checks,
        sweep_deliveries,
        sweep_webhook_events,
    ):
        _all_of(sweeper)


def _all_of(do_some: Callable[[Session], int]) -> None:
    """Do something in batches, each a transaction, until nothing is left of it."""
    done = 1
    while done:
        with transaction() as session:
            done = do_some(session)
