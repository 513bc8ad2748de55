"""What sections consist of. Lengths and levels in metres, sizes in millimetres; None = not known.

These are the shapes that the interface answers and that every drawing (SVG, PDF, PNG, DXF) is made from.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Form(StrEnum):
    """The outline of a line's section."""

    ROUND = "round"
    RECT = "rect"  # box drain, trench, utility tunnel
    DUCTS = "ducts"  # a block of ducts; holes are counted


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong or noteworthy in a section; words are made from ``code`` when shown.

    ``status`` and ``source`` are those of the number it rests on; ``is_firm`` False: say so to the reader.
    """

    code: str  # clearance_vertical, clearance_horizontal, cover, reverse_slope, missing_level …
    severity: str  # error, warning, note
    station_m: float | None = None
    segment_ids: tuple[int, ...] = ()
    value_m: float | None = None
    limit_m: float | None = None
    status: str = ""
    source: str = ""
    is_firm: bool = True
    parties: tuple[str, ...] = ()  # heads of the clearance table
    text: str = ""  # in the reader's language


@dataclass(frozen=True, slots=True)
class GroundPoint:
    """The ground at a station. ``source``: point (surveyed), node (a line's end), dem."""

    station_m: float
    level: float
    source: str


@dataclass(frozen=True, slots=True)
class Crossing:
    """A line that the section cuts.

    ``depth_m`` is ground to the face the class measures to; ``cover_m`` ground to the outer crown.
    ``apparent_width_m`` lies in the plane of the section, ``width / sin(angle)``. ``axis_to_next_m`` and
    ``clear_to_next_m`` (outer face to outer face along the section, negative when they overlap) go to the
    next crossing by station; None at the last.
    """

    station_m: float
    segment_id: int
    segment_no: str
    class_code: str
    sub_code: str
    class_name: str
    rgb_hex: str
    dash: str
    form: Form
    size: str
    width_mm: int | None
    height_mm: int | None
    material: str | None
    material_name: str
    laying: str | None
    owner: str
    year_laid: int | None
    usage_status: str
    road_name: str
    total_holes: int | None
    used_holes: int | None
    depth_reference: str
    ground_level: float | None
    crown_level: float | None
    centre_level: float | None
    invert_level: float | None
    depth_m: float | None
    cover_m: float | None
    angle_deg: float  # 90 = square to the section, near 0 = along it
    apparent_width_m: float | None
    start_point_no: str
    end_point_no: str
    axis_to_next_m: float | None = None
    clear_to_next_m: float | None = None
    missing: tuple[str, ...] = ()  # names of what is not known: levels, size, ground


@dataclass(frozen=True, slots=True)
class Well:
    """A chamber that the section cuts open. It spans ``from_m`` to ``to_m`` in the section."""

    station_m: float
    from_m: float
    to_m: float
    point_id: int
    point_no: str
    class_code: str
    rgb_hex: str
    kind_name: str
    ground_level: float | None
    bottom_level: float | None
    offset_m: float  # of its middle from the section, left of its direction positive
    is_size_assumed: bool  # the survey gives no size of the chamber


@dataclass(frozen=True, slots=True)
class Surrounding:
    """On the surface: ``road_edge``, ``kerb``, ``road_axis`` at one station; ``building`` from, to."""

    kind: str
    from_m: float
    to_m: float
    name: str = ""
    height_m: float | None = None


@dataclass(frozen=True, slots=True)
class Along:
    """A line that the section runs along for a stretch, instead of cutting it."""

    segment_id: int
    segment_no: str
    from_m: float
    to_m: float


@dataclass(frozen=True, slots=True)
class CrossSection:
    """横断面: ``line`` is the cut, in the city's CRS; ``crossings`` are in the order of stations."""

    line: tuple[tuple[float, float], ...]
    length_m: float
    crossings: tuple[Crossing, ...]
    wells: tuple[Well, ...]
    ground: tuple[GroundPoint, ...]
    surroundings: tuple[Surrounding, ...]
    findings: tuple[Finding, ...]
    along: tuple[Along, ...] = ()
    as_of: date | None = None
    name: str = ""  # section number on the sheet, "1-1"
    place: str = ""  # road, or what is nearest


@dataclass(frozen=True, slots=True)
class Station:
    """A node of a profile. ``invert_in``/``invert_out``: of the reaches that end and begin here."""

    distance_m: float
    point_id: int
    point_no: str
    kind_name: str
    is_well: bool
    ground_level: float | None
    well_bottom_level: float | None
    well_depth_m: float | None
    invert_in: float | None
    invert_out: float | None
    crown_in: float | None
    crown_out: float | None
    easting: float
    northing: float


@dataclass(frozen=True, slots=True)
class Reach:
    """A segment of a profile from station to station, in the direction of the profile.

    ``slope_permille`` is positive where it falls along the profile. ``flows`` is "+" with the profile, "-"
    against it, "0" unknown.
    """

    segment_id: int
    segment_no: str
    from_m: float
    to_m: float
    length_m: float
    class_code: str
    sub_code: str
    form: Form
    size: str
    width_mm: int | None
    height_mm: int | None
    material: str | None
    material_name: str
    laying: str | None
    year_laid: int | None
    usage_status: str
    start_crown: float | None
    end_crown: float | None
    start_invert: float | None
    end_invert: float | None
    start_depth_m: float | None  # ground to the face the class measures to
    end_depth_m: float | None
    least_cover_m: float | None
    slope_permille: float | None
    flows: str
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CrossingPipe:
    """A line of another class that crosses a profile. ``gap_m``: clear height between the two."""

    distance_m: float
    segment_id: int
    segment_no: str
    class_code: str
    sub_code: str
    class_name: str
    rgb_hex: str
    form: Form
    size: str
    width_mm: int | None
    height_mm: int | None
    crown_level: float | None
    centre_level: float | None
    invert_level: float | None
    angle_deg: float
    is_above: bool | None
    gap_m: float | None


@dataclass(frozen=True, slots=True)
class Profile:
    """纵断面: stations in the order of the way, one reach between each two."""

    class_code: str
    sub_code: str
    class_name: str
    rgb_hex: str
    length_m: float
    stations: tuple[Station, ...]
    reaches: tuple[Reach, ...]
    ground: tuple[GroundPoint, ...]
    crossing_pipes: tuple[CrossingPipe, ...]
    findings: tuple[Finding, ...]
    line: tuple[tuple[float, float], ...] = field(default=())  # the way in plan, city's CRS
    as_of: date | None = None
    name: str = ""
    place: str = ""
