"""What must be right for the service to run, as one table of checks; ``citygrid doctor`` shows it.

A check answers with what it found or raises :class:`SetupError`, whose words say what to do.
A new check is one row of :data:`CHECKS`.
"""

import json
import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from rich.markup import escape
from rich.table import Table
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from gis.crs import require_metric
from gis.errors import CityGridError, SetupError
from gis.i18n import N_, _, gettext
from gis.ports import refuse_taken_port
from gis.postgresql import MB, find_programs
from gis.service_process import service_pid
from gis.settings import CITY_SRID, PROJECT, get_settings

LEAST_PYTHON = (3, 11)
LEAST_BYTES = 200 * MB
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class Weight(StrEnum):
    """What it means when a check fails."""

    NEEDED = "needed"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Check:
    """One row: its name, how to look, what a failure means, whether it can be told before the start."""

    name: str
    look: Callable[[], str]
    weight: Weight = Weight.NEEDED
    before_start: bool = False
    asks_database: bool = False


@dataclass(frozen=True)
class Finding:
    """What a check found; ``detail`` says what is there, or what is wrong and what to do."""

    check: Check
    is_fine: bool
    detail: str


def python_version() -> str:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < LEAST_PYTHON:
        raise SetupError(_("Python {version} is too old; 3.11 or newer is needed").format(version=version))
    return version


def server_programs() -> str:
    if get_settings().database_url:
        return _("not needed: CITYGRID_DATABASE_URL names a server")
    programs = find_programs()
    return f"PostgreSQL {programs.major}, PostGIS {programs.postgis} ({programs.bin})"


def city_srid() -> str:
    require_metric(CITY_SRID)
    return f"EPSG:{CITY_SRID}"


def front_end_packages() -> str:
    """Each package of ``web/package.json`` lies in ``node_modules`` in the very version."""
    wanted: dict[str, str] = json.loads((PROJECT / "web" / "package.json").read_text("utf-8"))["dependencies"]
    for name, version in wanted.items():
        manifest = PROJECT / "web" / "node_modules" / name / "package.json"
        if not manifest.is_file() or json.loads(manifest.read_text("utf-8")).get("version") != version:
            raise SetupError(
                _("{name} {version} is not installed; run make setup").format(name=name, version=version)
            )
    return _("{count} packages").format(count=len(wanted))


