"""Events to other systems: one POST of JSON, signed so that the receiver knows it is ours and whole."""

import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from gis.case.models import Case, CaseStep
from gis.case.side_models import CaseEvent
from gis.crs import DOOR_SRID
from gis.database import transaction
from gis.notice.channels import webhooks
from gis.settings import get_settings

TIMEOUT_S = 10
MOST_READ = 65_536  # bytes of an answer; nothing in it is used


class NotTaken(Exception):
    """A webhook did not take an event; says its host and why, and nothing that may be secret."""


@dataclass(frozen=True)
class Signed:
    """A body and the headers that go with it."""

    body: bytes
    headers: dict[str, str]


def signature(secret: bytes, moment: int, body: bytes) -> str:
    """HMAC-SHA256 of ``{moment}.{body}``, hexadecimal; ``moment`` in seconds since 1970, against replay."""
    return hmac.new(secret, b"%d." % moment + body, hashlib.sha256).hexdigest()


def payload(session: Session, event_id: int) -> dict[str, Any] | None:
    """What a webhook is told about an event: facts of the case, no person and no words of theirs."""
    place = func.ST_Transform(Case.location, DOOR_SRID)
    row = session.execute(
        select(
            CaseEvent.action, CaseEvent.at, CaseEvent.seq, CaseStep.to_state, Case.case_no, Case.kind,
            Case.class_code, Case.state, Case.source,
            func.ST_X(place).label("lon"), func.ST_Y(place).label("lat"),
        )
        .join(Case, Case.id == CaseEvent.case_id)
        .outerjoin(
            CaseStep,
            and_(
                CaseStep.case_id == CaseEvent.case_id,
                CaseStep.seq == CaseEvent.seq,
                CaseStep.action == CaseEvent.action,
            ),
        )
        .where(CaseEvent.id == event_id)
    ).one_or_none()  # fmt: skip
    if row is None:
        return None
    return {
        "id": str(event_id),
        "type": f"case.{row.action}",
        "at": row.at.isoformat(),
        "case": {
            "case_no": row.case_no,
            "kind": row.kind,
            "class_code": row.class_code,
            "source": row.source,
            "state": row.to_state or row.state,  # after this step, whatever came since
            "version": row.seq,
            "lon": round(row.lon, 7),
            "lat": round(row.lat, 7),
        },
    }


def sign(content: dict[str, Any], secret: bytes, moment: int) -> Signed:
    """The content as it goes over the wire."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "citygrid",
        "Citygrid-Event": str(content["id"]),
        "Citygrid-Signature": f"t={moment},v1={signature(secret, moment, body)}",
    }
    return Signed(body, headers)


def send_event(event_id: int, target: str) -> None:
    """Send an event to the webhook of that name; nothing when the city has taken it out of the settings.

    Raises
    ------
    NotTaken
        It is away, too slow, or answers with anything but 2xx; the job tries again.
    """
    url = webhooks().get(target)
    secret = get_settings().webhook_secret
    if url is None or secret is None:
        return
    # The transaction is over before the other system is asked: it may take its time.
    with transaction() as session:
        content = payload(session, event_id)
    if content is not None:
        post(url, sign(content, secret.get_secret_value().encode(), int(time.time())))


def post(url: str, signed: Signed) -> None:
    """POST to an address, following no redirect: what is signed for one receiver is for no other."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(host, parts.port, timeout=TIMEOUT_S)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path, signed.body, signed.headers)
        answer = connection.getresponse()
        answer.read(MOST_READ)
    except (OSError, HTTPException) as error:
        # Without its cause: what it says of the address may hold a secret.
        raise NotTaken(f"{host}: {type(error).__name__}") from None
    finally:
        connection.close()
    if not 200 <= answer.status < 300:
        raise NotTaken(f"{host} answered {answer.status}")
