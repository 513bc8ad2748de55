"""考核指标 as one table: what is counted over what. A new indicator is one row.

Formulas follow the notes on GB/T 30428.4 (pages of a city system and of a vendor; the standard's text was not
available): ``status`` and ``source`` say how far each may be trusted. A period takes what counts in it by the
moment of its count: see :mod:`gis.evaluation.counts` and :mod:`gis.evaluation.duties`.
"""

from dataclasses import dataclass

from gis.errors import InvalidInput
from gis.i18n import N_, _

REGIONS = ("district", "street", "community", "unit_grid")
PLACES = (*REGIONS, "department")
POSTS = ("collector", "acceptor", "shift_leader", "dispatcher")
OBJECT_KINDS = {
    "district": N_("District"),
    "street": N_("Street"),
    "community": N_("Community"),
    "unit_grid": N_("Unit grid"),
    "department": N_("Department"),
    "collector": N_("Collector"),
    "acceptor": N_("Acceptor"),
    "shift_leader": N_("Shift leader"),
    "dispatcher": N_("Dispatcher"),
}


@dataclass(frozen=True)
class Indicator:
    """One row. Without a denominator it is a count, else a ratio (a mean, where ``unit`` is not ``ratio``).

    Attributes
    ----------
    numerator, denominator : codes of counts; of posts: of duties' counts
    unit : ``cases``, ``ratio`` (0–1) or ``hours``
    better : ``high``, ``low`` or empty where more is neither
    kinds : the objects it is told of
    """

    code: str
    title: str
    numerator: str
    denominator: str | None
    unit: str
    better: str
    source: str
    status: str
    kinds: tuple[str, ...] = PLACES

    @property
    def factor(self) -> float:
        """What a quotient of the counts is multiplied by to be in ``unit``: seconds become hours."""
        return 1 / 3600 if self.unit == "hours" else 1.0


UM, EG, JN, OWN = "UM", "EG", "JN", "citygrid"
LOCAL, INFERRED, MINE = "verified_local", "inferred", "own"
C, A, L, D = (("collector",), ("acceptor",), ("shift_leader",), ("dispatcher",))

