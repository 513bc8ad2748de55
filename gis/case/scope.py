"""Which cases a person may see and act on: by area; a department what it was given or helps with."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session

from gis.case.models import Case
from gis.case.side_models import CaseCoDepartment
from gis.grid.models import Area
from gis.people.models import Person, PersonArea, Role
from gis.people.queries import departments_of

# These see a case when it is given to their department, and not before.
GIVEN_CASES = (Role.DEPARTMENT, Role.OWNER)
MOST_PARTS = 24  # more departments or areas than these are one condition, not a part each


@dataclass(frozen=True)
class Scope:
    """What narrows a person's sight, read once for a request.

    Attributes
    ----------
    streets, communities : ids of areas; both empty: the whole city
    departments : ids of the person's department and those below it; ``None`` where departments do not narrow
    """

    streets: tuple[int, ...]
    communities: tuple[int, ...]
    departments: tuple[int, ...] | None


def scope_of(session: Session, person: Person) -> Scope:
    """The scope of a person; of a district all its streets, of a street no need to name its communities."""
    own = select(PersonArea.area_id).where(PersonArea.person_id == person.id)
    named = session.execute(
        select(Area.id, Area.level, Area.parent_id).where(or_(Area.id.in_(own), Area.parent_id.in_(own)))
    ).all()
    held = {row.id for row in named}
    communities = [row for row in named if row.level == "community" and row.parent_id not in held]
    return Scope(
        # Whoever is limited to an area that holds no case sees none, not all.
        streets=tuple(sorted(row.id for row in named if row.level != "community")),
        communities=tuple(sorted(row.id for row in communities)),
        departments=tuple(departments_of(session, person)) if person.role in GIVEN_CASES else None,
    )


def narrow_views(session: Session, person: Person) -> None:
    """Let the views of cases (``app.cases``) show, until this transaction ends, only what the person may see.

    The views read two settings of the transaction, so that tiles, details and search need no condition of
    their own and cannot forget it.
    """
    scope = scope_of(session, person)
    areas = (*scope.streets, *scope.communities)
    session.execute(
        select(
            func.set_config("citygrid.areas", _array(areas or None), True),
            func.set_config("citygrid.departments", _array(scope.departments), True),
        )
    )


def _array(ids: Sequence[int] | None) -> str:
    """Ids as a PostgreSQL array; empty text where nothing narrows."""
    return "" if ids is None else "{" + ",".join(map(str, ids)) + "}"


def cases_in_scope(session: Session, person: Person) -> ColumnElement[bool]:
    """A condition on :class:`Case` that holds for the cases this person may see.

    Who reported a case sees it wherever it lies: its photos may still be on their way when it is stored.
    """
    scope = scope_of(session, person)
    conditions = [true(), *(or_(part, Case.reporter_id == person.id) for part in _in_areas(scope))]
    if scope.departments is not None:
        conditions.append(or_(Case.department_id.in_(scope.departments), helped_by(scope.departments)))
    return and_(*conditions)


def scope_parts(scope: Scope, by_area: bool) -> list[ColumnElement[bool]]:
    """The scope cut into parts that do not overlap, each of which one index reads in the order of a list.

    A list takes the first rows of each part and of these the first. ``by_area``: cut by streets and
    communities, too, for an order that their indexes have.
    """
    areas = _in_areas(scope)
    if scope.departments is None:
        cut = [
            *(Case.street_id == area for area in scope.streets),
            *(
                and_(Case.community_id == area, Case.street_id.not_in(scope.streets))
                for area in scope.communities
            ),
        ]
        return cut if by_area and 0 < len(cut) <= MOST_PARTS else [and_(true(), *areas)]
    if len(scope.departments) > MOST_PARTS:
        own: list[ColumnElement[bool]] = [Case.department_id.in_(scope.departments)]
    else:
        own = [Case.department_id == department for department in scope.departments]
    not_own = or_(Case.department_id.is_(None), Case.department_id.not_in(scope.departments))
    # The few it helps with are read by their own table.
    helped = select(CaseCoDepartment.case_id).where(CaseCoDepartment.department_id.in_(scope.departments))
    return [*(and_(part, *areas) for part in own), and_(Case.id.in_(helped), not_own, *areas)]


def helped_by(departments: Sequence[int], undone: bool = False) -> ColumnElement[bool]:
    """Cases that one of these departments has a part in beside the main one; ``undone``: not finished yet."""
    part = select(CaseCoDepartment.case_id).where(
        CaseCoDepartment.case_id == Case.id, CaseCoDepartment.department_id.in_(departments)
    )
    return (part.where(CaseCoDepartment.done_at.is_(None)) if undone else part).exists()


def _in_areas(scope: Scope) -> list[ColumnElement[bool]]:
    if not scope.streets and not scope.communities:
        return []
    return [or_(Case.street_id.in_(scope.streets), Case.community_id.in_(scope.communities))]
