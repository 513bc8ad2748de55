"""The table of checks: one row each, in the order in which they are asked.

A new check is one row and one file of ``gis/sql/checks``; the interface, the pages, the words of findings and
``docs/checks.md`` follow from them.
"""

from gis.errors import NotFound
from gis.i18n import _
from gis.pipeline.checks.check import Check
from gis.pipeline.checks.rows_attributes import ATTRIBUTES
from gis.pipeline.checks.rows_levels import LEVELS
from gis.pipeline.checks.rows_network import NETWORK
from gis.pipeline.checks.rows_storing import END_NOT_CLEAN, STORING

CHECKS: tuple[Check, ...] = (*STORING, *NETWORK, *LEVELS, *ATTRIBUTES, END_NOT_CLEAN)
_BY_CODE = {check.code: check for check in CHECKS}


def find_check(code: str) -> Check:
    """The check of that code; NotFound where there is none."""
    if code not in _BY_CODE:
        raise NotFound(_("There is no check {code}").format(code=code))
    return _BY_CODE[code]


def checks_of(only_network: bool) -> tuple[Check, ...]:
    """The checks that are asked: all of an import, fewer of the network in force."""
    return tuple(check for check in CHECKS if not (only_network and check.only_import))
