"""Faces and styles of a report's document: Chinese and Latin type, two signs of indent, wide lines."""

from typing import cast

from docx.document import Document as Doc
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

HEAD, TEXT = "黑体", "宋体"  # SimHei and SimSun, by the names that Chinese offices know
LATIN_HEAD, LATIN_TEXT = "Arial", "Times New Roman"
CAPTION, QUIET, TABLE_TEXT = "Caption", "Report Remark", "Report Table"
CONTENTS = "toc"  # with a level: what Word itself calls the styles it writes contents in
GRADES = {"green": "DFF2E7", "blue": "E1EDFA", "yellow": "FDF0C9", "red": "FCE4E1", "black": "C3CED4"}
BODY_PT = 12.0
INK = RGBColor(0x14, 0x18, 0x1B)


def set_styles(document: Doc, locale: str) -> None:
    """Set every style that a report uses; the rest of the template stays."""
    language = "en-GB" if locale == "en" else "zh-CN"
    normal = _style(document, "Normal")
    _face(normal, TEXT, LATIN_TEXT, BODY_PT, language)
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(0), 1.15
    body = _style(document, "Body Text")
    _face(body, TEXT, LATIN_TEXT, BODY_PT, language)
    body.paragraph_format.line_spacing = 1.5
    body.paragraph_format.space_after = Pt(3)
    body.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    if locale != "en":
        _indent_signs(body, 2)
    for name, size, before in (("Heading 1", 16.0, 18), ("Heading 2", 14.0, 12)):
        style = _style(document, name)
        _face(style, HEAD, LATIN_HEAD, size, language)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(6)
        style.paragraph_format.keep_with_next = True
    _plain_heading(document, "Title", 26, language)
    _plain_heading(document, "TOC Heading", 16, language)
    subtitle = _style(document, "Subtitle")
    _face(subtitle, TEXT, LATIN_TEXT, 14, language)
    subtitle.font.italic = False
    subtitle.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    subtitle.paragraph_format.space_before = Pt(12)
    caption = _style(document, CAPTION)
    _face(caption, HEAD, LATIN_HEAD, 10.5, language)
    caption.paragraph_format.space_before = caption.paragraph_format.space_after = Pt(4)
    for name, size in ((QUIET, 9.0), (TABLE_TEXT, 9.0)):
        _face(_style(document, name), TEXT, LATIN_TEXT, size, language)
    for level in (1, 2):
        style = _style(document, f"{CONTENTS} {level}")
        _face(style, TEXT, LATIN_TEXT, BODY_PT, language)
        style.paragraph_format.left_indent = Mm(8 * (level - 1))
        style.paragraph_format.tab_stops.add_tab_stop(Mm(157), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    _face(_style(document, "Header"), TEXT, LATIN_TEXT, 9, language)
    _face(_style(document, "Footer"), TEXT, LATIN_TEXT, 9, language)


def _style(document: Doc, name: str) -> ParagraphStyle:
    """A paragraph style by name; those the template lacks are made, based on Normal."""
    if name not in document.styles:
        made = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        made.base_style = document.styles["Normal"]
    return cast(ParagraphStyle, document.styles[name])


def _face(style: ParagraphStyle, chinese: str, latin: str, size: float, language: str) -> None:
    """The faces of a style: Word takes one by the kind of each sign, so all four are named."""
    style.font.size, style.font.color.rgb = Pt(size), INK
    style.font.name = latin
    properties = style.element.get_or_add_rPr()
    faces = properties.rFonts
    for theme in [name for name in faces.attrib if name.endswith("Theme")]:
        del faces.attrib[theme]  # a theme's face would be taken before ours
    for name, face in (("ascii", latin), ("hAnsi", latin), ("cs", latin), ("eastAsia", chinese)):
        faces.set(qn(f"w:{name}"), face)
    for old in properties.findall(qn("w:lang")):
        properties.remove(old)
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), language)
    spoken.set(qn("w:eastAsia"), "zh-CN")
    properties.append(spoken)


def _plain_heading(document: Doc, name: str, size: float, language: str) -> None:
    """A heading that stands in the middle, without the template's line, and out of the contents."""
    style = _style(document, name)
    _face(style, HEAD, LATIN_HEAD, size, language)
    style.font.bold = True
    style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    style.paragraph_format.space_after = Pt(12)
    properties = style.element.get_or_add_pPr()
    for border in properties.findall(qn("w:pBdr")):
        properties.remove(border)


def _indent_signs(style: ParagraphStyle, signs: int) -> None:
    """An indent counted in signs, so that it follows the size of the type."""
    style.paragraph_format.first_line_indent = Pt(BODY_PT * signs)
    style.element.get_or_add_pPr().get_or_add_ind().set(qn("w:firstLineChars"), str(100 * signs))
