"""``citygrid work``: the jobs by themselves, on this machine or on another beside the same database."""

from typing import Annotated

import typer

from gis.i18n import _
from gis.jobs.beside import WITH_PARENT


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("work", help=_("Do the jobs that wait in the database"))(work)


def work(with_parent: Annotated[bool, typer.Option(WITH_PARENT, hidden=True)] = False) -> None:
    """Do jobs until stopped (SIGTERM, Ctrl-C): alarms of cases, e-mail, webhooks, tidying."""
    from gis import logs, schema
    from gis.database import check_server, transaction
    from gis.errors import SetupError
    from gis.jobs.worker import work_until_signal
    from gis.notice.channels import require_channels
    from gis.webhook.waking import adopt_settings

    logs.configure()
    check_server()
    if not schema.is_current():
        raise SetupError(_("The database lacks this release's tables; run citygrid init-db"))
    require_channels()
    with transaction() as session:
        adopt_settings(session)
    work_until_signal(with_parent)
