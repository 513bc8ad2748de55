"""How an event goes over the wire: CloudEvents 1.0 in its structured and binary form, or plainly."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from gis.webhook.models import Mode, WebhookEvent

SPEC_VERSION = "1.0"
# What CloudEvents lets stand unescaped in a header: printable ASCII but blank, quote and percent.
_PLAIN = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"%')


@dataclass(frozen=True)
class Message:
    """A body and the headers that say what it is."""

    body: bytes
    headers: dict[str, str]


def write(event: WebhookEvent, mode: Mode, source: str) -> Message:
    """The event in a form; the same bytes each time, so that a repetition is known as one.

    ``id`` and ``source`` together are the event's name; both stay what they are, however often it is sent.
    """
    attributes = {
        "specversion": SPEC_VERSION,
        "id": str(event.uid),
        "source": source,
        "type": event.type,
        "subject": event.subject,
        "time": event.at.isoformat(),
    }
    if mode is Mode.STRUCTURED:
        content: dict[str, Any] = {**attributes, "datacontenttype": "application/json", "data": event.data}
        return Message(_json(content), {"Content-Type": "application/cloudevents+json; charset=utf-8"})
    if mode is Mode.BINARY:
        headers = {f"ce-{name}": quote(value, safe=_PLAIN) for name, value in attributes.items()}
        return Message(_json(event.data), {"Content-Type": "application/json", **headers})
    content = {"id": str(event.uid), "type": event.type, "at": event.at.isoformat(), **event.data}
    return Message(_json(content), {"Content-Type": "application/json"})


def _json(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
