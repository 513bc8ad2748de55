"""The sheet of score cards: weights, bands and grades in cells that may be changed, and where each stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from gis.evaluation.indicators import INDICATORS, OBJECT_KINDS
from gis.evaluation.report.notes import SENSES, trust
from gis.evaluation.report.ranking import Ranking
from gis.evaluation.scoring import LEAST_WEIGHT
from gis.i18n import _, pick
from layers.report.sheet_looks import Looks


@dataclass(frozen=True)
class PartCells:
    """Addresses of one line of a card. ``bands``: (most, points) each; the last has no most."""

    weight: str
    full_at: str
    bands: tuple[tuple[str | None, str], ...]


@dataclass(frozen=True)
class CardCells:
    """Addresses of a card: its parts by indicator, its grades (name, least points), the least weight."""

    parts: dict[str, PartCells]
    grades: tuple[tuple[str, str], ...]
    least_weight: str


def write_cards(book: Workbook, looks: Looks, rankings: Sequence[Ranking]) -> dict[str, CardCells]:
    """Write all cards below each other; returns where each stands, by kind of object."""
    name = _("Score cards")
    sheet = book.add_worksheet(name)
    sheet.set_column(0, 0, 26, looks.text)
    sheet.set_column(1, 20, 11, looks.text)
    sheet.write(0, 0, name, looks.title)
    sheet.write(1, 0, _("Yellow cells may be changed."), looks.text)
    sheet.write(2, 0, _("Least weight with cases, %"), looks.text)
    sheet.write_number(2, 1, LEAST_WEIGHT, looks.input)
    cells = {}
    row = 4
    for ranking in rankings:
        cells[ranking.kind], row = _card(sheet, looks, ranking, row)
    return cells


def _card(sheet: Worksheet, looks: Looks, ranking: Ranking, row: int) -> tuple[CardCells, int]:
    """One card from a row on; returns its cells and the row after it."""
    kept = ranking.kept
    title = f"{_(OBJECT_KINDS[ranking.kind])} · {pick(kept.name_zh, kept.name_en)} v{kept.version}"
    sheet.write_string(row, 0, title, looks.bold)
    sheet.write_string(row, 3, trust(kept.status), looks.text)
    most_bands = max((len(part.bands) for part in ranking.card.parts), default=0)
    heads = [_("Indicator"), _("Weight, %"), _("Scored"), _("Full marks at")]
    for number in range(1, most_bands + 1):
        heads += [_("Band {number}: up to").format(number=number), _("Points")]
    for column, head in enumerate(heads):
        sheet.write_string(row + 1, column, head, looks.head)
    first = row = row + 2
    parts = {}
    for part in ranking.card.parts:
        sheet.write_string(row, 0, _(INDICATORS[part.indicator].title), looks.text)
        sheet.write_number(row, 1, part.weight, looks.input)
        sheet.write_string(row, 2, _(SENSES[part.sense]), looks.text)
        bands: list[tuple[str | None, str]] = []
        if part.sense == "band":
            for place, band in enumerate(part.bands):
                column = 4 + 2 * place
                if band.most is None:
                    sheet.write_string(row, column, _("more"), looks.text)
                else:
                    sheet.write_number(row, column, band.most, looks.input)
                sheet.write_number(row, column + 1, band.points, looks.input)
                bands.append(
                    (None if band.most is None else _at(sheet, row, column), _at(sheet, row, column + 1))
                )
        else:
            sheet.write_number(row, 3, part.full_at, looks.input)
        parts[part.indicator] = PartCells(_at(sheet, row, 1), _at(sheet, row, 3), tuple(bands))
        row += 1
    sheet.write_string(row, 0, _("Sum of the weights"), looks.text)
    sheet.write_formula(
        row, 1, f"=SUM(B{first + 1}:B{row})", looks.count, sum(part.weight for part in ranking.card.parts)
    )  # fmt: skip
    sheet.conditional_format(
        row, 1, row, 1, {"type": "cell", "criteria": "!=", "value": 100, "format": looks.wrong}
    )
    row += 1
    grades = []
    sheet.write_string(row, 0, _("Grades from"), looks.text)
    for place, grade in enumerate(ranking.card.grades):
        sheet.write_string(row, 1 + 2 * place, grade.name, looks.grades.get(grade.colour, looks.middle))
        sheet.write_number(row, 2 + 2 * place, grade.least, looks.input)
        grades.append((grade.name, _at(sheet, row, 2 + 2 * place)))
    return CardCells(parts, tuple(grades), _at(sheet, 2, 1)), row + 3


def _at(sheet: Worksheet, row: int, column: int) -> str:
    """The address of a cell from other sheets, fixed."""
    return f"'{sheet.get_name()}'!{xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)}"
