"""Filters of the desk that people keep under names of their own."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from gis.case.side_models import SavedFilter
from gis.errors import Conflict, InvalidInput, NotFound
from gis.i18n import _
from gis.people.models import Person

MOST_FILTERS = 50
LONGEST_NAME = 64


def filters_of(session: Session, person: Person) -> Sequence[SavedFilter]:
    """A person's filters, by name."""
    return session.scalars(
        select(SavedFilter).where(SavedFilter.person_id == person.id).order_by(SavedFilter.name)
    ).all()


def save_filter(session: Session, person: Person, name: str, query: dict[str, Any]) -> SavedFilter:
    """Keep a new filter.

    Raises
    ------
    Conflict
        The person has one of that name, or as many as one may have.
    InvalidInput
        The name is empty or too long.
    """
    name = _checked(session, person, name, None)
    kept = select(func.count()).select_from(SavedFilter).where(SavedFilter.person_id == person.id)
    if (session.scalar(kept) or 0) >= MOST_FILTERS:
        raise Conflict(_("You have {most} filters; remove one first").format(most=MOST_FILTERS))
    saved = SavedFilter(person_id=person.id, name=name, query=query)
    session.add(saved)
    session.flush()
    return saved


def replace_filter(
    session: Session, person: Person, filter_id: int, name: str, query: dict[str, Any]
) -> SavedFilter:
    """Put another filter in the place of one; raises NotFound, and as :func:`save_filter`."""
    saved = _own(session, person, filter_id)
    saved.name, saved.query = _checked(session, person, name, saved.id), query
    session.flush()
    return saved


def remove_filter(session: Session, person: Person, filter_id: int) -> None:
    """Remove a filter; raises NotFound."""
    session.delete(_own(session, person, filter_id))
    session.flush()


def _own(session: Session, person: Person, filter_id: int) -> SavedFilter:
    saved = session.get(SavedFilter, filter_id)
    if saved is None or saved.person_id != person.id:
        raise NotFound(_("You have no filter {id}").format(id=filter_id))
    return saved


def _checked(session: Session, person: Person, name: str, own_id: int | None) -> str:
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME or "\x00" in name:
        raise InvalidInput(
            _("A name of 1 to {most} characters is needed").format(most=LONGEST_NAME),
            errors=[{"pointer": "/name"}],
        )
    same = select(SavedFilter.id).where(SavedFilter.person_id == person.id, SavedFilter.name == name)
    taken = session.scalar(same)
    if taken is not None and taken != own_id:
        raise Conflict(_("You have a filter called {name} already").format(name=name), filter_id=taken)
    return name
