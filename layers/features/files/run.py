"""One file: which formats there are, how much one may hold, where it is written."""

import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from gis.errors import InvalidInput, TooLarge, TooManyTries
from gis.i18n import N_, _
from gis.settings import get_settings
from layers.features.asking import Asked
from layers.features.files.arrow import write_fgb, write_gpkg, write_parquet
from layers.features.files.rows import Rows
from layers.features.files.text import write_csv, write_kml, write_sequence
from layers.features.reading import count_features
from layers.features.systems import LONLAT, System

AT_ONCE = 2
_running = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Format:
    """A kind of file. ``only_degrees``: it knows no coordinates but longitude and latitude (WGS 84)."""

    name: str
    title: str
    suffix: str
    media_type: str
    write: Callable[[Rows, Path], int]
    only_degrees: bool = False


FORMATS: dict[str, Format] = {
    one.name: one
    for one in (
        Format(
            "jsonseq",
            N_("GeoJSON, a feature a line"),
            ".geojsons",
            "application/geo+json-seq",
            write_sequence,
        ),
        Format("fgb", "FlatGeobuf", ".fgb", "application/flatgeobuf", write_fgb),
        Format("parquet", "GeoParquet", ".parquet", "application/vnd.apache.parquet", write_parquet),
        Format("gpkg", "GeoPackage", ".gpkg", "application/geopackage+sqlite3", write_gpkg),
        Format("csv", N_("Table (CSV)"), ".csv", "text/csv", write_csv),
        Format("kml", "KML", ".kml", "application/vnd.google-earth.kml+xml", write_kml, only_degrees=True),
    )
}


@dataclass(frozen=True)
class Written:
    """A file that was written; whoever takes it removes ``folder``."""

    folder: Path
    path: Path
    rows: int
    system: System

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def write_file(
    asked: Asked,
    kind: Format,
    *,
    system: System = LONLAT,
    names: list[str] | None = None,
    limit: int | None = None,
) -> Written:
    """Write all features that are asked for, or the first ``limit`` by their ids.

    Raises
    ------
    InvalidInput
        The format cannot hold that coordinate system.
    TooLarge
        There are more features than one file may hold; nothing is ever cut off.
    TooManyTries
        As many files as the machine bears are being written.
    """
    if kind.only_degrees and system is not LONLAT:
        raise InvalidInput(
            _("{format} knows no coordinates but longitude and latitude").format(format=_(kind.title)),
            errors=[{"pointer": "/crs"}],
        )
    _check_size(asked, limit)
    with _turn(), _folder_on_success() as folder:
        stamp = datetime.now(get_settings().zone).strftime("%Y%m%d-%H%M%S")
        path = folder / f"{asked.layer.name}-{stamp}{kind.suffix}"
        rows = kind.write(Rows(asked, system, names, limit), path)
    return Written(folder, path, rows, system)


def _check_size(asked: Asked, limit: int | None) -> None:
    most = get_settings().export_rows
    too_many = limit > most if limit is not None else not count_features(asked, most).exact
    if too_many:
        details: dict[str, Any] = {"most": most}
        raise TooLarge(
            _("More than {most} features, the most of one file; narrow the place or the filter").format(
                most=f"{most:,}"
            ),
            **details,
        )


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
