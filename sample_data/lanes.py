"""Where each utility lies in the cross-section of a road: the one table from which all pipes follow.

Offsets are measured from the centre line, positive to the north or east. Depths keep the order telecom,
power, gas, heat, water, storm, foul from the top down, and are far enough apart that lines which cross at a
junction clear each other by the distances of GB 50289 (as far as known here). Of drainage only the
least depth stands here: :mod:`sample_data.drainage` finds how deep it lies.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from sample_data.roads import Grade

Offset = Callable[[Grade], float]
BOTH_WAYS, EASTWARD = (0, 1), (0,)
Stations = tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Lane:
    """One line of one utility along a road.

    Attributes
    ----------
    depth_m : to the outer crown of a pipe, to the top of a duct block
    stations : points on each stretch of some hundred metres: share of the stretch, code of a point kind;
        one tuple each for a coarse, a usual and a fine survey
    crosses : whether the line goes on across junctions; lamp circuits and coaxial lines end before them
    valves : point kind of the valves beside each junction, "" for none
    """

    name: str
    class_code: str
    sub_code: str
    owner: str
    offset: Offset
    depth_m: float
    stations: tuple[Stations, Stations, Stations]
    joint: str  # what stands at a junction or bend
    end: str  # what stands at a dead end
    source: str  # what stands where it is fed from
    axes: tuple[int, ...] = BOTH_WAYS
    least_grade: int = 1
    crosses: bool = True
    valves: str = ""
    sizes: tuple[int, ...] = field(default=())  # width by grade of road, mm; index 0 unused
    height_mm: int = 0  # of a duct block; 0: round
    laying: str = "ZM"


def kerb(inside: float) -> Offset:
    """Offset so far inside (negative: outside) of the kerb, on the north or east side."""
    return lambda grade: grade.carriageway_m / 2 - inside


def fence(inside: float) -> Offset:
    """Offset so far inside of the property line, on the north or east side."""
    return lambda grade: grade.width_m / 2 - inside


def middle(wide: float, narrow: float) -> Offset:
    """Offset near the centre line, less on narrow roads."""
    return lambda grade: wide if grade.carriageway_m > 20 else narrow


def other_side(offset: Offset) -> Offset:
    """The same on the south or west side."""
    return lambda grade: -offset(grade)


def _every(kind: str, coarse: int, usual: int, fine: int) -> tuple[Stations, Stations, Stations]:
    """Stations of one kind that cut each stretch into so many parts."""

    def parts(n: int) -> Stations:
        return tuple((k / n, kind) for k in range(1, n))

    return parts(coarse), parts(usual), parts(fine)


_HYDRANT: Stations = ((0.5, "fire_hydrant"),)
_CHAMBERS: Stations = ((0.5, "vault"),)
_POWER: Stations = ((0.5, "ring_main_unit"),)

LANES = (
    Lane("telecom", "TX", "DH", "ZGDX", other_side(fence(2.0)), 0.70, _every("handhole", 1, 1, 3),
         "manhole", "handhole", "manhole", sizes=(0, 330, 440, 660, 880), height_mm=110, laying="GK"),
    Lane("television", "TX", "DS", "GDWL", other_side(kerb(-0.8)), 0.75, _every("tap", 1, 2, 3),
         "tap", "tap", "optical_node", crosses=False,
         sizes=(0, 110, 110, 110, 110), height_mm=110, laying="GM"),
    Lane("power", "DL", "GD", "GDGS", fence(2.0), 1.08, ((), _POWER, _POWER),
         "inspection_chamber", "inspection_chamber", "substation",
         sizes=(0, 300, 450, 600, 600), height_mm=150, laying="GK"),
    Lane("lamps", "DL", "LD", "CGZM", kerb(-0.8), 0.55, _every("lamp_post", 2, 3, 3),
         "lamp_post", "lamp_post", "control_cabinet", crosses=False,
         sizes=(0, 75, 75, 75, 75), height_mm=75, laying="GM"),
    Lane("gas", "RQ", "TR", "RQGS", other_side(kerb(1.5)), 1.40, ((), (), ((0.5, "drip_pot"),)),
         "tee", "end_cap", "regulator_box", valves="valve_chamber", sizes=(0, 90, 110, 160, 200)),
    Lane("heat supply", "RL", "RS", "RLGS", kerb(4.5), 1.78, ((), _CHAMBERS, _CHAMBERS),
         "vault", "end_cap", "vault", axes=EASTWARD, least_grade=3, valves="valve_chamber",
         sizes=(0, 0, 0, 315, 365)),
    Lane("heat return", "RL", "RS", "RLGS", kerb(5.3), 1.78, ((), _CHAMBERS, _CHAMBERS),
         "vault", "end_cap", "vault", axes=EASTWARD, least_grade=3, valves="valve_chamber",
         sizes=(0, 0, 0, 315, 365)),
    Lane("water", "JS", "JP", "GSGS", kerb(1.5), 2.33, (_HYDRANT, _HYDRANT, _HYDRANT),
         "tee", "end_cap", "pumping_station", valves="valve_chamber", sizes=(0, 160, 200, 300, 325)),
    Lane("storm", "PS", "YS", "PSGS", middle(2.0, 1.2), 3.10, _every("storm_manhole", 2, 2, 2),
         "storm_manhole", "storm_manhole", "storm_manhole"),
    Lane("foul", "PS", "WS", "PSGS", other_side(middle(2.0, 1.2)), 3.10, _every("sewage_manhole", 2, 2, 2),
         "sewage_manhole", "sewage_manhole", "sewage_manhole"),
)  # fmt: skip


@dataclass(frozen=True)
class Connection:
    """A short branch from a lane to the houses, or from a grate in the kerb to a sewer.

    ``share`` of the stretch where it leaves the main; ``likelihood`` by survey: coarse, usual, fine.
    """

    lane: str
    share: float
    side: int
    reach: Offset  # how far from the centre line it ends
    point: str
    size: int
    depth_m: float  # at its far end, like the depth of its lane
    likelihood: tuple[float, float, float]
    needs_building: bool = True


CONNECTIONS = (
    Connection("water", 0.42, 1, fence(-4.0), "meter_chamber", 50, 2.20, (0.3, 0.45, 1.0)),
    Connection("gas", 0.42, -1, fence(-4.0), "gas_meter", 50, 1.40, (0.3, 0.35, 0.9)),
    Connection("foul", 0.46, -1, fence(-4.0), "septic_tank", 200, 2.20, (0.3, 0.4, 1.0)),
    Connection("storm", 0.54, 1, kerb(0.4), "storm_grate", 200, 1.10, (0.3, 0.4, 1.0), needs_building=False),
)  # fmt: skip

GRADE_OF_TELEPHONE = 3  # telephone ducts along the main roads, data network along the others


def lane(name: str) -> Lane:
    """The lane of that name."""
    return next(row for row in LANES if row.name == name)
