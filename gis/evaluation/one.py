"""One object alone: its figures, for explanations, causes and trends."""

from datetime import datetime

from sqlalchemy.orm import Session

from gis.errors import InvalidInput
from gis.evaluation.figures import Row, figures
from gis.evaluation.indicators import OBJECT_KINDS, indicators_of
from gis.evaluation.period import Period
from gis.evaluation.standing import codes_seen
from gis.i18n import _
from gis.people.models import Person

SCORE = "score"  # in the place of an indicator: the score itself


def one_row(
    session: Session, reader: Person, kind: str, code: str, period: Period, indicator: str, now: datetime
) -> Row:
    """The row of one object, with one indicator or, for ``score``, with all.

    Raises
    ------
    InvalidInput
        Unknown kind, object or indicator, or one that the reader may not see; a period in the future.
    """
    indicators_of(kind)
    seen = codes_seen(session, reader)
    if seen is not None and (kind != "department" or code not in seen):
        raise InvalidInput(
            _("There is no {kind} {code} that you may see").format(
                kind=_(OBJECT_KINDS[kind]), code=code[:64]
            ),
            errors=[{"pointer": "/code"}],
        )
    wanted = None if indicator == SCORE else [indicator]
    return figures(session, reader, kind, period, indicators=wanted, codes=[code], now=now)[0]
