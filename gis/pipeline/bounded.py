"""Questions of people end in time: one that would keep the database busy for minutes is told so."""

from collections.abc import Iterator
from contextlib import contextmanager

from psycopg.errors import QueryCanceled
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from gis.errors import TooLarge
from gis.i18n import _

LONGEST_S = 20


@contextmanager
def in_time(session: Session, seconds: int = LONGEST_S) -> Iterator[None]:
    """Each statement inside ends within ``seconds``.

    Raises
    ------
    TooLarge
        One did not; the transaction is lost with it.
    """
    session.execute(text(f"SET LOCAL statement_timeout = {seconds * 1000:d}"))
    try:
        yield
    except OperationalError as error:
        if not isinstance(error.orig, QueryCanceled):
            raise
        raise TooLarge(
            _("No answer within {seconds} s; narrow the place or the filter").format(seconds=seconds)
        ) from error
    session.execute(text("SET LOCAL statement_timeout = DEFAULT"))
