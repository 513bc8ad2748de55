"""The command line ``citygrid``: the commands of gis, and those the upper floors bring by entry point."""

import errno
import os
import sys
from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape
from sqlalchemy.exc import OperationalError

from gis.errors import CityGridError, SetupError
from gis.i18n import LOCALES, _, set_locale

GROUP = "citygrid.commands"
EXIT_WRONG = 2


def main() -> None:
    """Run the command line; what is wrong is one clear line on stderr and exit code 2."""
    set_locale(terminal_locale(os.environ))
    try:
        build(sys.argv[1:])()
    except CityGridError as error:
        refuse(str(error))
    except ValidationError as error:
        refuse(setting_fault(error))
    except OperationalError as error:
        reason = (str(error.orig).strip().splitlines() or [""])[0]
        refuse(_("The database does not answer, or refuses: {reason}").format(reason=reason))
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EACCES, errno.EROFS}:
            raise
        refuse(f"{error.strerror}: {error.filename or ''}")


def refuse(reason: str) -> None:
    """Say what is wrong in one line and leave."""
    Console(stderr=True, soft_wrap=True).print(f"[bold red]citygrid:[/] {escape(reason)}", highlight=False)
    raise SystemExit(EXIT_WRONG)


def terminal_locale(environment: Mapping[str, str]) -> str:
    """The language of the terminal: Chinese where it asks for Chinese, else English.

    ``CITYGRID_LOCALE`` wins; then the order of gettext: LANGUAGE, LC_ALL, LC_MESSAGES, LANG.
    """
    wished = environment.get("CITYGRID_LOCALE", "")
    if wished in LOCALES:
        return wished
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name):
            return "zh_CN" if value.lower().startswith("zh") else "en"
    return "en"


def setting_fault(error: ValidationError) -> str:
    """Which ``CITYGRID_*`` cannot be, from what pydantic says; the first one."""
    fault = error.errors()[0]
    name = "_".join(["CITYGRID", *map(str, fault["loc"])]).upper()
    return _("{name}={value} cannot be: {reason}").format(
        name=name, value=fault["input"], reason=fault["msg"]
    )


def build(words: list[str] | None = None) -> typer.Typer:
    """The command line; upper floors are left out where the first word is a command of gis.

    They bring the web framework with them, and a short command shall answer at once.
    """
    from gis import commands

    app = typer.Typer(
        name="citygrid",
        help=_("Grids, cases and the pipelines under the street: one service for a city"),
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    app.callback()(lambda: None)  # a command stays a command, however few there are
    commands.register(app)
    if not words or words[0] not in commands.NAMES:
        for entry in entry_points(group=GROUP):
            add_entry(app, entry)
    return app


def add_entry(app: typer.Typer, entry: EntryPoint) -> None:
    """Let an upper floor bring its commands; one that is not there says so when its command is called."""
    try:
        entry.load()(app)
    except ImportError as error:
        reason = str(error)

        def missing() -> None:
            raise SetupError(
                _("The command {name} is not installed ({reason}); run make setup").format(
                    name=entry.name, reason=reason
                )
            )

        taking_all = {"allow_extra_args": True, "ignore_unknown_options": True}
        app.command(entry.name, help=_("(not installed)"), context_settings=taking_all)(missing)
