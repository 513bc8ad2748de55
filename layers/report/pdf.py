"""A report as PDF: HTML with pages by CSS, set by WeasyPrint: Chinese line breaks, embedded faces."""

import base64
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint import HTML
from weasyprint.urls import URLFetcher

from gis.evaluation.report.blocks import AreaMap, Chart, Paragraph, Table
from gis.evaluation.report.content import Report
from gis.i18n import gettext
from layers.report.pictures import Picture

_TEMPLATES = Path(__file__).parent / "templates"


def to_pdf(report: Report, pictures: Mapping[str, Picture]) -> bytes:
    """The report on A4 pages.

    Parameters
    ----------
    pictures : by caption, as :func:`layers.report.pictures.draw` gives them
    """

    def address(block: Chart | AreaMap) -> str:
        drawn = base64.b64encode(pictures[block.caption].svg.encode()).decode()
        return f"data:image/svg+xml;base64,{drawn}"

    page = _templates().get_template("report.html")
    html = page.render(
        report=report,
        language="en" if report.locale == "en" else "zh-CN",
        styles=(_TEMPLATES / "report.css").read_text(encoding="utf-8"),
        address=address,
    )
    # Pictures stand within the page: a report reads no file and asks no network.
    fetcher = URLFetcher(allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True)
    made: bytes = HTML(string=html, url_fetcher=fetcher).write_pdf(pdf_tags=True)
    return made


@lru_cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["_"] = gettext
    made.filters["is_paragraph"] = lambda block: isinstance(block, Paragraph)
    made.filters["is_table"] = lambda block: isinstance(block, Table)
    made.filters["widths"] = widths
    return made


def widths(table: Table) -> list[float]:
    """The widths of a table's columns, per cent."""
    whole = sum(column.width for column in table.columns)
    return [round(100 * column.width / whole, 2) for column in table.columns]
