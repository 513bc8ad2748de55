"""The reference tables as shipped, and the questions asked of them. Pure: reads files, knows no database.

Values here are the shipped ones. Where an administrator may have corrected a number, a running service asks
:mod:`gis.standard.queries` instead.
"""

from collections.abc import Callable
from functools import cache, lru_cache
from typing import TypeVar

from gis.i18n import _, gettext
from gis.standard import rows
from gis.standard.csv_rows import DATA, DataclassLike, read_rows
from gis.standard.errors import UnknownCode
from gis.standard.vocabulary import ObjectKind, PointRole

CITY_EDITION = "GB30428.2-2013/YC"  # the classes this city reports by
GRID_EDITION = "GB30428.1-2013"  # how its unit grids are numbered
COMPONENT_EDITION = "GB30428.2-2013"  # how its components are numbered
CITY_RULES = "YC"  # whose filing rules it works by; the others are there to compare

Row = TypeVar("Row", bound=DataclassLike)


@cache
def table(row_type: type[Row], name: str) -> tuple[Row, ...]:
    """All rows of ``data/{name}.csv``, in the order of the file."""
    return read_rows(row_type, DATA / f"{name}.csv")


def trust_levels() -> tuple[rows.TrustLevel, ...]:
    return table(rows.TrustLevel, "trust_level")


def sources() -> tuple[rows.Source, ...]:
    return table(rows.Source, "source")


def editions() -> tuple[rows.Edition, ...]:
    return table(rows.Edition, "edition")


def object_classes() -> tuple[rows.ObjectClass, ...]:
    return table(rows.ObjectClass, "object_class")


def limit_units() -> tuple[rows.LimitUnit, ...]:
    return table(rows.LimitUnit, "limit_unit")


def filing_rules() -> tuple[rows.FilingRule, ...]:
    return table(rows.FilingRule, "filing_rule")


def pipe_main_classes() -> tuple[rows.PipeMainClass, ...]:
    return table(rows.PipeMainClass, "pipe_main_class")


def pipe_classes() -> tuple[rows.PipeClass, ...]:
    return table(rows.PipeClass, "pipe_class")


def pipe_class_aliases() -> tuple[rows.PipeClassAlias, ...]:
    return table(rows.PipeClassAlias, "pipe_class_alias")


def pipe_materials() -> tuple[rows.CodedName, ...]:
    return table(rows.CodedName, "pipe_material")


def laying_methods() -> tuple[rows.LayingMethod, ...]:
    return table(rows.LayingMethod, "laying_method")


def usage_statuses() -> tuple[rows.CodedName, ...]:
    return table(rows.CodedName, "usage_status")


def flow_directions() -> tuple[rows.CodedName, ...]:
    return table(rows.CodedName, "flow_direction")


def data_origins() -> tuple[rows.CodedName, ...]:
    return table(rows.CodedName, "data_origin")


def component_states() -> tuple[rows.CodedName, ...]:
    return table(rows.CodedName, "component_state")


def place_types() -> tuple[rows.CodedName, ...]:
    return table(rows.CodedName, "place_type")


def accuracy_classes() -> tuple[rows.AccuracyClass, ...]:
    return table(rows.AccuracyClass, "accuracy_class")


def pressure_bands() -> tuple[rows.PressureBand, ...]:
    return table(rows.PressureBand, "pressure_band")


def point_kinds() -> tuple[rows.PointKind, ...]:
    return table(rows.PointKind, "point_kind")


def pipeline_fields() -> tuple[rows.PipelineField, ...]:
    return table(rows.PipelineField, "pipeline_field")


def clearance_parties() -> tuple[rows.ClearanceParty, ...]:
    return table(rows.ClearanceParty, "clearance_party")


def clearances_horizontal() -> tuple[rows.Clearance, ...]:
    return table(rows.Clearance, "clearance_horizontal")


def clearances_vertical() -> tuple[rows.Clearance, ...]:
    return table(rows.Clearance, "clearance_vertical")


def least_covers() -> tuple[rows.LeastCover, ...]:
    return table(rows.LeastCover, "least_cover")


def pipe_parties() -> tuple[rows.PipeParty, ...]:
    return table(rows.PipeParty, "pipe_party")


def protection_ranges() -> tuple[rows.ProtectionRange, ...]:
    return table(rows.ProtectionRange, "protection_range")


@lru_cache
def _classes_by_code() -> dict[tuple[str, str, str], rows.ObjectClass]:
    return {(row.edition, row.kind.value, row.code): row for row in object_classes()}


@lru_cache
def _rules_by_class() -> dict[tuple[str, str | None, str, str | None], list[rows.FilingRule]]:
    found: dict[tuple[str, str | None, str, str | None], list[rows.FilingRule]] = {}
    for rule in filing_rules():
        found.setdefault((rule.city, rule.edition, rule.kind.value, rule.class_code), []).append(rule)
    return found


