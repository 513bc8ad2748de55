"""考核指标 as one table: what is counted over what. A new indicator is one row.

Numerator and denominator are names of :data:`gis.case.outcomes.OUTCOMES`; the list of cases behind a figure
is asked for by the same names, so that a figure and its list cannot differ. Formulas follow the notes on
GB/T 30428.4 (a city system's pages; the standard's text was not available): see ``status``.
"""

from dataclasses import dataclass

from gis.i18n import N_


@dataclass(frozen=True)
class Indicator:
    """One row. Without a denominator it is a count, else a ratio between 0 and 1."""

    code: str
    title: str
    numerator: str
    denominator: str | None
    status: str


INDICATORS = (
    Indicator("filed", N_("Filed cases"), "filed", None, "verified_local"),
    Indicator("on_time_disposal", N_("On-time disposal rate"), "on_time", "due", "verified_local"),
    Indicator("rework", N_("Rework rate"), "reworked", "disposed", "verified_local"),
    Indicator("closing", N_("Closing rate"), "closed", "filed", "verified_local"),
)
