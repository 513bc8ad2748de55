"""Numbers before headings and captions: 一、（一） and 表 1 in Chinese, 1, 1.1 and Table 1 in English."""

from collections.abc import Sequence
from dataclasses import replace

from gis.evaluation.report.blocks import Block, Paragraph, Section, Table
from gis.i18n import _, get_locale

_NUMERALS = "一二三四五六七八九十"


def numbered(sections: Sequence[Section]) -> tuple[Section, ...]:
    """The same sections with numbers before their headings, and before captions in running order.

    At most ten sections of a level: Chinese numerals are not put together here.
    """
    counts = {"table": 0, "figure": 0}

    def captioned(block: Block) -> Block:
        if isinstance(block, Paragraph):
            return block
        kind = "table" if isinstance(block, Table) else "figure"
        counts[kind] += 1
        form = _("Table {number}  {caption}") if kind == "table" else _("Figure {number}  {caption}")
        return replace(block, caption=form.format(number=counts[kind], caption=block.caption))

    def walk(level: Sequence[Section], above: str) -> tuple[Section, ...]:
        done = []
        for place, section in enumerate(level):
            number = _heading_number(place, above)
            blocks = tuple(map(captioned, section.blocks))
            done.append(Section(number + section.title, blocks, walk(section.parts, f"{above}{place + 1}.")))
        return tuple(done)

    return walk(sections, "")


def _heading_number(place: int, above: str) -> str:
    if get_locale() == "en":
        return f"{above}{place + 1}  "
    return f"（{_NUMERALS[place]}）" if above else f"{_NUMERALS[place]}、"
