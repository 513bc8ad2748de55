"""Figures of regions, departments and posts: every indicator of every object of a kind, over a period."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from gis.case.scope import Scope, scope_of
from gis.errors import InvalidInput
from gis.evaluation.counts import COUNTS
from gis.evaluation.duties import DUTY_COUNTS
from gis.evaluation.indicators import OBJECT_KINDS, POSTS, Indicator, indicators_of, ratio
from gis.evaluation.period import Period
from gis.evaluation.sums import Sums, in_scope, scope_values, sums
from gis.grid.models import Area, UnitGrid
from gis.i18n import _, pick
from gis.people.models import Department, Person, Role

ROLES = {
    "collector": Role.INSPECTOR,
    "acceptor": Role.ACCEPTOR,
    "shift_leader": Role.SHIFT_LEADER,
    "dispatcher": Role.DISPATCHER,
}
AREA_LEVELS = ("district", "street", "community")
FEW = 10  # cases below which a ratio is told with a warning


@dataclass(frozen=True)
class Figure:
    """One indicator of one object. ``value``: in the indicator's unit; None where there were no cases."""

    indicator: Indicator
    value: float | None
    numerator: int
    denominator: int | None

    @property
    def is_small(self) -> bool:
        """Whether so few cases stand behind the ratio that it says little."""
        return self.denominator is not None and 0 < self.denominator < FEW


@dataclass(frozen=True)
class Row:
    """All figures of one object, by indicator. ``code``: of an area, grid or department; a login."""

    kind: str
    id: int
    code: str
    name: str
    figures: dict[str, Figure]
    counts: dict[str, int] = field(repr=False, default_factory=dict)

    def values(self) -> dict[str, float | None]:
        return {code: figure.value for code, figure in self.figures.items()}


@dataclass(frozen=True)
class Named:
    """An object and the ids its counts are summed over: a street's communities, departments below one."""

    id: int
    code: str
    name: str
    over: tuple[int, ...]


def figures(
    session: Session,
    reader: Person,
    kind: str,
    period: Period,
    *,
    indicators: Iterable[str] | None = None,
    codes: Sequence[str] | None = None,
    now: datetime | None = None,
) -> list[Row]:
    """Figures of each object of a kind, those without cases included, by code.

    Parameters
    ----------
    kind : a key of :data:`gis.evaluation.indicators.OBJECT_KINDS`
    indicators : codes to tell; all of the kind's where empty. Unit grids are told only where cases are,
        unless ``codes`` names them.
    codes : objects to tell of; all that the reader may see where empty
    now : what has not come by then does not count

    Raises
    ------
    InvalidInput
        Unknown kind, object or indicator; a period in the future.
    """
    now = now or datetime.now(UTC)
    period.refuse_future(now)
    rows = indicators_of(kind)
    if indicators is not None:
        wanted = set(indicators)
        if unknown := wanted - {row.code for row in rows}:
            raise InvalidInput(
                _("{code} is not an indicator of this kind of object").format(
                    code=", ".join(sorted(unknown))
                ),
                errors=[{"pointer": "/indicator"}],
            )
        rows = tuple(row for row in rows if row.code in wanted)
    needed = [name for row in rows for name in (row.numerator, row.denominator) if name]
    scope = scope_of(session, reader)
    if kind in POSTS:
        named, found = _posts(session, kind, needed, period, now, scope, codes)
    else:
        named = objects_of(session, kind, scope, codes)
        found = _places(session, kind, needed, period, now, scope, named if codes is not None else None)
        if kind == "unit_grid" and codes is None:
            named = [one for one in named if one.id in found]
    return [Row(kind, one.id, one.code, one.name, *_told(rows, one, found)) for one in named]


def _told(rows: Sequence[Indicator], one: Named, found: Sums) -> tuple[dict[str, Figure], dict[str, int]]:
    # A city has ten thousand unit grids, each summed over itself alone.
    counts = dict(found.get(one.over[0], {})) if len(one.over) == 1 else _summed(one, found)
    told = {}
    for row in rows:
        top = counts.get(row.numerator, 0)
        bottom = counts.get(row.denominator, 0) if row.denominator else None
        value = ratio(top, bottom)
        told[row.code] = Figure(row, None if value is None else value * row.factor, top, bottom)
    return told, counts


