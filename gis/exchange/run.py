"""One import: staged, checked, loaded, in the transaction of whoever calls."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from gis.errors import Conflict
from gis.exchange.findings import Report
from gis.exchange.rows import Options
from gis.i18n import N_, _

Importer = Callable[[Session, Report, list[Path], Options], None]

# What can be imported: one row each, the module of gis.exchange that does it and what people call it.
SUBJECTS: dict[str, tuple[str, str]] = {
    "areas": ("areas", N_("areas")),
    "grids": ("grids", N_("unit grids")),
    "components": ("components", N_("components")),
    "places": ("places", N_("places by name")),
    "pipelines": ("pipelines", N_("pipelines")),
    "cases": ("cases", N_("cases")),
}


def run_import(session: Session, subject: str, paths: list[Path], options: Options) -> Report:
    """Load files of one subject; the rows that break a rule stay out and are reported, the rest is loaded.

    Raises
    ------
    InvalidInput
        A file cannot be read at all, or says nothing that is known here.
    Conflict
        The database refuses what the checks let through; nothing of this import stays.
    """
    module = import_module(f"gis.exchange.{SUBJECTS[subject][0]}")
    load: Importer = module.load
    report = Report(subject)
    try:
        load(session, report, paths, options)
        session.flush()
        report.settle()
    except IntegrityError as error:
        reason = str(error.orig).splitlines()[0]
        raise Conflict(_("The database refuses the import: {reason}").format(reason=reason)) from error
    return report
