"""Figures, scores and ranks of regions, departments and posts."""

from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from sqlalchemy.orm import Session

from api.dependencies import Actor, DbSession
from api.evaluation.asked import READ, READ_OR_OWN, Asked, CardName
from api.evaluation.shapes import CardRef, PeriodOut, RowOut, RowsOut
from gis.evaluation.period import Period
from gis.evaluation.standing import Placed, standing
from gis.page import read_cursor, write_cursor
from gis.people.models import Person

router = APIRouter(prefix="/api/v1/evaluation", tags=["evaluation"])
MOST_ROWS = 1000  # of one page: unit grids go into the thousands

Compare = Annotated[bool, Query(description="true: with each value of the period before")]


class Wanted:
    """How rows are asked for: period, card, and which of them."""

    def __init__(
        self,
        request: Request,
        period: Asked,
        card: CardName = None,
        compare: Compare = False,
        sort: Annotated[Literal["code", "rank"], Query(description="rank: the best first")] = "code",
        limit: Annotated[int, Query(ge=1, le=MOST_ROWS)] = MOST_ROWS,
        cursor: Annotated[str | None, Query(max_length=300)] = None,
    ) -> None:
        self.request = request
        self.period: Period = period
        self.card, self.compare = card, compare
        self.sort, self.limit, self.cursor = sort, limit, cursor

    def rows(self, session: Session, reader: Person, kind: str) -> RowsOut:
        """One page of the rows of a kind."""
        told = standing(session, reader, kind, self.period, self.card, self.compare)
        ordered = sorted(told.rows, key=self._key)
        if self.cursor is not None:
            after = read_cursor(self.cursor, int, str)
            ordered = [one for one in ordered if self._key(one) > (after[0], after[1])]
        page = ordered[: self.limit]
        return RowsOut(
            period=PeriodOut.of(told.period),
            before=PeriodOut.of(told.period.before()) if self.compare else None,
            card=CardRef.of(told.card),
            items=[RowOut.of(one, told) for one in page],
            total=len(told.rows),
            next=self._next(page[-1]) if len(ordered) > len(page) else None,
        )

    def _key(self, one: Placed) -> tuple[int, str]:
        # Whoever has no rank stands behind all who have one.
        return (one.rank or 2**31 if self.sort == "rank" else 0), one.row.code

    def _next(self, last: Placed) -> str:
        kept = [(name, value) for name, value in self.request.query_params.multi_items() if name != "cursor"]
        cursor = write_cursor(*self._key(last))
        return f"{self.request.url.path}?{urlencode([*kept, ('cursor', cursor)])}"


Rows = Annotated[Wanted, Depends()]


@router.get("/regions", dependencies=[READ])
def regions(
    session: DbSession,
    actor: Actor,
    wanted: Rows,
    level: Literal["district", "street", "community", "unit_grid"] = "street",
) -> RowsOut:
    """Districts, streets, communities or unit grids (those with cases)."""
    return wanted.rows(session, actor, level)


@router.get("/departments", dependencies=[READ_OR_OWN])
def departments(session: DbSession, actor: Actor, wanted: Rows) -> RowsOut:
    """Departments that dispose; the cases of those below count to those above, too."""
    return wanted.rows(session, actor, "department")


@router.get("/posts", dependencies=[READ])
def posts(
    session: DbSession,
    actor: Actor,
    wanted: Rows,
    role: Literal["collector", "acceptor", "shift_leader", "dispatcher"] = "collector",
) -> RowsOut:
    """People on their posts, by login."""
    return wanted.rows(session, actor, role)
