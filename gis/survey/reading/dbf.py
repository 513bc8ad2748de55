"""The letters of dBASE tables, which lie beside shapefiles and seldom say what they are written in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gis.survey.reading.table import Cells, object_array

_GBK_MARK = 0x4D  # the language mark of dBASE for GBK
_CODE_PAGES = {"936": "gb18030", "gbk": "gb18030", "gb2312": "gb18030", "cp936": "gb18030", "65001": "utf-8"}
_BYTE_BY_BYTE = "ISO-8859-1"  # has a letter for each byte, so that the bytes can be had back


@dataclass(frozen=True)
class Letters:
    """How a layer's text is read. ``asked``: what GDAL is told, None where it knows.

    ``told``: the encoding that was found by trial, to be said. ``cut``: the encoding of a table whose column
    names were cut to 10 bytes in the middle of a letter, over which GDAL's reader stumbles.
    """

    asked: str | None = None
    told: str | None = None
    cut: str | None = None

    def mend(self, text: str) -> str:
        """Text that was read byte by byte as it was meant; half a letter at its end is left out."""
        return text.encode("latin-1").decode(self.cut, "ignore") if self.cut else text

    def mend_cells(self, cells: Cells) -> Cells:
        """The same for a column."""
        if not self.cut:
            return cells
        return object_array([self.mend(cell) if isinstance(cell, str) else cell for cell in cells])


def letters_of(path: Path) -> Letters:
    """How the text of a layer is read; only dBASE tables need to be looked at."""
    table = path.with_suffix(".dbf") if path.suffix.lower() == ".shp" else path
    if table.suffix.lower() != ".dbf" or not table.exists():
        return Letters()
    with table.open("rb") as file:
        head = file.read(32)
        if len(head) < 32:
            return Letters()
        start = int.from_bytes(head[8:10], "little")
        names = _names(file.read(max(start - 32, 0)))
        said = _said(path, head[29])
        encoding = said or _by_trial(table, start, int.from_bytes(head[10:12], "little"))
    told = None if said else encoding
    try:
        for name in names:
            name.decode(encoding)
    except UnicodeDecodeError:
        return Letters(_BYTE_BY_BYTE, told, encoding)
    return Letters(None if said else encoding.upper(), told)


def is_cut_off(path: Path) -> bool:
    """Whether a shapefile or its table is shorter than its head says; GDAL reads what there is of it."""
    table = path.with_suffix(".dbf") if path.suffix.lower() == ".shp" else path
    if table.exists():
        with table.open("rb") as file:
            head = file.read(12)
        count, start, width = (
            int.from_bytes(head[at : at + n], "little") for at, n in ((4, 4), (8, 2), (10, 2))
        )
        if table.stat().st_size < start + count * width:
            return True
    if path.suffix.lower() != ".shp":
        return False
    with path.open("rb") as file:
        head = file.read(28)
    return path.stat().st_size < max(2 * int.from_bytes(head[24:28], "big"), 100)  # counted in 16-bit words


def _names(fields: bytes) -> list[bytes]:
    """Column names of the head, 32 bytes each with 11 for the name."""
    blocks = (fields[at : at + 32] for at in range(0, len(fields), 32))
    return [block[:11].split(b"\0")[0] for block in blocks if len(block) == 32 and block[0] != 0x0D]


def _said(path: Path, mark: int) -> str | None:
    """The encoding that a .cpg file or the table's language mark names."""
    page = path.with_suffix(".cpg")
    if page.exists():
        word = page.read_text("ascii", "ignore").strip().lower()
        return _CODE_PAGES.get(word, word) if _is_known(_CODE_PAGES.get(word, word)) else None
    return "gb18030" if mark == _GBK_MARK else None


def _is_known(encoding: str) -> bool:
    try:
        "".encode(encoding)
    except LookupError:
        return False
    return True


def _by_trial(table: Path, start: int, width: int) -> str:
    """UTF-8, unless some record is none: Chinese text in GBK is almost never valid UTF-8."""
    records = max(1, (1 << 20) // max(width, 1))
    with table.open("rb") as file:
        file.seek(start)
        while block := file.read(max(width, 1) * records):  # whole records: no letter is cut
            try:
                block.decode("utf-8")
            except UnicodeDecodeError:
                return "gb18030"
    return "utf-8"