def _summed(one: Named, found: Sums) -> dict[str, int]:
    counts: dict[str, int] = {}
    for each in one.over:
        for code, amount in found.get(each, {}).items():
            counts[code] = counts.get(code, 0) + amount
    return counts


def objects_of(session: Session, kind: str, scope: Scope, codes: Sequence[str] | None = None) -> list[Named]:
    """The objects of a kind of region or of departments that a reader may see, by code.

    Raises
    ------
    InvalidInput
        One of ``codes`` is not there.
    """
    if kind == "department":
        named = _departments(session)
    elif kind == "unit_grid":
        named = _unit_grids(session, scope, codes)
    else:
        named = _areas(session, kind, scope)
    if codes is None:
        return named
    by_code = {one.code: one for one in named}
    if unknown := [code for code in codes if code not in by_code]:
        raise InvalidInput(
            _("There is no {kind} {code} that you may see").format(
                kind=_(OBJECT_KINDS[kind]), code=", ".join(unknown[:5])
            ),
            errors=[{"pointer": "/code"}],
        )
    return [by_code[code] for code in dict.fromkeys(codes)]


def _departments(session: Session) -> list[Named]:
    """Departments that dispose, and those above them, to whom the cases of those below count too."""
    rows = session.scalars(
        select(Department).where(Department.valid_to.is_(None)).order_by(Department.code)
    ).all()
    below: dict[int | None, list[int]] = defaultdict(list)
    for row in rows:
        below[row.parent_id].append(row.id)

    def closure(id_: int, seen: frozenset[int] = frozenset()) -> tuple[int, ...]:
        if id_ in seen:
            return ()
        return (id_, *(each for child in below[id_] for each in closure(child, seen | {id_})))

    disposing = {row.id for row in rows if row.disposes}
    return [
        Named(row.id, row.code, pick(row.name_zh, row.name_en), over)
        for row in rows
        if disposing.intersection(over := closure(row.id))
    ]


def _areas(session: Session, level: str, scope: Scope) -> list[Named]:
    areas = session.scalars(select(Area).where(Area.valid_to.is_(None)).order_by(Area.code)).all()
    parents = {area.id: area.parent_id for area in areas}
    of_level = [area for area in areas if area.level == level]
    over: dict[int, list[int]] = defaultdict(list)
    for area in areas:
        if area.level != "community" or not _is_seen(area.id, area.parent_id, scope):
            continue
        above: int | None = area.id
        while above is not None:
            over[above].append(area.id)
            above = parents.get(above)
    narrowed = bool(scope.streets or scope.communities)
    return [
        Named(area.id, area.code, pick(area.name_zh, area.name_en), tuple(over[area.id]))
        for area in of_level
        if over[area.id] or not narrowed
    ]


def _is_seen(community: int, street: int | None, scope: Scope) -> bool:
    if not (scope.streets or scope.communities):
        return True
    return community in scope.communities or street in scope.streets


def _unit_grids(session: Session, scope: Scope, codes: Sequence[str] | None) -> list[Named]:
    statement = (
        select(UnitGrid.id, UnitGrid.code, UnitGrid.name, UnitGrid.community_id, Area.parent_id)
        .join(Area, Area.id == UnitGrid.community_id)
        .order_by(UnitGrid.code)
    )
    if codes is not None:
        statement = statement.where(UnitGrid.code.in_(codes))
    return [
        Named(id_, code, name or code, (id_,))
        for id_, code, name, community, street in session.execute(statement)
        if _is_seen(community, street, scope)
    ]


