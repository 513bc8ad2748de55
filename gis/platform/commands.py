"""``citygrid export cases``: cases as files for the upper platform."""

from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from gis.i18n import _

Platform = Annotated[bool, typer.Option("--platform", help="names of the platform / 平台字段")]
From = Annotated[str | None, typer.Option("--from", help="reported on or after, YYYY-MM-DD / 起")]
To = Annotated[str | None, typer.Option("--to", help="reported before, YYYY-MM-DD / 止")]
Form = Annotated[str, typer.Option("--format", help="json, csv, xlsx, xml / 格式")]
Out = Annotated[Path | None, typer.Option("--out", help="file / 文件")]


def commands() -> typer.Typer:
    """The group ``export``."""
    group = typer.Typer(help=_("Write what the city knows into files"), no_args_is_help=True)
    group.command("cases", help=_("Cases under the field names of the upper platform"))(export_cases)
    return group


def export_cases(
    platform: Platform = True,
    begin: From = None,
    until: To = None,
    form: Form = "json",
    out: Out = None,
) -> None:
    from gis.errors import InvalidInput
    from gis.platform.feed import Question, pages, snapshot
    from gis.platform.writing import WRITERS

    if form not in WRITERS:
        raise InvalidInput(
            _("There is no format {name}; known: {known}").format(name=form, known=", ".join(WRITERS))
        )
    path = out or Path(f"cases.{form}")
    with snapshot() as session:
        count = WRITERS[form](path, pages(session, Question(_day(begin), _day(until))))
    Console(soft_wrap=True).print(
        _("{count} cases in {path}").format(count=count, path=path), highlight=False, markup=False
    )


def _day(text: str | None) -> datetime | None:
    """The beginning of a day by the city's clocks."""
    from gis.errors import InvalidInput
    from gis.settings import get_settings

    if text is None:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time.min, get_settings().zone)
    except ValueError:
        raise InvalidInput(_("{text} is no day; write it as 2026-11-23").format(text=text)) from None
