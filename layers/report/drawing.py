"""All files of a report; the job that makes one finds this by its entry point."""

from gis.evaluation.report.content import Report
from gis.evaluation.report.material import Tell
from gis.i18n import N_
from layers.report.docx import to_docx
from layers.report.pdf import to_pdf
from layers.report.pictures import draw
from layers.report.workbook import to_xlsx


def draw_files(report: Report, tell: Tell) -> dict[str, bytes]:
    """DOCX, PDF and XLSX of a report, by their endings; ``tell`` is told how far it is."""
    tell(N_("Drawing charts and the map"), 60)
    pictures = draw(report.sections)
    tell(N_("Writing the document"), 70)
    document = to_docx(report, pictures)
    tell(N_("Setting the pages"), 78)
    pages = to_pdf(report, pictures)
    tell(N_("Writing the workbook"), 92)
    return {"docx": document, "pdf": pages, "xlsx": to_xlsx(report)}
