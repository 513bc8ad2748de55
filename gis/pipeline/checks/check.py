"""What a check is: a name, a question in SQL, and what its answer means to a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from gis.i18n import N_


class Severity(StrEnum):
    """How much a finding weighs.

    ``FATAL``: the row cannot be stored. ``ERROR``: rows contradict themselves, each other or the city; a
    clean row has none. ``WARNING``: possible but improbable, or a limit is broken: somebody should look.
    ``NOTE``: said for completeness.
    """

    FATAL = N_("fatal")
    ERROR = N_("error")
    WARNING = N_("warning")
    NOTE = N_("note")


UNCLEAN = (Severity.FATAL, Severity.ERROR)


class Subject(StrEnum):
    """What a check looks at: 管线点 or 管线段."""

    POINT = "point"
    LINE = "line"


@dataclass(frozen=True)
class Limit:
    """What values are measured against. ``by_class`` goes before ``value``; ``status`` as in trust_level.

    ``source`` is translated when it is shown.
    """

    value: float
    source: str
    status: str = "ours"
    by_class: Mapping[str, float] = field(default_factory=dict)

    def of(self, class_code: str) -> float:
        """The limit for a class of lines."""
        return self.by_class.get(class_code, self.value)


@dataclass(frozen=True)
class Check:
    """One row of the table of checks. Its question is ``gis/sql/checks/{code}.sql``.

    Attributes
    ----------
    title : what is wrong, in a few words
    text : the same of one finding, with its numbers; names in braces are ``value``, ``limit`` and those of
        the finding's ``detail`` (see :mod:`gis.pipeline.checks.words`)
    explanation : why it matters and what to do
    unit, digits : of value and limit; digits after the point
    limit_is_data : the limit stands in a table of the standards, each row with its own status
    only_import : asked of rows on their way in; those of the network cannot have it
    """

    code: str
    severity: Severity
    subject: Subject
    title: str
    text: str
    explanation: str
    unit: str = ""
    digits: int = 2
    limit: Limit | None = None
    limit_is_data: bool = False
    only_import: bool = False
