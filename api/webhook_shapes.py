"""Webhooks as they come in and go out."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, Field

from api.shapes import local
from gis.webhook.models import Mode, Webhook, WebhookDelivery
from gis.webhook.posting import Outcome
from gis.webhook.queries import Waiting
from gis.webhook.sending import url_of
from gis.webhook.service import Wish

Code = Annotated[str, Field(max_length=64)]
Codes = Annotated[list[Code], Field(max_length=100)]


class WebhookIn(BaseModel):
    """A new subscription. Lists that are empty ask for all."""

    name: Annotated[str, Field(min_length=1, max_length=64)]
    url: Annotated[str, Field(max_length=2000, examples=["https://receiver.example/hook"])]
    types: Annotated[Codes, Field(examples=[["case.*", "dataset.changed"]])]
    mode: Mode = Mode.STRUCTURED
    areas: Codes = []
    classes: Annotated[Codes, Field(examples=[["event", "component/01"]])] = []
    departments: Codes = []
    active: bool = True

    def wish(self) -> Wish:
        return Wish(**self.model_dump())


class WebhookChange(BaseModel):
    """What is to be otherwise; the rest stays. ``paused`` false: it is tried again from now on."""

    name: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    url: Annotated[str, Field(max_length=2000)] | None = None
    types: Codes | None = None
    mode: Mode | None = None
    areas: Codes | None = None
    classes: Codes | None = None
    departments: Codes | None = None
    active: bool | None = None
    paused: bool | None = None

    def wish(self) -> Wish:
        return Wish(**self.model_dump())


class RotateIn(BaseModel):
    """How long the key before stays good beside the new one."""

    hours: Annotated[int, Field(ge=0, le=168)] = 24


class SpanIn(BaseModel):
    """A span of time, with offsets; ``to`` does not belong to it."""

    begin: Annotated[AwareDatetime, Field(alias="from")]
    to: AwareDatetime
    types: Codes | None = None


class WebhookOut(BaseModel):
    """A subscription and how its receiver is. ``secret``: only in the answer that made it."""

    id: int
    name: str
    url: str
    origin: Literal["person", "settings"]
    mode: Mode
    types: list[str]
    areas: list[str]
    classes: list[str]
    departments: list[str]
    active: bool
    version: int
    paused_at: datetime | None
    paused_reason: str
    failures: int = Field(description="in a row")
    failing_since: datetime | None
    last_success_at: datetime | None
    last_failure_at: datetime | None
    last_error: str
    waiting: int = Field(description="deliveries that wait, counted up to 10,000")
    next_at: datetime | None = Field(description="when the next is tried")
    previous_key_until: datetime | None
    created_at: datetime
    secret: str | None = None

    @classmethod
    def of(cls, webhook: Webhook, waiting: Waiting, secret: str | None = None) -> "WebhookOut":
        same: dict[str, Any] = {name: getattr(webhook, name) for name in _SAME}
        moments = {name: local(getattr(webhook, name)) for name in _MOMENTS}
        return cls(
            **same,
            **moments,
            url=url_of(webhook),
            waiting=waiting.count,
            next_at=local(waiting.next_at),
            previous_key_until=local(webhook.previous_until),
            secret=secret,
        )


_SAME = (
    *("id", "name", "origin", "mode", "types", "areas", "classes", "departments", "active", "version"),
    *("paused_reason", "failures", "last_error"),
)
_MOMENTS = ("paused_at", "failing_since", "last_success_at", "last_failure_at", "created_at")


class DeliveryOut(BaseModel):
    """One event to one address. ``event``: its CloudEvents id, the same in every delivery of it."""

    id: int
    event: str
    type: str
    subject: str
    state: str
    attempt: int
    at: datetime | None = Field(description="of the last try")
    status: int | None
    duration_ms: int | None
    error: str
    next_at: datetime | None
    created_at: datetime

    @classmethod
    def of(cls, row: WebhookDelivery) -> "DeliveryOut":
        return cls(
            id=row.id,
            event=str(row.event.uid),
            type=row.event.type,
            subject=row.subject,
            state=row.state,
            attempt=row.attempt,
            at=local(row.at),
            status=row.status,
            duration_ms=row.duration_ms,
            error=row.error,
            next_at=local(row.next_at),
            created_at=row.created_at,
        )


class TestOut(BaseModel):
    """What came back from a test. ``status`` is null where nothing answered; ``error`` says why not taken."""

    taken: bool
    status: int | None
    duration_ms: int
    error: str

    @classmethod
    def of(cls, outcome: Outcome) -> "TestOut":
        return cls(
            taken=outcome.is_taken,
            status=outcome.status,
            duration_ms=outcome.duration_ms,
            error=outcome.error,
        )


class ReplayedOut(BaseModel):
    """How many events are sent again."""

    events: int
