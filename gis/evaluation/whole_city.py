"""Who sees the whole city: what is closed or watched is of all of it; a part would say something else."""

from sqlalchemy.orm import Session

from gis.case.scope import scope_of
from gis.errors import NotAllowed
from gis.i18n import _
from gis.people.models import Person


def need_whole_city(session: Session, person: Person) -> None:
    """Raise NotAllowed for who is limited to some areas or to a department."""
    scope = scope_of(session, person)
    if scope.streets or scope.communities or scope.departments is not None:
        raise NotAllowed(_("This is about the whole city; your account is limited to a part of it"))
