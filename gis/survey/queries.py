"""Lists of imports."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.page import Page, read_cursor, write_cursor
from gis.survey.models import ImportState, SurveyImport


def import_page(
    session: Session,
    limit: int,
    cursor: str | None = None,
    survey: str | None = None,
    state: ImportState | None = None,
) -> Page[SurveyImport]:
    """Imports, newest first."""
    statement = select(SurveyImport).order_by(SurveyImport.id.desc()).limit(limit + 1)
    if survey:
        statement = statement.where(SurveyImport.survey == survey)
    if state:
        statement = statement.where(SurveyImport.state == state)
    if cursor:
        (last,) = read_cursor(cursor, int)
        statement = statement.where(SurveyImport.id < last)
    rows = list(session.scalars(statement))
    more = len(rows) > limit
    return Page(rows[:limit], write_cursor(rows[limit - 1].id) if more else None)
