"""案卷文件: records as JSON, CSV, a workbook or XML, written while they are read."""

import csv
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter

from gis.errors import TooLarge
from gis.i18n import _
from gis.platform.fields import ATTACHMENTS, STEPS, names
from gis.platform.records import Record

Pages = Iterator[list[Record]]
SHEET_ROWS = 1_048_575  # of a workbook's sheet, without its heading
# What XML 1.0 cannot hold, however it is written.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write_json(path: Path, pages: Pages) -> int:
    """``{"cases": [record, …]}``, one record a line; returns how many. The others return the same."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        file.write('{"cases": [')
        for page in pages:
            for record in page:
                file.write((",\n" if count else "\n") + json.dumps(record, ensure_ascii=False))
                count += 1
        file.write("\n]}\n")
    return count


def write_csv(path: Path, pages: Pages) -> int:
    """One line for a case; its steps and photos are JSON in the last two cells."""
    columns, count = [*names().values(), STEPS, ATTACHMENTS], 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for page in pages:
            writer.writerows([_cell(record[name]) for name in columns] for record in page)
            count += len(page)
    return count


def write_xlsx(path: Path, pages: Pages) -> int:
    """A workbook with sheets for cases, steps and photos.

    Raises
    ------
    TooLarge
        A sheet would have more rows than a workbook can hold; nothing is cut.
    """
    book = xlsxwriter.Workbook(path, {"constant_memory": False, "strings_to_formulas": False})
    case_sheet, step_sheet, photo_sheet = (book.add_worksheet(name) for name in ("Cases", STEPS, ATTACHMENTS))
    columns, code = list(names().values()), names()["case_no"]
    case_sheet.write_row(0, 0, columns)
    rows = {"cases": 0, STEPS: 0, ATTACHMENTS: 0}
    for page in pages:
        for record in page:
            rows["cases"] += 1
            case_sheet.write_row(rows["cases"], 0, [_plain(record[name]) for name in columns])
            for part, sheet in ((STEPS, step_sheet), (ATTACHMENTS, photo_sheet)):
                for item in record[part]:
                    if rows[part] == 0:
                        sheet.write_row(0, 0, [code, *item])
                    rows[part] += 1
                    sheet.write_row(rows[part], 0, [record[code], *map(_plain, item.values())])
        if max(rows.values()) > SHEET_ROWS:
            book.close()
            path.unlink()
            raise TooLarge(_("A workbook cannot hold so many rows; take a shorter span, or csv"))
    book.close()
    return rows["cases"]


def write_xml(path: Path, pages: Pages) -> int:
    """``<Cases><Case>…</Case></Cases>``; what is empty is left out."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<Cases>\n')
        for page in pages:
            file.writelines(_element("Case", record) + "\n" for record in page)
            count += len(page)
        file.write("</Cases>\n")
    return count


WRITERS: dict[str, Callable[[Path, Pages], int]] = {
    "json": write_json,
    "csv": write_csv,
    "xlsx": write_xlsx,
    "xml": write_xml,
}


def _cell(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula; lists as JSON."""
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _plain(value: Any) -> Any:
    return "" if value is None else value


def _element(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, dict):
        inner = "".join(_element(*item) for item in value.items())
    elif isinstance(value, list):
        inner = "".join(_element(name.removesuffix("s"), item) for item in value)
    elif isinstance(value, bool):
        inner = "true" if value else "false"
    else:
        inner = escape(_NOT_IN_XML.sub("", str(value)))
    return f"<{name}>{inner}</{name}>"
