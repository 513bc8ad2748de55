"""A report as a workbook: counts as numbers; indicators, points, scores, grades and ranks as formulas.

A weight, a band or a grade that is changed on the sheet of cards changes every score that rests on it.
"""

import io
from typing import Any

import xlsxwriter
from xlsxwriter.workbook import Workbook

from gis.evaluation.indicators import OBJECT_KINDS
from gis.evaluation.report.content import Report
from gis.i18n import _
from layers.report.card_sheet import write_cards
from layers.report.case_sheet import write_cases
from layers.report.ranking_sheet import write_ranking
from layers.report.sheet_looks import Looks


def to_xlsx(report: Report) -> bytes:
    """The workbook of a report: about it, its cards, a sheet for each kind of object, its cases."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        # Answers stand beside formulas; an office works them out anew all the same.
        book.set_calc_mode("auto")
        book.set_properties(
            {
                "title": report.heading,
                "subject": report.period_name,
                "author": "citygrid",
                "created": report.made_at.replace(tzinfo=None),
            }
        )
        looks = Looks(book)
        _about(book, looks, report)
        cards = write_cards(book, looks, report.rankings)
        for ranking in report.rankings:
            write_ranking(book, looks, report.period, ranking, cards[ranking.kind])
        write_cases(book, looks, report.cases)
    return out.getvalue()


def _about(book: Workbook, looks: Looks, report: Report) -> None:
    """The first sheet: what the workbook is, and how to use it."""
    sheet = book.add_worksheet(_("About"))
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 90, looks.wrapped)
    sheet.write(0, 0, report.heading, looks.title)
    kinds = _(", ").join(_(OBJECT_KINDS[ranking.kind]) for ranking in report.rankings)
    lines: list[tuple[str, Any]] = [
        (_("Period"), f"{report.period_name} ({report.period.code})"),
        (_("Made on"), report.made),
        (_("Sheets"), kinds),
        (
            _("Formulas"),
            _(
                "Counts are numbers; indicators, points, scores, grades and ranks are formulas. Change a"
                " weight, a band or a grade on the sheet of cards, and the scores follow. Weights should"
                " make 100."
            ),
        ),
        (
            _("No cases"),
            _(
                "An indicator without cases is neither 0% nor 100%: it says so, and the score is worked out"
                " from the others, where they carry half of the weight at least."
            ),
        ),
    ]
    if report.closed is not None:
        digest = _("Version {version}, SHA-256 {digest}")
        said = digest.format(version=report.closed.version, digest=report.closed.digest)
        lines.append((_("Closed"), said))
    for place, (head, words) in enumerate(lines, start=2):
        sheet.write_string(place, 0, head, looks.bold)
        sheet.write_string(place, 1, words, looks.wrapped)
