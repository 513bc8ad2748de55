"""管线事故的认定: which classes of events and components are incidents of which pipelines; one table.

The pipe class is read from the name of the class of the case: 供水管道破裂 is water supply. No standard lays
this down: ``own`` where the name says it, ``unverified`` where it only suggests it. Left out on purpose:
道路积水 (ponding has many causes) and 架空线缆 (overhead, no line of the network). 路面塌陷 is counted but
names no pipe: its cases are told as not tied.
"""

from dataclasses import dataclass

from gis.errors import InvalidInput
from gis.i18n import N_, _

# What happened. Rates of different kinds are never added up: a lid that is gone is no burst.
KINDS = {
    "failure": N_("Pipe burst, leak or blockage"),
    "collapse": N_("Road collapse"),
    "cover": N_("Manhole cover missing or broken"),
}
YC, CJ = "GB30428.2-2013/YC", "CJT214-2007"
OWN, UNSURE = "own", "unverified"


@dataclass(frozen=True)
class IncidentClass:
    """One class of cases: the pipelines it speaks of. No ``pipe_class``: its name says none.

    ``sub_codes``: only these sub-classes of the pipe class, all where empty.
    """

    edition: str
    case_kind: str
    code: str
    incident: str
    pipe_class: str | None
    sub_codes: tuple[str, ...] = ()
    status: str = OWN


# fmt: off
INCIDENT_CLASSES: tuple[IncidentClass, ...] = (
    IncidentClass(YC, "event", "0501", "failure", "JS"),
    IncidentClass(YC, "event", "0502", "failure", "RQ"),
    IncidentClass(YC, "event", "0503", "failure", "PS"),
    IncidentClass(YC, "event", "0504", "failure", "RL"),
    IncidentClass(YC, "event", "0505", "collapse", None),
    IncidentClass(YC, "component", "0101", "cover", "JS"),
    IncidentClass(YC, "component", "0102", "cover", "PS", ("WS", "HS")),
    IncidentClass(YC, "component", "0103", "cover", "PS", ("YS", "HS")),
    IncidentClass(YC, "component", "0104", "cover", "PS", ("YS", "HS")),
    IncidentClass(YC, "component", "0105", "cover", "DL", status=UNSURE),
    IncidentClass(YC, "component", "0106", "cover", "DL", ("LD",)),
    IncidentClass(YC, "component", "0107", "cover", "TX", status=UNSURE),
    IncidentClass(YC, "component", "0108", "cover", "TX", status=UNSURE),
    IncidentClass(YC, "component", "0109", "cover", "TX", status=UNSURE),
    IncidentClass(YC, "component", "0110", "cover", "RL"),
    IncidentClass(YC, "component", "0111", "cover", "RQ"),
    IncidentClass(YC, "component", "0112", "cover", None, status=UNSURE),
    IncidentClass(YC, "component", "0114", "cover", None, status=UNSURE),
    IncidentClass(YC, "component", "0118", "cover", None, status=UNSURE),
    IncidentClass(YC, "component", "0123", "cover", None),
    IncidentClass(CJ, "event", "0401", "collapse", None),
    IncidentClass(CJ, "event", "0402", "failure", "JS"),
    IncidentClass(CJ, "event", "0403", "failure", "RQ"),
    IncidentClass(CJ, "event", "0404", "failure", "PS"),
    IncidentClass(CJ, "event", "0405", "failure", "RL"),
    IncidentClass(CJ, "component", "0101", "cover", "JS"),
    IncidentClass(CJ, "component", "0102", "cover", "PS", ("WS", "HS")),
    IncidentClass(CJ, "component", "0103", "cover", "PS", ("YS", "HS")),
    IncidentClass(CJ, "component", "0104", "cover", "PS", ("YS", "HS")),
    IncidentClass(CJ, "component", "0105", "cover", "DL"),
    IncidentClass(CJ, "component", "0106", "cover", "DL", ("LD",)),
    IncidentClass(CJ, "component", "0107", "cover", "TX"),
    IncidentClass(CJ, "component", "0108", "cover", "TX"),
    IncidentClass(CJ, "component", "0109", "cover", "TX"),
    IncidentClass(CJ, "component", "0110", "cover", "RL"),
    IncidentClass(CJ, "component", "0111", "cover", "RQ"),
    IncidentClass(CJ, "component", "0114", "cover", None),
    IncidentClass(CJ, "component", "0127", "cover", "JS", ("ZS",)),
)
# fmt: on


def classes_of(incident: str) -> tuple[IncidentClass, ...]:
    """The classes of cases that tell of a kind of incident; raises InvalidInput for an unknown kind."""
    if incident not in KINDS:
        raise InvalidInput(
            _("Unknown kind of incident {kind}; known: {known}").format(
                kind=incident, known=", ".join(KINDS)
            ),
            errors=[{"pointer": "/incident"}],
        )
    return tuple(row for row in INCIDENT_CLASSES if row.incident == incident)
