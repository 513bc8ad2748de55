"""Telling the people a rule names: one statement, in the transaction of what they are told about."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, String, func, insert, literal, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from gis.case.models import Case
from gis.jobs.defer import SEND_MAIL, Job, defer
from gis.notice.audience import people
from gis.notice.channels import mail_is_on
from gis.notice.models import Notice
from gis.notice.rules import NOTICE_RULES
from gis.people.models import Person
from gis.webhook.outbox import add_case_event

LONGEST_NOTE = 300  # of a reason; the rest stands in the case's history


def tell(
    session: Session, case: Case, kind: str, event_id: int, at: datetime, actor_id: int | None, note: str = ""
) -> None:
    """Give a notice to whom the rule of ``kind`` names but who acted; what goes outside becomes jobs."""
    if (rule := NOTICE_RULES.get(kind)) is not None:
        detail: dict[str, Any] = {"note": note[:LONGEST_NOTE]} if note.strip() else {}
        told = select(
            Person.id,
            literal(case.id, BigInteger),
            literal(event_id, BigInteger),
            literal(kind, String),
            literal(detail, JSONB),
            literal(at, DateTime(timezone=True)),
        ).where(people(rule.audiences, case), Person.id.is_distinct_from(actor_id))
        columns = ["person_id", "case_id", "event_id", "kind", "detail", "at"]
        session.execute(insert(Notice).from_select(columns, told))
        _send_mail(session, event_id)
    add_case_event(session, case, kind, at)


def _send_mail(session: Session, event_id: int) -> None:
    """Jobs for e-mail, where the city has set it up."""
    if not mail_is_on():
        return
    with_address = (
        select(Notice.id)
        .join(Person, Person.id == Notice.person_id)
        .where(Notice.event_id == event_id, func.coalesce(Person.email, "") != "")
    )
    defer(session, [Job(SEND_MAIL, {"notice_id": id_}) for id_ in session.scalars(with_address)])
