"""The rows of the reference tables, field for field as in ``data/*.csv`` and :mod:`gis.standard.models`."""

from dataclasses import dataclass

from gis.i18n import pick
from gis.standard.vocabulary import DepthReference, ObjectKind, PointRole


@dataclass(frozen=True, kw_only=True)
class Named:
    """A name in both languages."""

    name_zh: str
    name_en: str

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return pick(self.name_zh, self.name_en)


@dataclass(frozen=True, kw_only=True)
class Sourced:
    """Where the row was read, and how far it may be trusted: a code of ``trust_level.csv``."""

    source: str
    status: str


@dataclass(frozen=True, kw_only=True)
class TrustLevel(Named):
    code: str
    is_firm: bool  # False: whoever reads a finding that rests on it is told so


@dataclass(frozen=True, kw_only=True)
class Source:
    """What a short key in a ``source`` column stands for."""

    key: str
    what_zh: str
    what_en: str
    address: str


@dataclass(frozen=True, kw_only=True)
class Edition(Named, Sourced):
    code: str
    state: str  # in_use, superseded, draft, local
    grid_parts: str | None
    component_parts: str | None
    local_minor_from: int | None
    note: str | None


@dataclass(frozen=True, kw_only=True)
class ObjectClass(Named, Sourced):
    """A class of components or events; ``code`` = major + minor."""

    edition: str
    kind: ObjectKind
    code: str
    major_code: str
    major_name_zh: str
    major_name_en: str
    scope: str  # national, local_ext

    @property
    def major_name(self) -> str:
        """The name of the major class in the reader's language."""
        return pick(self.major_name_zh, self.major_name_en)

    @property
    def minor_code(self) -> str:
        """The code inside the major class."""
        return self.code.removeprefix(self.major_code)


@dataclass(frozen=True, kw_only=True)
class LimitUnit(Named, Sourced):
    code: str
    is_continuous: bool
    minutes: int  # natural minutes where continuous, else working minutes


@dataclass(frozen=True, kw_only=True)
class FilingRule(Sourced):
    """One condition on which a city files a case. Limits are that city's, never the nation's."""

    code: str
    city: str
    edition: str | None  # None, like class_code: a comparison row whose numbering fits no loaded edition
    kind: ObjectKind
    class_code: str | None
    class_name_zh: str
    condition_zh: str
    condition_en: str
    limit_value: float
    limit_unit: str
    closing_zh: str
    closing_en: str

    @property
    def condition(self) -> str:
        """What must be seen on site, in the reader's language."""
        return pick(self.condition_zh, self.condition_en)

    @property
    def closing(self) -> str:
        """What must be true for the case to be closed, in the reader's language."""
        return pick(self.closing_zh, self.closing_en)


@dataclass(frozen=True, kw_only=True)
class PipeMainClass(Named, Sourced):
    class_code: str
    number: int  # second digit of an element code
    rgb_hex: str
    dash: str  # SVG dash array, "" = solid; ours
    is_gravity: bool
    can_be_isolated: bool


@dataclass(frozen=True, kw_only=True)
class PipeClass(Named, Sourced):
    class_code: str
    sub_code: str
    rgb_hex: str
    colour_zh: str
    colour_en: str
    dash: str
    depth_reference: DepthReference
    depth_reference_in_trench: DepthReference
    depth_reference_status: str  # of ``depth_reference``; the one in a trench is unverified throughout
    depth_reference_source: str

    def depth_reference_when(self, laying: "LayingMethod | None") -> DepthReference:
        """The face its depth is measured to when laid so; where that is unknown, as most of its lines are."""
        if laying is not None and laying.is_trench:
            return self.depth_reference_in_trench
        return self.depth_reference


@dataclass(frozen=True, kw_only=True)
class PipeClassAlias(Sourced):
    alias: str
    class_code: str
    sub_code: str | None
    note: str | None


@dataclass(frozen=True, kw_only=True)
class CodedName(Named, Sourced):
    """A row of a plain dictionary: material, usage status, flow direction, data origin, component state."""

    code: str


@dataclass(frozen=True, kw_only=True)
class LayingMethod(CodedName):
    is_trench: bool
    is_overhead: bool


@dataclass(frozen=True, kw_only=True)
class AccuracyClass(CodedName):
    rmse_m: float


@dataclass(frozen=True, kw_only=True)
class PressureBand(CodedName):
    upper_mpa: float
    upper_included: bool

    def reaches(self, pressure_mpa: float) -> bool:
        """Whether the band's upper end is not below this pressure."""
        return pressure_mpa < self.upper_mpa or (self.upper_included and pressure_mpa == self.upper_mpa)


@dataclass(frozen=True, kw_only=True)
class PointKind(Named, Sourced):
    class_code: str
    role: PointRole
    code: str
    acts_as: str | None  # valve, check_valve, hydrant, meter, source, pump, regulator, chamber, inlet, …
    joins: int | None


@dataclass(frozen=True, kw_only=True)
class PipelineField(Named, Sourced):
    table_name: str
    field: str
    type: str
    unit: str | None
    note: str | None


@dataclass(frozen=True, kw_only=True)
class ClearanceParty(CodedName):
    is_line: bool


@dataclass(frozen=True, kw_only=True)
class Clearance(Sourced):
    """Least distance face to face; the pair stands once, ``class_a <= class_b``."""

    class_a: str
    class_b: str
    min_clearance_m: float
    note: str | None


@dataclass(frozen=True, kw_only=True)
class LeastCover(Sourced):
    party: str
    laying: str
    surface: str  # carriageway, non_carriageway
    laying_zh: str
    laying_en: str
    cover_m: float | None  # None: the table gives none, which is not zero
    note: str | None


@dataclass(frozen=True, kw_only=True)
class ProtectionRange(Named, Sourced):
    code: str
    zone: str  # protection, control
    class_code: str
    scope: str
    pressure_bands: str | None
    distance_m: float | None  # None: none fixed
    note: str | None


@dataclass(frozen=True, kw_only=True)
class PipeParty(Sourced):
    """Which head of the clearance and cover tables a line stands under; the first row that fits decides.

    Empty columns fit every line. ``most_mm``: up to this width, inclusive; a line of unknown width never fits
    a row that asks for one.
    """

    code: str
    class_code: str
    sub_code: str | None
    laying: str | None
    pressure_band: str | None
    material: str | None
    most_mm: int | None
    horizontal: str | None  # party in plan; None: the table is silent, never a pass
    vertical: str | None  # party at a crossing
    cover: str | None  # party of the cover table
    cover_laying: str | None
    note: str | None
