"""API keys: an administrator makes, lists and revokes them."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import BaseModel, Field

from api.dependencies import Actor, DbSession, allow
from api.shapes import ListOf
from gis.errors import NotAllowed
from gis.i18n import _
from gis.people.api_keys import LONGEST_DAYS, LONGEST_NAME, add_key, keys, revoke_key
from gis.people.api_keys_models import ApiKey, Scope
from gis.people.models import Role


async def not_by_key(request: Request, actor: Actor) -> None:
    """A key that leaked shall not be able to make others, which would outlive it."""
    if request.state.by_key:
        raise NotAllowed(_("Keys are looked after by a person who is signed in, not by a key"))


router = APIRouter(
    prefix="/api/v1/keys", tags=["people"], dependencies=[Depends(allow(Role.ADMIN)), Depends(not_by_key)]
)


class KeyIn(BaseModel):
    login: str = Field(max_length=64, description="whose key it is: it may do what this person may")
    name: str = Field(min_length=1, max_length=LONGEST_NAME, description="what it is for")
    scopes: list[Scope] = Field(min_length=1, max_length=len(Scope))
    days: int | None = Field(default=None, ge=1, le=LONGEST_DAYS, description="life; without end when empty")
    per_minute: int | None = Field(default=None, ge=1, le=1_000_000, description="requests in a minute")


class KeyOut(BaseModel):
    prefix: str = Field(description="its first characters, by which it is known")
    login: str
    name: str
    scopes: list[str]
    per_minute: int | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None

    @classmethod
    def of(cls, key: ApiKey, login: str) -> "KeyOut":
        told = {name: getattr(key, name) for name in cls.model_fields if name != "login"}
        return cls(login=login, **told)


class NewKeyOut(KeyOut):
    key: str = Field(description="the key; it is told here and never again")


@router.post("", status_code=201)
def create_key(body: KeyIn, session: DbSession, actor: Actor, response: Response) -> NewKeyOut:
    """Make a key. The answer is the only one that holds it."""
    response.headers["cache-control"] = "no-store"
    row, key = add_key(
        session,
        body.login,
        body.name,
        body.scopes,
        days=body.days,
        per_minute=body.per_minute,
        created_by=actor,
    )
    return NewKeyOut(key=key, **KeyOut.of(row, body.login).model_dump())


@router.get("")
def list_keys(session: DbSession, login: Annotated[str | None, Query(max_length=64)] = None) -> ListOf:
    """Keys, newest first, revoked ones too; never the keys themselves."""
    return ListOf(items=[KeyOut.of(key, owner) for key, owner in keys(session, login)])


@router.delete("/{prefix}", status_code=204)
def end_key(prefix: Annotated[str, Path(max_length=16)], session: DbSession) -> None:
    """Revoke a key: it is refused from the next request on."""
    revoke_key(session, prefix)
