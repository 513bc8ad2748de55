"""The sheet of cases: every case filed in the period, with how it turned out and a way to it."""

from collections.abc import Sequence

from xlsxwriter.workbook import Workbook

from gis.evaluation.report.filed_cases import MOST_LISTED, CaseRow
from gis.i18n import _
from gis.settings import get_settings
from layers.report.sheet_looks import Looks

MOST_LINKS = 60_000  # a sheet holds 65,530 at most


def write_cases(book: Workbook, looks: Looks, cases: Sequence[CaseRow]) -> None:
    """One row a case; a remark above them where the list was cut."""
    sheet = book.add_worksheet(_("Cases"))
    heads = (
        (_("Case"), 20), (_("Class"), 18), (_("Street"), 16), (_("Community"), 18), (_("Department"), 24),
        (_("Filed"), 16), (_("To be disposed of by"), 16), (_("Handed over"), 16), (_("Closed"), 16),
        (_("Disposed of in time"), 12), (_("Reworks"), 10),
    )  # fmt: skip
    first = 0
    if len(cases) == MOST_LISTED:
        cut = _("The first {number:,} cases of the period; the service lists all of them.")
        sheet.write_string(0, 0, cut.format(number=MOST_LISTED), looks.text)
        first = 1
    for column, (head, width) in enumerate(heads):
        sheet.set_column(column, column, width, looks.text)
        sheet.write_string(first, column, head, looks.head)
    base, zone = get_settings().public_url.rstrip("/"), get_settings().zone
    for row, case in enumerate(cases, start=first + 1):
        if base and row <= MOST_LINKS:
            sheet.write_url(row, 0, f"{base}/cases/{case.case_no}", looks.link, case.case_no)
        else:
            sheet.write_string(row, 0, case.case_no, looks.text)
        words = (case.class_name, case.street, case.community, case.department)
        for column, word in enumerate(words, start=1):
            sheet.write_string(row, column, word, looks.text)
        moments = (case.filed_at, case.due_at, case.disposed_at, case.closed_at)
        for column, moment in enumerate(moments, start=5):
            if moment is not None:
                sheet.write_datetime(row, column, moment.astimezone(zone).replace(tzinfo=None), looks.moment)
        sheet.write_string(
            row, 9, {True: _("yes"), False: _("no"), None: _("open")}[case.in_time], looks.middle
        )
        sheet.write_number(row, 10, case.reworks, looks.count)
    sheet.freeze_panes(first + 1, 1)
    sheet.autofilter(first, 0, first + max(len(cases), 1), len(heads) - 1)
