"""One export: which formats there are, how much one may hold, who took what."""

import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy.orm import Session

from gis.errors import InvalidInput, TooLarge, TooManyTries
from gis.exchange.export.drawing import write_dxf
from gis.exchange.export.geopackage import write_gpkg
from gis.exchange.export.selection import Selection
from gis.exchange.export.survey_tables import is_archive, write_survey
from gis.exchange.export.tables import write_csv, write_xlsx
from gis.i18n import N_, _
from gis.pipeline.asking import Question
from gis.settings import get_settings

log = structlog.get_logger()
SHEET_ROWS = 1_048_575  # of a worksheet, without its heading
AT_ONCE = 2
_running = threading.BoundedSemaphore(AT_ONCE)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, kw_only=True)
class Format:
    """A kind of file. ``most_rows``: what it, or those who open it, can bear."""

    name: str
    title: str
    suffix: str
    media_type: str
    write: Callable[[Selection, Path], int]
    most_rows: int | None = None


FORMATS = {
    one.name: one
    for one in (
        Format(
            name="xlsx",
            title=N_("Workbook"),
            suffix=".xlsx",
            media_type=XLSX,
            write=write_xlsx,
            most_rows=SHEET_ROWS,
        ),
        Format(name="csv", title=N_("Table (CSV)"), suffix=".csv", media_type="text/csv", write=write_csv),
        Format(
            name="gpkg",
            title=N_("GeoPackage"),
            suffix=".gpkg",
            media_type="application/geopackage+sqlite3",
            write=write_gpkg,
        ),
        # A drawing is put together in memory: about 12 kB a line with its points and words.
        Format(
            name="dxf",
            title=N_("Drawing (DXF)"),
            suffix=".dxf",
            media_type="image/vnd.dxf",
            write=write_dxf,
            most_rows=50_000,
        ),
        Format(
            name="cjj61",
            title=N_("Survey tables (CJJ 61)"),
            suffix=".xlsx",
            media_type=XLSX,
            write=write_survey,
            most_rows=SHEET_ROWS,
        ),
    )
}


@dataclass(frozen=True)
class Exported:
    """A file that was written; whoever takes it removes ``folder``."""

    folder: Path
    path: Path
    name: str
    media_type: str
    rows: int

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def find_format(name: str) -> Format:
    """The format of that name; InvalidInput with those there are."""
    if name not in FORMATS:
        raise InvalidInput(
            _("There is no format {name}; there are: {known}").format(
                name=name[:20], known=", ".join(FORMATS)
            ),
            errors=[{"pointer": "/format"}],
        )
    return FORMATS[name]


def export(session: Session, question: Question, format_name: str, who: str) -> Exported:
    """Write the rows of a question to a file, and who took them to the log: the data is sensitive.

    Raises
    ------
    InvalidInput
        There is no such format, or the question cannot be asked.
    TooLarge
        There are more rows than one export may hold; nothing is ever cut off.
    TooManyTries
        As many exports as the machine bears are being written.
    """
    kind = find_format(format_name)
    selection = Selection(session, question)
    most = min(get_settings().export_rows, kind.most_rows or get_settings().export_rows)
    found = selection.count(most)
    if found > most:
        raise TooLarge(
            _(
                "More than {most} rows, the most of one export as {format}; narrow the place or the filter"
            ).format(most=f"{most:,}", format=_(kind.title)),
            most=most,
        )
    with _turn(), _folder_on_success() as folder:
        archive = kind.write is write_survey and is_archive(selection)
        path = folder / f"pipelines{'.zip' if archive else kind.suffix}"
        rows = kind.write(selection, path)
    log.info(
        "pipelines exported",
        who=who,
        format=kind.name,
        rows=rows,
        bytes=path.stat().st_size,
        question={name: value for name, value in _told(question).items() if value is not None},
    )
    stamp = datetime.now(get_settings().zone).strftime("%Y%m%d-%H%M%S")
    name = f"pipelines-{stamp}{path.suffix}"
    return Exported(folder, path, name, "application/zip" if archive else kind.media_type, rows)


def _told(question: Question) -> dict[str, Any]:
    told = asdict(question)
    return told | {"as_of": question.as_of.isoformat() if question.as_of else None}


@contextmanager
def _turn() -> Iterator[None]:
    if not _running.acquire(blocking=False):
        raise TooManyTries(_("Other exports are being written; try again in a minute"))
    try:
        yield
    finally:
        _running.release()


@contextmanager
def _folder_on_success() -> Iterator[Path]:
    """A folder of its own for the file; gone again where writing fails."""
    folder = Path(tempfile.mkdtemp(prefix="citygrid-export-"))
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
