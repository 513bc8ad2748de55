"""Who looks at a page that anyone may see: the frame greets them, and nothing more depends on it."""

from fastapi import Request
from sqlalchemy.exc import SQLAlchemyError

from api.dependencies import current_person
from gis.database import session_maker
from gis.errors import CityGridError
from gis.people.models import Person


def visitor(request: Request) -> Person | None:
    """The person of the request if there is one; None for a stranger, or when nobody can be asked.

    Asked anew, in a transaction of its own: an error page is drawn after the request's own has been rolled
    back, and what that one had loaded can no longer be read.
    """
    try:
        with session_maker()() as session:
            return current_person(request, session)
    except (CityGridError, SQLAlchemyError):
        return None
