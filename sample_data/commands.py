"""``citygrid load-sample``: the sample city, on the command line."""

from datetime import date, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from gis.case.calendar import last_known_national_year
from gis.errors import InvalidInput
from gis.i18n import N_, _
from gis.settings import get_settings
from sample_data.city import UNTIL

TABLES = {
    "city": N_("City"),
    "area": N_("Streets and communities"),
    "duty_grid": N_("Duty grids"),
    "unit_grid": N_("Unit grids"),
    "road": N_("Roads"),
    "building": N_("Buildings"),
    "department": N_("Departments"),
    "responsibility": N_("Responsibilities"),
    "person": N_("People"),
    "person_area": N_("Areas of people"),
    "person_duty_grid": N_("Patrols"),
    "pipe_point": N_("Pipe points"),
    "pipe_segment": N_("Pipe segments"),
    "component": N_("Components"),
    "case": N_("Cases"),
    "case_step": N_("Steps of cases"),
    "case_interval": N_("Intervals of clocks"),
    "case_request": N_("Requests"),
    "case_task": N_("Tasks on site"),
    "case_counter": N_("Case numbers"),
}


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("load-sample", help=_("Load the sample city"))(load_sample)


def load_sample(
    size: Annotated[str, typer.Option(help="small, city, large / 规模")] = "city",
    seed: Annotated[int, typer.Option(help="same seed, same city / 随机种子", min=0)] = 1,
    until: Annotated[
        str, typer.Option(help="day the cases end, YYYY-MM-DD or today / 案件截止日期")
    ] = UNTIL.isoformat(),
    if_empty: Annotated[
        bool, typer.Option("--if-empty", help="do nothing where there is a city / 已有城市则跳过")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="delete the city that is there / 替换现有城市")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="delete without asking / 不再询问")] = False,
) -> None:
    from gis.database import engine
    from gis.schema import upgrade
    from sample_data.load import has_city, load, remove_city
    from sample_data.sizes import find_size

    console = Console(soft_wrap=True)
    find_size(size)
    last_day = read_day(until)
    upgrade()
    with engine().begin() as connection:
        there = has_city(connection)
        if there and if_empty:
            return
        if there and replace:
            if not yes:
                # It names the database: a wrong CITYGRID_DATABASE_URL is found here or never.
                url = connection.engine.url
                place = f"{url.host}:{url.port}/{url.database}"
                question = _("Delete the city in {place} with all its cases and history?")
                typer.confirm(question.format(place=place), abort=True)
            remove_city(connection)
        with _progress(console) as progress:
            bars: dict[str, TaskID] = {}

            def say(name: str, rows: int) -> None:
                if name not in bars:
                    bars[name] = progress.add_task(_(TABLES.get(name, name)), total=None)
                progress.update(bars[name], completed=rows)

            done = load(connection, size, seed, say, last_day)
            for name, bar in bars.items():
                progress.update(bar, total=max(1, done.rows[name]))
    total = sum(done.rows.values())
    console.print(_("The sample city is loaded: {rows} rows").format(rows=f"{total:,}"), highlight=False)


def read_day(text: str) -> date:
    """The day the cases end. ``today`` is never later than the working calendar that is known."""
    if text == "today":
        today = datetime.now(get_settings().zone).date()
        return min(today, date(last_known_national_year(), 12, 31))
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(
            _("{text} is no day; write it as 2026-11-20, or today").format(text=text)
        ) from error


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        TextColumn("{task.completed:>12,.0f}"),
        TimeElapsedColumn(),
        console=console,
    )
