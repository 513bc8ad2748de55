"""What can be wrong with a code of the standards."""

from gis.errors import InvalidInput
from gis.i18n import N_


class MalformedCode(InvalidInput):
    """A code that cannot be read; ``extra["part"]`` names the wrong part, in English, for programs."""

    code = "malformed-code"
    title = N_("The code cannot be read")


class UnknownCode(InvalidInput):
    """A well-formed code that stands in no table of its edition."""

    code = "unknown-code"
    title = N_("The code stands in no table of this edition")
