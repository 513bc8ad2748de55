"""The commands of gis: cluster, tables, people, doctor. One function a command; those of the calendar and of
routing stand apart.

Each imports what it needs when it runs, so that help and short commands answer at once.
"""

from typing import Annotated

import typer
from rich.console import Console

from gis.i18n import _

NAMES = {"cluster", "init-db", "stop", "doctor", "user", "calendar", "routing", "key", "export", "evaluate"}


def register(app: typer.Typer) -> None:
    """Add the commands to the command line; their help is in the language that is set by now."""
    from gis import calendar_commands, key_commands, routing_commands
    from gis.evaluation import commands as evaluation_commands
    from gis.platform import commands as export_commands

    cluster = typer.Typer(help=_("The private database of this installation"), no_args_is_help=True)
    cluster.command("start", help=_("Start it; make it first where there is none"))(cluster_start)
    cluster.command("stop", help=_("Stop it; its data stays"))(cluster_stop)
    cluster.command("status", help=_("Say whether it runs and where it lies"))(cluster_status)
    cluster.command("destroy", help=_("Stop it and delete all its data"))(cluster_destroy)
    app.add_typer(cluster, name="cluster")
    app.command("init-db", help=_("Make or upgrade the tables of the database"))(init_db)
    app.command("stop", help=_("Stop the service and the private database; all data stays"))(stop)
    app.command("doctor", help=_("Say what is there and what is missing"))(doctor)
    user = typer.Typer(help=_("People who may sign in"), no_args_is_help=True)
    user.command("add", help=_("Add a person; the password is asked for"))(user_add)
    app.add_typer(user, name="user")
    app.add_typer(calendar_commands.commands(), name="calendar")
    app.add_typer(key_commands.commands(), name="key")
    app.add_typer(export_commands.commands(), name="export")
    app.add_typer(routing_commands.commands(), name="routing")
    evaluation_commands.register(app)


def say(line: str) -> None:
    """One line for the person at the terminal."""
    Console(soft_wrap=True).print(line, highlight=False, markup=False)


def cluster_start() -> None:
    from gis.cluster import private_cluster

    cluster = private_cluster()
    cluster.say = say
    if not cluster.status().made:
        say(_("Making the database …"))
    status = cluster.start()
    say(_("The database runs on 127.0.0.1:{port} in {place}").format(port=status.port, place=status.place))


def cluster_stop() -> None:
    from gis.cluster import private_cluster

    say(_("The database is stopped") if private_cluster().stop() else _("The database did not run"))


def cluster_status() -> None:
    """Exit code 0 when it runs, 3 when not, as systemctl does."""
    from gis.cluster import private_cluster

    status = private_cluster().status()
    if not status.made:
        say(_("There is no private database yet; run: citygrid cluster start"))
        raise typer.Exit(3)
    if not status.running:
        say(_("The database is stopped; it lies in {place}").format(place=status.place))
        raise typer.Exit(3)
    say(_("The database runs on 127.0.0.1:{port} in {place}").format(port=status.port, place=status.place))


def cluster_destroy(
    yes: Annotated[bool, typer.Option("--yes", help="delete without asking / 不再询问")] = False,
) -> None:
    from gis.cluster import private_cluster

    cluster = private_cluster()
    if cluster.status().place is None:
        say(_("There is no private database"))
        return
    if not yes:
        question = _("Delete all data of the city in {place}?").format(place=cluster.status().place)
        typer.confirm(question, abort=True)
    cluster.destroy()
    say(_("The database is deleted"))


def init_db() -> None:
    from gis.schema import upgrade

    with Console(soft_wrap=True).status(_("Tables")) as status:
        upgrade(status.update)
    say(_("The database is up to date"))


def stop() -> None:
    from gis.cluster import private_cluster
    from gis.service_process import stop_service

    cluster = private_cluster()
    say(_("The service is stopped") if stop_service(cluster.home) else _("The service did not run"))
    if cluster.status().made:
        cluster_stop()


def doctor(
    before_start: Annotated[
        bool, typer.Option("--before-start", help="first error only, in silence when fine / 仅报告首个错误")
    ] = False,
) -> None:
    """Exit code 1 when something is missing that the service needs."""
    from gis.doctor import examine, is_fit, require_startable, table

    if before_start:
        require_startable()
        return
    findings = examine()
    Console().print(table(findings))
    if not is_fit(findings):
        raise typer.Exit(1)


def user_add(
    login: Annotated[str, typer.Argument(help="name to sign in with / 登录名")],
    name: Annotated[str, typer.Option(help="name shown to others / 显示姓名")],
    role: Annotated[str, typer.Option(help="inspector, acceptor, dispatcher … / 角色")],
    department: Annotated[str | None, typer.Option(help="department code / 部门代码")] = None,
    area: Annotated[str | None, typer.Option(help="area code / 区域代码")] = None,
    password: Annotated[
        str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True, envvar="CITYGRID_PASSWORD")
    ] = "",
) -> None:
    from gis.database import transaction
    from gis.people.service import add_person

    with transaction() as session:
        add_person(session, login, name, password, role, department_code=department, area_code=area)
    say(_("{login} may now sign in").format(login=login))
