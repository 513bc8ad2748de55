"""For routes that work long: who asks is looked up in a transaction of its own, over before the route begins.

A route guarded by :func:`allow` holds a connection until it has answered. One that decodes a photo or waits
for the bytes of a phone on a weak line must not; it opens its own transactions where it needs them.
"""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Request

from api.dependencies import current_person
from gis.database import session_maker
from gis.errors import NotAllowed
from gis.i18n import _
from gis.people.models import Person, Role


def allow_detached(*roles: Role) -> Callable[[Request], None]:
    """Only these roles may come in; raises as :func:`api.dependencies.allow` does."""

    def guard(request: Request) -> None:
        with session_maker()() as session:
            person = current_person(request, session)
        if person.role not in roles:
            raise NotAllowed(_("This is not for your role"))

    guard.roles = roles  # type: ignore[attr-defined]  # api.access and the API description read it
    return guard


def detached_person(request: Request) -> Person:
    """Who asks, as the guard of the route found it; its columns are there, its relations are not."""
    person: Person = request.state.actor
    return person


DetachedActor = Annotated[Person, Depends(detached_person)]
