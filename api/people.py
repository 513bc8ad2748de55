"""Signing in, who one is, and the departments."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.security import OAuth2PasswordRequestForm
from pydantic import BaseModel

from api.dependencies import Actor, DbSession, public, signed_in
from api.session import issue_token
from api.shapes import DepartmentOut, ListOf, PersonOut
from gis.case.workflow import ROLE_TITLES
from gis.errors import NotSignedIn
from gis.i18n import _
from gis.people.queries import area_codes, departments
from gis.people.service import check_sign_in
from gis.settings import get_settings

router = APIRouter(prefix="/api/v1", tags=["people"])


class TokenOut(BaseModel):
    access_token: str
    token_type: str = "bearer"  # noqa: S105 - the name of the scheme
    expires_in: int


@router.post("/token", dependencies=[Depends(public)])
def token(form: Annotated[OAuth2PasswordRequestForm, Depends()], session: DbSession) -> TokenOut:
    """Sign in with login and password; answers a bearer token."""
    try:
        person = check_sign_in(session, form.username, form.password)
        if person.is_demo and not get_settings().is_loopback:
            raise NotSignedIn(_("Demo accounts only work on this machine"))
    except NotSignedIn:
        session.commit()  # the wrong try stays counted although the request fails
        raise
    access, life = issue_token(person)
    return TokenOut(access_token=access, expires_in=life)


@router.get("/me", dependencies=[Depends(signed_in)])
def me(session: DbSession, actor: Actor) -> PersonOut:
    """Who is signed in, and what they may do."""
    codes = {department.id: department.code for department in departments(session)}
    return PersonOut(
        login=actor.login,
        name=actor.name,
        role=actor.role,
        role_title=_(ROLE_TITLES[actor.role]),
        centre=actor.centre,
        department=codes.get(actor.department_id or 0),
        areas=area_codes(session, actor),
    )


@router.get("/departments", dependencies=[Depends(signed_in)])
def list_departments(session: DbSession) -> ListOf:
    """Departments in force, by code."""
    found = departments(session)
    codes = {department.id: department.code for department in found}
    return ListOf(items=[DepartmentOut.of(department, codes) for department in found])
