"""A report as DOCX: real headings, captions, repeated table heads, page numbers and a table of contents.

Faces are named, not embedded: 黑体 and 宋体, which every Chinese office has; others fall back by their type.
"""

import io
from collections.abc import Mapping

from docx import Document
from docx.document import Document as Doc
from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Emu, Mm
from docx.table import _Cell
from docx.text.paragraph import Paragraph as Line

from gis.evaluation.report.blocks import Column, Paragraph, Section, Table
from gis.evaluation.report.content import Report
from gis.i18n import _
from layers.report.docx_styles import CAPTION, CONTENTS, GRADES, QUIET, TABLE_TEXT, set_styles
from layers.report.pictures import Picture

TEXT_WIDTH = Mm(210 - 28 - 25)


def to_docx(report: Report, pictures: Mapping[str, Picture]) -> bytes:
    """The report as a document of A4 pages.

    Parameters
    ----------
    pictures : by caption, as :func:`layers.report.pictures.draw` gives them
    """
    document = Document()
    set_styles(document, report.locale)
    _describe(document, report)
    _cover(document, report)
    _contents(document, report)
    for section in report.sections:
        document.add_heading(section.title, 1)
        _blocks(document, section, pictures)
        for part in section.parts:
            document.add_heading(part.title, 2)
            _blocks(document, part, pictures)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _describe(document: Doc, report: Report) -> None:
    told = document.core_properties
    told.title, told.subject = report.heading, report.period_name
    told.author = told.last_modified_by = "citygrid"
    told.comments = ""
    told.created = told.modified = report.made_at.replace(tzinfo=None)
    told.language = "en" if report.locale == "en" else "zh-CN"


def _cover(document: Doc, report: Report) -> None:
    page = document.sections[0]
    _paper(page)
    first = document.add_paragraph(report.subject, style="Title")
    first.paragraph_format.space_before = Mm(80)
    document.add_paragraph(report.title, style="Title")
    for words in (
        _("Period: {period}").format(period=report.period_name),
        _("Made on {moment}").format(moment=report.made),
    ):
        document.add_paragraph(words, style="Subtitle")


def _paper(page: object) -> None:
    for name, value in {
        "page_width": Mm(210),
        "page_height": Mm(297),
        "left_margin": Mm(28),
        "right_margin": Mm(25),
        "top_margin": Mm(28),
        "bottom_margin": Mm(25),
    }.items():
        setattr(page, name, value)


def _contents(document: Doc, report: Report) -> None:
    """A section of its own from here on, with head and page number; the contents as a field.

    The field holds the headings already: whoever shows it without working out fields shows no empty page.
    """
    page = document.add_section(WD_SECTION.NEW_PAGE)
    _paper(page)
    page.header.is_linked_to_previous = page.footer.is_linked_to_previous = False
    head, foot = page.header.paragraphs[0], page.footer.paragraphs[0]
    head.text = report.heading
    head.alignment = foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _field(foot, "PAGE", "2")
    document.add_paragraph(_("Contents"), style="TOC Heading")
    lines = [
        (level, title)
        for section in report.sections
        for level, title in ((1, section.title), *((2, part.title) for part in section.parts))
    ]
    last: Line | None = None
    for place, (level, title) in enumerate(lines):
        last = document.add_paragraph(style=f"{CONTENTS} {level}")
        if place == 0:
            _begin_field(last, r'TOC \o "1-2" \h \z \u')
        last.add_run(title)
    if last is not None:
        _mark(last, "end")
        last.add_run().add_break(WD_BREAK.PAGE)


def _begin_field(line: Line, code: str) -> None:
    """Dirty: the office works it out, page numbers included, when it opens the document."""
    begin = _mark(line, "begin")
    begin.set(qn("w:dirty"), "true")
    instruction = OxmlElement("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = code
    line.add_run()._r.append(instruction)
    _mark(line, "separate")


def _mark(line: Line, kind: str) -> BaseOxmlElement:
    mark: BaseOxmlElement = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    line.add_run()._r.append(mark)
    return mark


def _field(line: Line, code: str, shown: str) -> None:
    _begin_field(line, code)
    line.add_run(shown)
    _mark(line, "end")


def _blocks(document: Doc, section: Section, pictures: Mapping[str, Picture]) -> None:
    for block in section.blocks:
        if isinstance(block, Paragraph):
            document.add_paragraph(block.text, style=QUIET if block.quiet else "Body Text")
        elif isinstance(block, Table):
            document.add_paragraph(block.caption, style=CAPTION).paragraph_format.keep_with_next = True
            _table(document, block)
        else:
            _picture(document, block.caption, pictures[block.caption])


def _picture(document: Doc, caption: str, drawn: Picture) -> None:
    line = document.add_paragraph(style="Normal")
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.paragraph_format.keep_with_next = True
    shape = line.add_run().add_picture(io.BytesIO(drawn.png), width=TEXT_WIDTH)
    # What a screen reader says.
    shape._inline.docPr.set("descr", caption)
    document.add_paragraph(caption, style=CAPTION).alignment = WD_ALIGN_PARAGRAPH.CENTER


def _table(document: Doc, block: Table) -> None:
    table = document.add_table(rows=1, cols=len(block.columns), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    whole = sum(column.width for column in block.columns)
    sizes = [Emu(int(TEXT_WIDTH * column.width / whole)) for column in block.columns]
    for column, size in zip(table.columns, sizes, strict=True):
        column.width = size
    head = table.rows[0]
    _repeat(head._tr)
    for cell, column, size in zip(head.cells, block.columns, sizes, strict=True):
        cell.width = size
        _fill(cell, "EEF2F5")
        _write(cell, column.head, column, bold=True)
    for told in block.rows:
        cells = table.add_row().cells
        for cell, words, column, size in zip(cells, told, block.columns, sizes, strict=True):
            cell.width = size
            if words.colour:
                _fill(cell, GRADES.get(words.colour, "FFFFFF"))
            _write(cell, words.text, column)
    document.add_paragraph(style=QUIET)


def _repeat(row: object) -> None:
    """Repeat a row at the top of each page, and break none in two."""
    traits = row.get_or_add_trPr()  # type: ignore[attr-defined]
    for name in ("w:cantSplit", "w:tblHeader"):
        traits.append(OxmlElement(name))


def _fill(cell: _Cell, colour: str) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", colour)):
        shade.set(qn(name), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _write(cell: _Cell, words: str, column: Column, bold: bool = False) -> None:
    line = cell.paragraphs[0]
    line.style = TABLE_TEXT
    line.add_run(words).bold = bold or None
    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT if column.is_number else WD_ALIGN_PARAGRAPH.LEFT
