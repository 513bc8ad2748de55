"""From the files of an import to its tables, whatever their kind."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from gis.errors import InvalidInput, TooLarge
from gis.i18n import _
from gis.settings import get_settings
from gis.survey.reading.access import access_tables
from gis.survey.reading.archives import unpack
from gis.survey.reading.drawings import SUFFIXES, drawing_tables
from gis.survey.reading.epanet import epanet_tables
from gis.survey.reading.network_sections import read_network
from gis.survey.reading.swmm import swmm_tables
from gis.survey.reading.table import Table
from gis.survey.reading.text_tables import text_tables
from gis.survey.reading.workbooks import workbook_tables

# Beside a shapefile, never read alone.
_BESIDE = {".shx", ".prj", ".cpg", ".qix", ".sbn", ".sbx", ".qpj", ".qmd", ".idx", ".ind"}


def network_tables(path: Path) -> list[Table]:
    """Nodes and links of an .inp file, by the program whose sections it has."""
    network = read_network(path)
    is_swmm = any(network[name] for name in ("CONDUITS", "OUTFALLS", "XSECTIONS"))
    return swmm_tables(network) if is_swmm else epanet_tables(network)


READERS: dict[str, Callable[[Path], list[Table]]] = {
    ".csv": text_tables,
    ".txt": text_tables,
    ".tsv": text_tables,
    ".xlsx": workbook_tables,
    ".xlsm": workbook_tables,
    ".mdb": access_tables,
    ".accdb": access_tables,
    ".inp": network_tables,
    **dict.fromkeys(SUFFIXES, drawing_tables),
}
_INSTEAD = {".xls": ".xlsx", ".dwg": ".dxf", ".et": ".xlsx", ".xlsb": ".xlsx"}


@contextmanager
def opened(files: Sequence[Path]) -> Iterator[list[Table]]:
    """The tables of some files; those in ZIP files lie in a folder that is there as long as the context.

    Raises
    ------
    InvalidInput
        A file is missing, empty, broken, or of no kind that is read here.
    TooLarge
        A file is larger than the setting allows.
    """
    with tempfile.TemporaryDirectory(prefix="citygrid-survey-") as folder:
        paths: list[Path] = []
        for number, file in enumerate(files):
            _check(file)
            if file.suffix.lower() == ".zip":
                inside = Path(folder, str(number))
                paths += sorted(path for path in unpack(file, inside) if _is_read(path))
            else:
                paths.append(file)
        paths = [path for path in paths if not _is_beside(path, paths)]
        if not paths:
            raise InvalidInput(
                _("There is nothing to read in {files}").format(files=", ".join(file.name for file in files))
            )
        yield [table for path in paths for table in open_tables(path)]


def open_tables(path: Path) -> list[Table]:
    """The tables of one file, read by its kind."""
    _check(path)
    suffix = path.suffix.lower()
    reader = READERS.get(suffix)
    if reader is None:
        hint = _("save it as {kind}").format(kind=_INSTEAD[suffix]) if suffix in _INSTEAD else ""
        raise InvalidInput(
            _("{file} is of no kind that is read here; {hint}").format(
                file=path.name, hint=hint or _("known: {kinds}").format(kinds=" ".join(sorted(READERS)))
            )
        )
    return reader(path)


def _check(path: Path) -> None:
    if not path.is_file():
        raise InvalidInput(_("There is no file {path}").format(path=path.name))
    size, most = path.stat().st_size, get_settings().survey_file_bytes
    if size == 0:
        raise InvalidInput(_("{name} is empty").format(name=path.name))
    if size > most:
        raise TooLarge(
            _("{file} has {size:.0f} MB; at most {most:.0f} MB are taken; send it in parts").format(
                file=path.name, size=size / 1e6, most=most / 1e6
            )
        )


def _is_read(path: Path) -> bool:
    return path.suffix.lower() in READERS.keys() | _BESIDE


def _is_beside(path: Path, paths: list[Path]) -> bool:
    """Whether a file belongs to a shapefile of the same name."""
    if path.suffix.lower() in _BESIDE:
        return True
    shapes = {other.with_suffix("") for other in paths if other.suffix.lower() == ".shp"}
    return path.suffix.lower() == ".dbf" and path.with_suffix("") in shapes
