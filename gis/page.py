"""Keyset paging: a page begins after the last row of the one before, so that all are equally fast."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from gis.errors import InvalidInput
from gis.i18n import _

T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows of a list, and where the next ones begin; ``next_cursor`` is empty at the end."""

    items: Sequence[T]
    next_cursor: str | None


def write_cursor(*values: Any) -> str:
    """An opaque cursor that holds the sort key of the last row shown."""
    return base64.urlsafe_b64encode(json.dumps(values, default=str).encode()).decode().rstrip("=")


def read_cursor(cursor: str, *kinds: type) -> list[Any]:
    """The values of a cursor, of the given types; raises InvalidInput for anything we did not write.

    A moment stands in it as text, and comes back as a :class:`datetime` with its offset.
    """
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        values = json.loads(base64.urlsafe_b64decode(padded.encode()))
        if not isinstance(values, list) or len(values) != len(kinds):
            raise ValueError(cursor)
        values = [
            _moment(value) if kind is datetime else value for value, kind in zip(values, kinds, strict=True)
        ]
        for value, kind in zip(values, kinds, strict=True):
            if type(value) is not kind:
                raise ValueError(cursor)
    except (ValueError, TypeError, binascii.Error, UnicodeDecodeError) as error:
        raise InvalidInput(
            _("This cursor is not one of ours; begin again without it"), errors=[{"pointer": "/cursor"}]
        ) from error
    return values


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(text)
    return moment