@lru_cache
def _rules_by_code() -> dict[str, rows.FilingRule]:
    return {rule.code: rule for rule in filing_rules()}


@lru_cache
def _pipes_by_code() -> dict[tuple[str, str], rows.PipeClass]:
    return {(row.class_code, row.sub_code): row for row in pipe_classes()}


def trust_level(status: str) -> rows.TrustLevel:
    """What a ``status`` means, and whether a finding that rests on it must say so."""
    for level in trust_levels():
        if level.code == status:
            return level
    raise UnknownCode(_("There is no trust level {code}").format(code=status))


def edition(code: str) -> rows.Edition:
    """The edition of that code; UnknownCode where none is loaded."""
    for row in editions():
        if row.code == code:
            return row
    raise UnknownCode(_("The edition {code} is not loaded").format(code=code))


def find_class(edition: str, kind: str, code: str) -> rows.ObjectClass:
    """The class of components or events behind a code of an edition; UnknownCode where there is none."""
    row = _classes_by_code().get((edition, str(kind), code))
    if row is None:
        raise UnknownCode(
            _("There is no {kind} class {code} in {edition}").format(
                kind=gettext(str(kind)), code=code, edition=edition
            )
        )
    return row


def component_classes(edition: str = CITY_EDITION) -> tuple[rows.ObjectClass, ...]:
    """All 部件 classes of an edition."""
    return tuple(
        row for row in object_classes() if row.edition == edition and row.kind is ObjectKind.COMPONENT
    )


def event_classes(edition: str = CITY_EDITION) -> tuple[rows.ObjectClass, ...]:
    """All 事件 classes of an edition."""
    return tuple(row for row in object_classes() if row.edition == edition and row.kind is ObjectKind.EVENT)


def rules_for(
    edition: str, kind: str, class_code: str, city: str = CITY_RULES
) -> tuple[rows.FilingRule, ...]:
    """The conditions on which a city files a case of a class; empty where it has set none."""
    return tuple(_rules_by_class().get((city, edition, str(kind), class_code), ()))


def filing_rule(code: str) -> rows.FilingRule:
    """The filing rule of that code, such as ``C0101-1``."""
    rule = _rules_by_code().get(code)
    if rule is None:
        raise UnknownCode(_("There is no filing rule {code}").format(code=code))
    return rule


def pipe_class(class_code: str, sub_code: str | None = None) -> rows.PipeClass:
    """The sub-class of lines behind a pair of codes, or behind one code where that is enough.

    Knows the names of files: the sub-code alone (``WS``), the class of the 2003 edition (``DX``, ``DH``), the
    aliases of ``pipe_class_alias.csv`` (``TV``). UnknownCode where nothing, or more than one, fits.
    """
    first = class_code.strip().upper()
    second = (sub_code or "").strip().upper()
    for alias in pipe_class_aliases():
        if alias.alias == first:
            first, second = alias.class_code, second or alias.sub_code or ""
    if second:
        found = [row] if (row := _pipes_by_code().get((first, second))) else []
    else:
        found = [row for row in pipe_classes() if row.sub_code == first]
    if len(found) != 1:
        raise UnknownCode(
            _("{code} names no sub-class of pipelines").format(code=f"{class_code} {sub_code or ''}".strip())
        )
    return found[0]


def pipe_main_class(class_code: str) -> rows.PipeMainClass:
    """The class of lines behind ``JS`` … ``QT`` or an alias of it; UnknownCode where there is none."""
    code = class_code.strip().upper()
    code = next((alias.class_code for alias in pipe_class_aliases() if alias.alias == code), code)
    for row in pipe_main_classes():
        if row.class_code == code:
            return row
    raise UnknownCode(_("{code} names no class of pipelines").format(code=class_code))


def point_kinds_of(class_code: str, role: PointRole | None = None) -> tuple[rows.PointKind, ...]:
    """What a survey point of a class may be; all, or only features or appendages."""
    return tuple(
        kind for kind in point_kinds() if kind.class_code == class_code and role in (None, kind.role)
    )


def pressure_band(pressure_mpa: float) -> rows.PressureBand | None:
    """The gas pressure class; None above the last band, which no table here covers."""
    return next((band for band in pressure_bands() if band.reaches(pressure_mpa)), None)


def horizontal_clearance(a: str, b: str) -> rows.Clearance | None:
    """Least plan distance between two parties, in either order; None = the table is silent, never a pass."""
    return _clearances_by_pair(clearances_horizontal).get((min(a, b), max(a, b)))


def vertical_clearance(a: str, b: str) -> rows.Clearance | None:
    """Least distance at a crossing between two parties, in either order; None = the table is silent."""
    return _clearances_by_pair(clearances_vertical).get((min(a, b), max(a, b)))


@lru_cache
def _clearances_by_pair(
    load: Callable[[], tuple[rows.Clearance, ...]],
) -> dict[tuple[str, str], rows.Clearance]:
    return {(row.class_a, row.class_b): row for row in load()}