def disk_space() -> str:
    folder = get_settings().home.resolve()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    if free < LEAST_BYTES:
        raise SetupError(
            _("The disk of {folder} is full: {free} MB left; make room").format(
                folder=folder, free=free // MB
            )
        )
    return _("{free} MB free").format(free=free // MB)


def private_files() -> str:
    """Nobody else reads the secrets, and they are the caller's own."""
    home = get_settings().home
    for name in ("secrets.json", "cluster.json"):
        path = home / name
        if not path.exists():
            continue
        if path.stat().st_mode & 0o077:
            raise SetupError(
                _("Others on this machine can read {path}; run: chmod 600 {path}").format(path=path)
            )
        if not os.access(path, os.R_OK | os.W_OK):
            raise SetupError(
                _("{path} belongs to another user; use the account that made it").format(path=path)
            )
    return str(home)


def port_is_free() -> str:
    settings = get_settings()
    if service_pid(settings.home) is not None:
        raise SetupError(
            _("The service already runs at http://{host}:{port}; stop it with make stop").format(
                host=settings.host, port=settings.port
            )
        )
    refuse_taken_port(settings.host, settings.port)
    return _("{port} is free").format(port=settings.port)


def port_is_free_or_ours() -> str:
    pid = service_pid(get_settings().home)
    if pid is not None:
        return _("the service runs (process {pid})").format(pid=pid)
    return port_is_free()


def database_answers() -> str:
    from gis.cluster import private_cluster
    from gis.database import check_server

    if not get_settings().database_url:
        status = private_cluster().status()
        if status.made and not status.running:
            raise SetupError(_("The database is stopped; run: citygrid cluster start"))
    versions = check_server()
    return f"PostgreSQL {versions['postgresql']}, PostGIS {versions['postgis']}"


def schema_is_current() -> str:
    from gis.schema import is_current

    if not is_current():
        raise SetupError(_("The tables are not those of this release; run: citygrid init-db"))
    return _("up to date")


def database_srid() -> str:
    """The CRS the tables were made for is the one that is set."""
    from gis.database import engine

    with engine().connect() as connection:
        made_for = connection.scalar(
            text(
                "SELECT srid FROM geometry_columns"
                " WHERE f_table_schema = 'public' AND f_table_name = 'unit_grid'"
                " AND f_geometry_column = 'geom'"
            )
        )
    if made_for is None:
        raise SetupError(_("There are no tables yet; run: citygrid init-db"))
    if made_for != CITY_SRID:
        raise SetupError(
            _(
                "This database was made for EPSG:{made_for}, but CITYGRID_CITY_SRID is {srid}; "
                "set it back, or use another database"
            ).format(made_for=made_for, srid=CITY_SRID)
        )
    return f"EPSG:{made_for}"


def calendar_is_loaded() -> str:
    """All days of this year and the next: a deadline may lie beyond New Year."""
    from gis.case.calendar_models import CalendarDay
    from gis.database import transaction

    this_year = datetime.now(get_settings().zone).year
    with transaction() as session:
        year = func.date_part("year", CalendarDay.day)
        counts = select(year, func.count()).group_by(year)
        days = {int(number): count for number, count in session.execute(counts)}
    missing = [str(year) for year in (this_year, this_year + 1) if days.get(year, 0) < 365]
    if missing:
        raise SetupError(
            _(
                "The working calendar of {years} is not loaded; "
                "run: citygrid calendar load {years}, or give it a file"
            ).format(years=" ".join(missing))
        )
    return f"{this_year}, {this_year + 1}"


def browser() -> str:
    found = find_browser()
    if found is None:
        raise SetupError(_("No Chromium; make test installs it"))
    return str(found)


def find_browser() -> Path | None:
    """The Chromium that tests drive: ``CITYGRID_CHROMIUM``, else what the distribution installed."""
    named = os.environ.get("CITYGRID_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, BROWSERS)), None)
    return Path(found) if found else None


CHECKS = (
    Check("Python", python_version, before_start=True),
    Check("PostgreSQL, PostGIS", server_programs, before_start=True),
    Check(N_("Metric coordinate system"), city_srid, before_start=True),
    Check(N_("Front-end packages"), front_end_packages, before_start=True),
    Check(N_("Disk"), disk_space, before_start=True),
    Check(N_("Home folder"), private_files, before_start=True),
    Check(N_("Port of the service"), port_is_free_or_ours),
    Check(N_("Database"), database_answers),
    Check(N_("Tables"), schema_is_current, asks_database=True),
    Check(N_("Coordinate system of the tables"), database_srid, asks_database=True),
    Check(N_("Working calendar"), calendar_is_loaded, Weight.WARNING, asks_database=True),
    Check(N_("Chromium for tests"), browser, Weight.NOTE),
)


def require_startable() -> None:
    """Everything that can be told before the database runs; seconds now instead of minutes later.

    Raises
    ------
    SetupError
        The first thing that is wrong.
    """
    for check in CHECKS:
        if check.before_start:
            check.look()
    port_is_free()


def examine(checks: Sequence[Check] = CHECKS) -> list[Finding]:
    """Look at everything; one check that fails does not keep the others from looking."""
    findings: list[Finding] = []
    answers = True
    for check in checks:
        if check.asks_database and not answers:
            findings.append(Finding(check, is_fine=False, detail=_("the database must answer first")))
            continue
        try:
            findings.append(Finding(check, is_fine=True, detail=check.look()))
        except (CityGridError, OSError, SQLAlchemyError) as error:
            first_line = (str(error).strip().splitlines() or [type(error).__name__])[0]
            findings.append(Finding(check, is_fine=False, detail=first_line))
            answers = answers and check.look is not database_answers
    return findings


def is_fit(findings: list[Finding]) -> bool:
    """Whether nothing is missing that the service needs."""
    return all(finding.is_fine or finding.check.weight is not Weight.NEEDED for finding in findings)


SIGNS = {Weight.NEEDED: "[red]✗[/]", Weight.WARNING: "[yellow]![/]", Weight.NOTE: "[dim]–[/]"}


def table(findings: list[Finding]) -> Table:
    """The findings for a terminal: a sign, the name, the words."""
    rows = Table(box=None, show_header=False, pad_edge=False)
    for finding in findings:
        sign = "[green]✓[/]" if finding.is_fine else SIGNS[finding.check.weight]
        rows.add_row(sign, gettext(finding.check.name), escape(finding.detail))
    return rows
