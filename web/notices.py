"""The page of a person's notices."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api.dependencies import Actor, DbSession, signed_in
from gis.notice.reading import count_unread, notice_page
from web.rendering import render

router = APIRouter(include_in_schema=False, dependencies=[Depends(signed_in)])


@router.get("/notices")
def notices(
    request: Request,
    session: DbSession,
    actor: Actor,
    cursor: str | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """What the person was told, newest first."""
    page = notice_page(session, actor, limit=limit, cursor=cursor)
    following = f"/notices?{urlencode({'cursor': page.next_cursor})}" if page.next_cursor else ""
    return render(
        request,
        "notices.html",
        actor,
        lines=page.items,
        unread=count_unread(session, actor),
        next_address=following,
    )
