"""接口密钥: the keys of other systems, made, seen and revoked by an administrator."""

from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.dependencies import Actor, DbSession, allow
from gis.i18n import N_, _
from gis.people.api_keys import LONGEST_DAYS, LONGEST_NAME, keys
from gis.people.api_keys_models import ApiKey, Scope
from gis.people.models import Role
from web.rendering import render

router = APIRouter(include_in_schema=False, dependencies=[Depends(allow(Role.ADMIN))])

SCOPES = {
    Scope.READ: N_("Read whatever the account may read"),
    Scope.WRITE: N_("Read and change whatever the account may"),
    Scope.OPEN311: N_("Reports of citizens by Open311, nothing else"),
}


@dataclass(frozen=True)
class Row:
    """A key as it is listed, and how it stands."""

    key: ApiKey
    login: str
    title: str
    icon: str
    lamp: str
    is_good: bool


@router.get("/keys")
def api_keys(request: Request, session: DbSession, actor: Actor) -> Response:
    """All keys, those that are good first, and a form for a new one."""
    rows = [_row(key, login) for key, login in keys(session)]
    return render(
        request,
        "keys.html",
        actor,
        rows=sorted(rows, key=lambda row: not row.is_good),
        scopes=SCOPES,
        longest_name=LONGEST_NAME,
        most_days=LONGEST_DAYS,
    )


def _row(key: ApiKey, login: str) -> Row:
    if key.revoked_at:
        return Row(key, login, _("Revoked"), "ban", "", False)
    if key.expires_at and key.expires_at <= datetime.now(UTC):
        return Row(key, login, _("Expired"), "hourglass", "", False)
    return Row(key, login, _("Good"), "circle-check", "green", True)