def _places(
    session: Session,
    kind: str,
    needed: Sequence[str],
    period: Period,
    now: datetime,
    scope: Scope,
    named: Sequence[Named] | None,
) -> Sums:
    grain = "community" if kind in AREA_LEVELS else kind
    objects = None if named is None else [each for one in named for each in one.over]
    found = sums(session, grain, [code for code in needed if code in COUNTS], period, now, scope, objects)
    if kind == "department":
        _add(found, _parts(session, period, now, scope))
    return found


def _add(found: Sums, more: Mapping[int, dict[str, int]]) -> None:
    for object_id, told in more.items():
        found.setdefault(object_id, {}).update(told)


def _parts(session: Session, period: Period, now: datetime, scope: Scope) -> Sums:
    """What departments did beside the main ones, and what they gave back."""
    rows = session.execute(
        text(
            "SELECT p.department_id, count(*) FILTER (WHERE p.part = 'co'),"
            " count(*) FILTER (WHERE p.part = 'co' AND p.in_time), count(*) FILTER (WHERE p.part = 'former')"
            " FROM case_fact_part AS p JOIN case_fact AS f USING (case_id)"
            " WHERE p.part IN ('co', 'former') AND p.counted_at >= :begins AND p.counted_at < :ends"
            f" {in_scope(scope)} GROUP BY 1"
        ),
        {"begins": period.begins, "ends": period.until(now), **scope_values(scope)},
    )
    return {id_: {"co_should": co, "co_in_time": right, "given_back": back} for id_, co, right, back in rows}


def _posts(
    session: Session,
    kind: str,
    needed: Sequence[str],
    period: Period,
    now: datetime,
    scope: Scope,
    codes: Sequence[str] | None,
) -> tuple[list[Named], Sums]:
    if "report_or_missed" in needed:
        needed = [*needed, "report"]
    duties = [DUTY_COUNTS[code] for code in dict.fromkeys(needed) if code in DUTY_COUNTS]
    columns = ", ".join(
        f"count(*) FILTER (WHERE p.duty = ANY(ARRAY[{', '.join(map(repr, row.duties))}]) AND ({row.where}))"
        for row in duties
    )
    narrowed = in_scope(scope)
    values = {
        "begins": period.begins,
        "ends": period.until(now),
        "role": ROLES[kind],
        "duties": sorted({duty for row in duties for duty in row.duties}),
        **scope_values(scope),
    }
    found: Sums = {
        id_: dict(zip((row.code for row in duties), amounts, strict=True))
        for id_, *amounts in session.execute(
            text(
                f"SELECT p.person_id, {columns} FROM case_fact_post AS p"
                + (" JOIN case_fact AS f USING (case_id)" if narrowed else "")
                + " WHERE p.duty = ANY(:duties) AND p.at >= :begins AND p.at < :ends"
                f" AND p.person_id IN (SELECT id FROM person WHERE role = :role) {narrowed} GROUP BY 1"
            ),
            values,
        )
    }
    if kind == "collector":
        # Known only as duty grids are patrolled now: who patrolled them then is not kept.
        for id_, missed in session.execute(
            text(
                "SELECT d.person_id, count(*) FROM case_fact AS f"
                " JOIN person_duty_grid AS d USING (duty_grid_id)"
                " WHERE f.filed_at >= :begins AND f.filed_at < :ends AND f.is_filed AND f.is_public"
                f" {narrowed} GROUP BY 1"
            ),
            values,
        ):
            found.setdefault(id_, {})["missed"] = missed
        for told in found.values():
            told["report_or_missed"] = told.get("report", 0) + told.get("missed", 0)
    people = session.scalars(select(Person).where(Person.role == ROLES[kind]).order_by(Person.login)).all()
    named = [Named(one.id, one.login, one.name, (one.id,)) for one in people if one.active or one.id in found]
    if codes is not None:
        known = {one.code: one for one in named}
        if unknown := [code for code in codes if code not in known]:
            raise InvalidInput(
                _("There is no {kind} {code} that you may see").format(
                    kind=_(OBJECT_KINDS[kind]), code=", ".join(unknown[:5])
                ),
                errors=[{"pointer": "/code"}],
            )
        named = [known[code] for code in codes]
    return named, found
