"""``citygrid load-sample``: the sample city, on the command line."""

from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from gis.i18n import N_, _

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
    "case_counter": N_("Case numbers"),
}


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("load-sample", help=_("Load the sample city"))(load_sample)


def load_sample(
    size: Annotated[str, typer.Option(help="small, city, large / 规模")] = "city",
    seed: Annotated[int, typer.Option(help="same seed, same city / 随机种子", min=0)] = 1,
    until: Annotated[
        datetime, typer.Option(formats=["%Y-%m-%d"], help="day the cases end / 案件截止日期")
    ] = datetime(2026, 11, 20),  # noqa: DTZ001 - a day without a clock
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

            done = load(connection, size, seed, say, until.date())
            for name, bar in bars.items():
                progress.update(bar, total=max(1, done.rows[name]))
    total = sum(done.rows.values())
    console.print(_("The sample city is loaded: {rows} rows").format(rows=f"{total:,}"), highlight=False)


def _progress(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=20),
        TextColumn("{task.completed:>12,.0f}"),
        TimeElapsedColumn(),
        console=console,
    )
