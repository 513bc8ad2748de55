"""字段对照: our values under the names that the upper platform knows, each with source and status."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from gis.exchange.profiles import DATA
from gis.standard.csv_rows import read_rows


class FieldStatus(StrEnum):
    """How far a name may be trusted.

    ``LOCAL``: seen in systems that follow the standard; ``OURS``: this service needed a name and gave one.
    """

    VERIFIED = "verified"
    LOCAL = "local"
    UNVERIFIED = "unverified"
    OURS = "ours"


@dataclass(frozen=True, kw_only=True)
class PlatformField:
    """One field of a case record."""

    field: str
    name: str
    type: str
    code_list: str
    meaning: str
    source: str
    status: FieldStatus


@cache
def platform_fields() -> tuple[PlatformField, ...]:
    """The table, in the order of a record."""
    return read_rows(PlatformField, DATA / "platform_field.csv")


@cache
def names() -> dict[str, str]:
    """``{our field: their name}``."""
    return {row.field: row.name for row in platform_fields()}


STEPS, ATTACHMENTS = "Steps", "Attachments"
