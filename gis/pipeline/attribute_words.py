"""The names of codes in the reader's language, list by list; attributes name their list in ``words``."""

from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.grid.models import Area, DutyGrid
from gis.i18n import _, pick
from gis.people.models import Department
from gis.pipeline.attribute_expressions import AGE_BANDS, SIZE_BANDS_MM, band_codes
from gis.standard import tables
from gis.standard.vocabulary import PointRole

Words = Mapping[str, str]


def words_of(session: Session, name: str, codes: Iterable[str] | None = None) -> Words:
    """``{code: name}`` of a list; of some codes only where they are given and the list is long."""
    if name in _STORED:
        return _STORED[name](session, None if codes is None else sorted(set(codes)))
    return _SHIPPED[name]()


def is_short(name: str) -> bool:
    """Whether a list can be shown whole for choosing from."""
    return name in _SHIPPED or name == "owner"


def _bands(limits: tuple[int, ...], below: str, between: str, above: str) -> Words:
    first, *inner, last = band_codes(limits)
    named = {first: below.format(high=limits[0])}
    for code in inner:
        low, high = code.split("-")
        named[code] = between.format(low=low, high=high)
    return {**named, last: above.format(low=limits[-1])}


def _sizes() -> Words:
    return _bands(SIZE_BANDS_MM, _("below {high} mm"), _("{low} to below {high} mm"), _("{low} mm and more"))


def _ages() -> Words:
    return _bands(
        AGE_BANDS, _("below {high} years"), _("{low} to below {high} years"), _("{low} years and more")
    )


def _kinds(role: PointRole) -> Words:
    return {row.code: row.name for row in tables.point_kinds() if row.role == role}


_SHIPPED: dict[str, Callable[[], Words]] = {
    "class": lambda: {row.class_code: row.name for row in tables.pipe_main_classes()},
    "sub_class": lambda: {row.sub_code: row.name for row in tables.pipe_classes()},
    "material": lambda: {row.code: row.name for row in tables.pipe_materials()},
    "laying": lambda: {row.code: row.name for row in tables.laying_methods()},
    "usage_status": lambda: {row.code: row.name for row in tables.usage_statuses()},
    "pressure_band": lambda: {row.code: row.name for row in tables.pressure_bands()},
    "data_source": lambda: {row.code: row.name for row in tables.data_origins()},
    "flow": lambda: {row.code: row.name for row in tables.flow_directions()},
    "feature": lambda: _kinds(PointRole.FEATURE),
    "appendage": lambda: _kinds(PointRole.APPENDAGE),
    "size_band": _sizes,
    "age_band": _ages,
}


def _owners(session: Session, codes: list[str] | None) -> Words:
    statement = select(Department.code, Department.name_zh, Department.name_en)
    if codes is not None:
        statement = statement.where(Department.code.in_(codes))
    return {code: pick(zh, en) for code, zh, en in session.execute(statement)}


def _areas(session: Session, codes: list[str] | None) -> Words:
    statement = select(Area.code, Area.name_zh, Area.name_en)
    if codes is not None:
        statement = statement.where(Area.code.in_(codes))
    return {code: pick(zh, en) for code, zh, en in session.execute(statement)}


def _duty_grids(session: Session, codes: list[str] | None) -> Words:
    statement = select(DutyGrid.code, DutyGrid.name)
    if codes is not None:
        statement = statement.where(DutyGrid.code.in_(codes))
    return {code: name or code for code, name in session.execute(statement)}


_STORED: dict[str, Callable[[Session, list[str] | None], Words]] = {
    "owner": _owners,
    "community": _areas,
    "street": _areas,
    "duty_grid": _duty_grids,
}