# fmt: off
INDICATORS: dict[str, Indicator] = {row.code: row for row in (
    Indicator("reported", N_("Reports"), "reported", None, "cases", "", UM, LOCAL),
    Indicator("filed", N_("Filed cases"), "filed", None, "cases", "", UM, LOCAL),
    Indicator("public_report", N_("Public report rate"), "public_filed", "filed", "ratio", "low", UM, LOCAL),
    Indicator("filing", N_("Filing rate"), "judged_filed", "judged", "ratio", "", EG, INFERRED, REGIONS),
    Indicator("valid_report", N_("Valid report rate"), "valid", "judged", "ratio", "high", UM, LOCAL, REGIONS),
    Indicator("filing_in_time", N_("In-time filing rate"), "filed_in_time", "filed_ever", "ratio", "high", UM, LOCAL,
              REGIONS),
    Indicator("accurate_filing", N_("Accurate filing rate"), "filed", "filed_ever", "ratio", "high", UM, LOCAL,
              REGIONS),
    Indicator("verify_in_time", N_("In-time verification rate"), "verified_in_time", "should_verify", "ratio", "high",
              UM, LOCAL, REGIONS),
    Indicator("dispatch_in_time", N_("In-time dispatch rate"), "dispatched_in_time", "should_dispatch", "ratio",
              "high", UM, LOCAL),
    Indicator("accurate_dispatch", N_("Accurate dispatch rate"), "dispatched_right", "should_dispatch", "ratio",
              "high", UM, LOCAL),
    Indicator("disposal", N_("Disposal rate"), "disposed", "should_dispose", "ratio", "high", EG, LOCAL),
    Indicator("on_time_disposal", N_("On-time disposal rate"), "disposed_in_time", "should_dispose", "ratio", "high",
              EG, LOCAL),
    Indicator("overdue_pending", N_("Overdue pending rate"), "overdue_open", "should_dispose", "ratio", "low", JN, LOCAL),
    Indicator("extension", N_("Extension rate"), "extended", "should_dispose", "ratio", "low", JN, LOCAL),
    Indicator("disposal_hours", N_("Mean time in disposal"), "dispose_seconds", "disposed", "hours", "low", OWN, MINE),
    Indicator("check_in_time", N_("In-time check rate"), "checked_in_time", "should_check", "ratio", "high", UM, LOCAL,
              REGIONS),
    Indicator("closing", N_("Closing rate"), "closed", "should_close", "ratio", "high", UM, LOCAL),
    Indicator("closing_in_time", N_("In-time closing rate"), "closed_in_time", "should_close", "ratio", "high", UM,
              LOCAL),
    Indicator("rework", N_("Rework rate"), "reworked", "should_close", "ratio", "low", JN, LOCAL),
    Indicator("reopening", N_("Reopening rate"), "reopened", "should_close", "ratio", "low", OWN, MINE),
    Indicator("satisfaction", N_("Satisfaction rate"), "satisfied", "answered", "ratio", "high", OWN, MINE),
    Indicator("co_disposal_in_time", N_("In-time rate as a co-department"), "co_in_time", "co_should", "ratio", "high",
              OWN, MINE, ("department",)),
    Indicator("given_back", N_("Given back"), "given_back", None, "cases", "", OWN, MINE, ("department",)),
    # Posts: over the acts of a person.
    Indicator("valid_report_of_post", N_("Valid report rate"), "report_right", "report", "ratio", "high", UM, LOCAL, C),
    Indicator("missed_report", N_("Missed report rate"), "missed", "report_or_missed", "ratio", "low", UM, INFERRED, C),
    Indicator("verify_in_time_of_post", N_("In-time verification rate"), "verify_in_time", "verify", "ratio", "high",
              UM, LOCAL, C),
    Indicator("check_in_time_of_post", N_("In-time check rate"), "check_in_time", "check", "ratio", "high", UM, LOCAL,
              C),
    Indicator("accepted", N_("Accepted reports"), "accept", None, "cases", "", UM, LOCAL, A),
    Indicator("verify_sent_in_time", N_("Verification sent in time"), "accept_in_time", "accept", "ratio", "high", UM,
              LOCAL, A),
    Indicator("check_sent_in_time", N_("Check sent in time"), "send_check_in_time", "send_check", "ratio", "high", UM,
              LOCAL, A),
    Indicator("filing_in_time_of_post", N_("In-time filing rate"), "file_in_time", "file", "ratio", "high", UM, LOCAL,
              L),
    Indicator("accurate_filing_of_post", N_("Accurate filing rate"), "file_right", "file", "ratio", "high", UM, LOCAL,
              L),
    Indicator("closing_in_time_of_post", N_("In-time closing rate"), "close_in_time", "close", "ratio", "high", UM,
              LOCAL, L),
    Indicator("dispatched", N_("Dispatched cases"), "dispatch", None, "cases", "", UM, LOCAL, D),
    Indicator("dispatch_in_time_of_post", N_("In-time dispatch rate"), "dispatch_in_time", "dispatch", "ratio", "high",
              UM, LOCAL, D),
    Indicator("accurate_dispatch_of_post", N_("Accurate dispatch rate"), "dispatch_right", "dispatch_any", "ratio",
              "high", UM, LOCAL, D),
)}
# fmt: on


def indicators_of(kind: str) -> tuple[Indicator, ...]:
    """The indicators told of a kind of object, in the table's order.

    Raises
    ------
    InvalidInput
        There is no such kind.
    """
    if kind not in OBJECT_KINDS:
        raise InvalidInput(
            _("Unknown kind of object {kind}; known: {known}").format(
                kind=kind, known=", ".join(OBJECT_KINDS)
            ),
            errors=[{"pointer": "/object"}],
        )
    return tuple(row for row in INDICATORS.values() if kind in row.kinds)


def indicator_of(code: str) -> Indicator:
    """The row of a code; raises InvalidInput for an unknown one."""
    if code not in INDICATORS:
        raise InvalidInput(
            _("Unknown indicator {code}; known: {known}").format(code=code, known=", ".join(INDICATORS)),
            errors=[{"pointer": "/indicator"}],
        )
    return INDICATORS[code]


def ratio(top: float, bottom: float | None) -> float | None:
    """A count as it is, a quotient where there is something to divide by, else None: no cases is no rate."""
    if bottom is None:
        return float(top)
    return top / bottom if bottom else None
