"""Whether the service lives, whether it can work, and its figures for monitoring."""

from typing import Any

from fastapi import APIRouter, Depends, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text

from api.dependencies import DbSession, public
from gis import schema
from gis.errors import SetupError
from gis.i18n import _

router = APIRouter(tags=["service"], dependencies=[Depends(public)])


@router.get("/health/live")
async def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "live"}


@router.get("/health/ready")
def ready(session: DbSession) -> dict[str, Any]:
    """The database answers and has this release's tables; 503 otherwise."""
    session.execute(text("SELECT 1"))
    if not schema.is_current():
        raise SetupError(_("The database lacks this release's tables; run citygrid init-db"))
    return {"status": "ready"}


@router.get("/metrics", include_in_schema=False)
def metrics() -> Response:
    """Figures for Prometheus: counts and times only, nothing about persons or cases."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
