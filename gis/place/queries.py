"""Lists of places."""

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from gis.page import Page, read_cursor, write_cursor
from gis.place.models import Place, SearchName
from gis.place.words import plain


def place_page(
    session: Session,
    limit: int,
    cursor: str | None = None,
    words: str = "",
    type_code: str | None = None,
    ended: bool = False,
) -> Page[Place]:
    """Places by their number, a page at a time; ``words``: only those with a name that holds them.

    ``ended``: those no longer there, too. A name of the past finds the place as well.
    """
    statement = select(Place).where(Place.past_of.is_(None))
    if cursor:
        (after,) = read_cursor(cursor, int)
        statement = statement.where(Place.id > after)
    if not ended:
        statement = statement.where(or_(Place.valid_to.is_(None), Place.valid_to > func.current_date()))
    if type_code:
        statement = statement.where(Place.type_code == type_code)
    if asked := plain(words):
        named = select(SearchName.ref_id).where(
            SearchName.kind == "place", SearchName.plain.like(f"%{asked}%")
        )
        statement = statement.where(or_(Place.id.in_(named), Place.name_zh == words.strip()))
    rows = list(session.scalars(statement.order_by(Place.id).limit(limit + 1)))
    more = len(rows) > limit
    return Page(rows[:limit], write_cursor(rows[limit - 1].id) if more else None)
