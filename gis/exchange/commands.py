"""The commands ``citygrid init-city`` and ``citygrid import``. What they need is imported when they run."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from gis.i18n import _

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sqlalchemy.orm import Session

    from gis.exchange.findings import Report

EXIT_NOTHING_LOADED = 1
Files = Annotated[list[Path], typer.Argument(help="files / 文件", show_default=False)]
Mapping = Annotated[list[str], typer.Option("--map", help="column=field / 列名=字段")]
Profile = Annotated[str | None, typer.Option(help="known source, e.g. boston311 / 已知来源")]
Crs = Annotated[str | None, typer.Option(help="EPSG:… the file is in / 文件坐标系")]
Layer = Annotated[str | None, typer.Option(help="layer of a GeoPackage / 图层")]
ReportPath = Annotated[Path | None, typer.Option("--report", help="findings as CSV / 检查结果 CSV")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="check only / 只检查，不入库")]
Survey = Annotated[str | None, typer.Option(help="survey area, else the first file's name / 测区")]
ClassCode = Annotated[str | None, typer.Option("--class", help="class of all rows, e.g. WS / 管类")]
Day = Annotated[str | None, typer.Option("--valid-from", help="day of the survey, else today / 探测日期")]
Replace = Annotated[bool, typer.Option("--replace", help="whole area anew: end what is not here / 整区重测")]
Add = Annotated[bool, typer.Option("--add", help="numbers that exist are refused / 只增不改")]
Accept = Annotated[str, typer.Option(help="clean, all, no / 入库方式")]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("init-city", help=_("Lay out a city of square grids to load real data into"))(init_city)
    group = typer.Typer(help=_("Load survey data, areas, grids, components, cases"), no_args_is_help=True)
    group.command("areas", help=_("Districts, streets, communities"))(_plain("areas"))
    group.command("grids", help=_("Unit grids"))(_plain("grids"))
    group.command("components", help=_("Components"))(_plain("components"))
    group.command("places", help=_("Places by name: all of a file, or nothing"))(_plain("places"))
    group.command("pipelines", help=_("Pipelines: lines and points together"))(import_pipelines)
    group.command("cases", help=_("Cases, each through the case loop with its own times"))(_plain("cases"))
    app.add_typer(group, name="import")


def init_city(
    code: Annotated[str, typer.Option(help="county code, 6 digits / 区县代码")],
    name_zh: Annotated[str, typer.Option(help="Chinese name / 中文名称")],
    name_en: Annotated[str, typer.Option(help="English name / 英文名称")],
    around: Annotated[list[Path] | None, typer.Option(help="files to lay it around / 按数据范围")] = None,
    bbox: Annotated[str | None, typer.Option(help="W,S,E,N in degrees / 经纬度范围")] = None,
    cell: Annotated[float, typer.Option(help="side of a grid, m / 网格边长")] = 100.0,
    timezone: Annotated[str | None, typer.Option(help="IANA name / 时区")] = None,
    crs: Crs = None,
) -> None:
    from gis.errors import InvalidInput
    from gis.exchange.city import extent_of_bbox, extent_of_files, make_city
    from gis.settings import CITY_SRID, get_settings

    if bool(around) == bool(bbox):
        raise InvalidInput(_("Say where: either --around a file or --bbox W,S,E,N"))
    extent = extent_of_bbox(bbox) if bbox else extent_of_files(around or [], crs, cell)
    zone = timezone or get_settings().timezone
    with _city_transaction() as session:
        city = make_city(session, code, name_zh, name_en, extent, cell, zone)
    console = Console(soft_wrap=True)
    console.print(
        _("{name}: {grids} unit grids in {communities} communities, {width:.1f} × {height:.1f} km").format(
            name=f"{name_zh} {name_en}",
            grids=city.grids,
            communities=city.communities,
            width=city.width_m / 1000,
            height=city.height_m / 1000,
        ),
        highlight=False,
    )
    if zone != get_settings().timezone or CITY_SRID != 4546:
        settings = f"CITYGRID_CITY_SRID={CITY_SRID} CITYGRID_TIMEZONE={zone}"
        console.print(_("Run the service with {settings}").format(settings=settings), highlight=False)


def import_pipelines(
    files: Files,
    survey: Survey = None,
    crs: Crs = None,
    mapping: Mapping = [],  # noqa: B006 - typer reads it, nobody writes it
    layer: Layer = None,
    class_code: ClassCode = None,
    valid_from: Day = None,
    replace: Replace = False,
    add: Add = False,
    accept: Accept = "clean",
    profile: Profile = None,
    report: ReportPath = None,
    dry_run: DryRun = False,
) -> None:
    if profile:  # kinds of that source become classes by its own tables; at once, without checks or history
        _run("pipelines", files, mapping, profile, crs, layer, survey, report, dry_run)
        return
    from gis.survey.commands import run_pipelines

    _city_transaction()
    options: dict[str, Any] = {"crs": crs, "layer": layer, "class_code": class_code, "valid_from": valid_from}
    options |= {"replace": replace, "mode": "add" if add else "update"}
    run_pipelines(files, survey, mapping, options, accept, report, dry_run)


def _plain(subject: str) -> Callable[..., None]:
    """The command of a subject that has no survey."""

    def command(
        files: Files,
        mapping: Mapping = [],  # noqa: B006
        profile: Profile = None,
        crs: Crs = None,
        layer: Layer = None,
        report: ReportPath = None,
        dry_run: DryRun = False,
    ) -> None:
        _run(subject, files, mapping, profile, crs, layer, None, report, dry_run)

    return command


def _run(
    subject: str,
    files: list[Path],
    mapping: list[str],
    profile: str | None,
    crs: str | None,
    layer: str | None,
    survey: str | None,
    report_path: Path | None,
    dry_run: bool,
) -> None:
    from gis.exchange.fields import parse_mapping
    from gis.exchange.rows import Options
    from gis.exchange.run import run_import

    console = Console(soft_wrap=True)

    def say(line: str) -> None:
        console.print(line, highlight=False, markup=False)

    options = Options(parse_mapping(subject, mapping), profile, crs, layer, survey, say)
    with _city_transaction() as session:
        report = run_import(session, subject, files, options)
        if report_path:
            report.write_csv(report_path)
        if dry_run:
            session.rollback()
    console.print(summary(report))
    if dry_run:
        say(_("Checked only; nothing was stored"))
    if report_path:
        say(_("{count} findings in {path}").format(count=len(report.findings), path=report_path))
    if report.read and not report.loaded:
        raise typer.Exit(EXIT_NOTHING_LOADED)


def summary(report: "Report") -> Table:
    """What was read, loaded and refused, and what is noteworthy about what was loaded."""
    from gis.exchange.run import SUBJECTS

    table = Table(title=_("Import of {subject}").format(subject=_(SUBJECTS[report.subject][1])))
    table.add_column("")
    table.add_column(_("rows"), justify="right")
    table.add_row(_("read"), str(report.read))
    table.add_row(_("loaded"), str(report.loaded))
    table.add_row(_("refused"), str(report.refused))
    for rule, count in report.count(refuses=True):
        table.add_row(f"  {_(rule.title)}", str(count))
    for index, (rule, count) in enumerate(report.count(refuses=False)):
        if index == 0:
            table.add_section()
            table.add_row(_("noteworthy"), "")
        table.add_row(f"  {_(rule.title)}", str(count))
    table.add_section()
    for what, count in report.made.items():
        table.add_row(_("made: {what}").format(what=_(what)), str(count))
    return table


def _city_transaction() -> "AbstractContextManager[Session]":
    """A transaction on a database that has every table; SetupError says what to run when it has not."""
    from gis.database import transaction
    from gis.errors import SetupError
    from gis.schema import is_current

    if not is_current():
        raise SetupError(_("The tables of the database are not up to date; run: citygrid init-db"))
    return transaction()
