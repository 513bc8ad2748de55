"""Who reported a case, for the supervision centre to call back."""

from datetime import datetime

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict

from api.dependencies import Actor, DbSession, allow
from api.shapes import ListOf
from gis.open311.contacts import CALLS_BACK, reporters_of

router = APIRouter(prefix="/api/v1/cases", tags=["open311"])


class ReporterOut(BaseModel):
    """A citizen, as the other system told of them."""

    model_config = ConfigDict(from_attributes=True)

    system: str
    email: str
    phone: str
    name: str
    media_urls: list[str]
    at: datetime


@router.get("/{case_no}/reporters", dependencies=[Depends(allow(*CALLS_BACK))])
def read_reporters(session: DbSession, actor: Actor, case_no: str) -> ListOf:
    """Citizens who reported a case by another system, or added to it; empty for other cases."""
    found = reporters_of(session, actor, case_no)
    return ListOf(items=[ReporterOut.model_validate(reporter) for reporter in found])
