"""The change of an object's indicator or score against the period before, with its causes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, func, literal_column, or_, select
from sqlalchemy.orm import Session

from gis.case.scope import Scope, scope_of
from gis.errors import InvalidInput
from gis.evaluation.behind import FACT, Counted, sources, way_of
from gis.evaluation.card_store import card_for
from gis.evaluation.cards import Card
from gis.evaluation.causes import Effect, Pair, split_count, split_ratio, whole
from gis.evaluation.figures import Row, objects_of
from gis.evaluation.indicators import POSTS, Indicator
from gis.evaluation.models import ScoreCard
from gis.evaluation.one import SCORE, one_row
from gis.evaluation.period import Period
from gis.evaluation.scoring import ScoredPart, score
from gis.grid.models import Area
from gis.i18n import N_, _, pick
from gis.people.models import Department, Person
from gis.standard.tables import CITY_EDITION, object_classes

Groups = dict[Any, Pair]


@dataclass(frozen=True)
class Cause:
    """One group's share in the change. ``before``, ``after``: its counts, or points and weight of a line."""

    code: str
    name: str
    effect: Effect[Any] | None
    before: Pair
    after: Pair


@dataclass(frozen=True)
class Change:
    """A value in two periods and what each group added to the difference; None: no cases."""

    periods: tuple[Period, Period]
    before: float | None
    after: float | None
    causes: list[Cause]
    card: ScoreCard | None = None

    @property
    def change(self) -> float | None:
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True)
class Grouping:
    """How cases are grouped: by a column of their facts, and what its values are called."""

    key: Callable[[], ColumnElement[Any]]
    names: Callable[[Session], Mapping[Any, tuple[str, str]]]  # key → code, name


def _class_names(_session: Session) -> Mapping[Any, tuple[str, str]]:
    # Editions give some codes to other classes: the city's own comes last and holds.
    rows = sorted(object_classes(), key=lambda row: row.edition == CITY_EDITION)
    keys = {f"{row.kind}/{row.code}": row for row in rows}
    return {key: (key, pick(row.name_zh, row.name_en)) for key, row in keys.items()}


def _street_names(session: Session) -> Mapping[Any, tuple[str, str]]:
    rows = session.execute(
        select(Area.id, Area.code, Area.name_zh, Area.name_en).where(Area.level == "street")
    )
    return {id_: (code, pick(zh, en)) for id_, code, zh, en in rows}


def _department_names(session: Session) -> Mapping[Any, tuple[str, str]]:
    rows = session.execute(select(Department.id, Department.code, Department.name_zh, Department.name_en))
    return {id_: (code, pick(zh, en)) for id_, code, zh, en in rows}


GROUPINGS = {
    "class": Grouping(lambda: FACT.c.kind.concat("/").concat(FACT.c.class_code), _class_names),
    "street": Grouping(lambda: FACT.c.street_id, _street_names),
    "department": Grouping(lambda: FACT.c.department_id, _department_names),
}
WITHOUT = N_("Without a department")


def change_of(
    session: Session,
    reader: Person,
    kind: str,
    code: str,
    indicator: str,
    period: Period,
    by: str = "class",
    card: str | None = None,
) -> Change:
    """The change of one indicator, or of the score, of one object against the period before.

    Parameters
    ----------
    indicator : a code of :data:`gis.evaluation.indicators.INDICATORS`, or ``score``: then by the card's lines
    by : a key of :data:`GROUPINGS`

    Raises
    ------
    InvalidInput
        Unknown object or indicator, a period in the future.
    """
    now = datetime.now(UTC)
    if by not in GROUPINGS:
        raise InvalidInput(
            _("Split by one of {known}").format(known=", ".join(GROUPINGS)), errors=[{"pointer": "/by"}]
        )
    periods = period.before(), period
    rows = [one_row(session, reader, kind, code, one, indicator, now) for one in periods]
    if indicator == SCORE:
        return _of_score(rows, periods, card_for(session, kind, card))
    before, after = (
        _grouped(session, reader, row, indicator, one, by, now)
        for row, one in zip(rows, periods, strict=True)
    )
    figures = [row.figures[indicator] for row in rows]
    row = figures[0].indicator
    effects = _effects(row, before, after)
    names = GROUPINGS[by].names(session)
    causes = [
        Cause(*_named(names, key), effects.get(key), before.get(key, Pair()), after.get(key, Pair()))
        for key in (effects or dict.fromkeys([*before, *after]))
    ]
    return Change(periods, figures[0].value, figures[1].value, causes)


def _effects(row: Indicator, before: Groups, after: Groups) -> dict[Any, Effect[Any]]:
    if row.denominator is None:
        tops = ({key: pair.top for key, pair in groups.items()} for groups in (before, after))
        return {one.key: one for one in split_count(*tops)}
    scaled = (
        {key: Pair(pair.top * row.factor, pair.bottom) for key, pair in groups.items()}
        for groups in (before, after)
    )
    return {one.key: one for one in split_ratio(*scaled)}


def _named(names: Mapping[Any, tuple[str, str]], key: Any) -> tuple[str, str]:
    return ("", _(WITHOUT)) if key is None else names.get(key, (str(key), str(key)))


def _of_score(rows: Sequence[Row], periods: tuple[Period, Period], kept: ScoreCard) -> Change:
    card = Card.from_json(kept.content)
    scores = [score(card, row.values()) for row in rows]
    before, after = ({part.part.indicator: _line(part) for part in one.parts} for one in scores)
    # The score itself is rounded; its parts make up what it was before that.
    values = [
        None if one.total is None else whole(lines).ratio
        for one, lines in zip(scores, (before, after), strict=True)
    ]
    effects = {} if None in values else {one.key: one for one in split_ratio(before, after)}
    titles = {code: _(figure.indicator.title) for code, figure in rows[0].figures.items()}
    order = effects or dict.fromkeys(before)
    causes = [Cause(code, titles[code], effects.get(code), before[code], after[code]) for code in order]
    return Change(periods, values[0], values[1], causes, kept)


def _line(scored: ScoredPart) -> Pair:
    """A line as a group: its weight, and its points weighted; without cases it has no weight."""
    if scored.points is None:
        return Pair()
    return Pair(scored.points * scored.part.weight, scored.part.weight)


def _grouped(
    session: Session, reader: Person, row: Row, indicator: str, period: Period, by: str, now: datetime
) -> Groups:
    told = row.figures[indicator].indicator
    scope = scope_of(session, reader)
    tops = _sums(session, scope, row, told.numerator, period, by, now)
    bottoms = _sums(session, scope, row, told.denominator, period, by, now) if told.denominator else {}
    return {key: Pair(tops.get(key, 0), bottoms.get(key, 0)) for key in {**bottoms, **tops}}


def _sums(
    session: Session, scope: Scope, row: Row, count: str, period: Period, by: str, now: datetime
) -> dict[Any, float]:
    """How much of a count of one object falls on each group."""
    is_post = row.kind in POSTS
    over = [row.id] if is_post else objects_of(session, row.kind, scope, [row.code])[0].over
    counted = Counted(way_of(count, is_post), count, period.begins, period.until(now))
    key = GROUPINGS[by].key()
    found: dict[Any, float] = {}
    for source in sources(counted, people=over, departments=over):
        conditions = [*source.conditions, *_seen(scope)]
        if counted.way == "count":
            conditions.append(_OF_KIND[row.kind].in_(over))
        statement = (
            select(key, func.sum(literal_column(source.amount))).select_from(source.facts).where(*conditions)
        )
        for group, amount in session.execute(statement.group_by(key)):
            found[group] = found.get(group, 0) + float(amount)
    return found


_OF_KIND = {
    "district": FACT.c.community_id,
    "street": FACT.c.community_id,
    "community": FACT.c.community_id,
    "unit_grid": FACT.c.unit_grid_id,
    "department": FACT.c.department_id,
}


def _seen(scope: Scope) -> list[ColumnElement[bool]]:
    if not scope.streets and not scope.communities:
        return []
    return [or_(FACT.c.street_id.in_(scope.streets), FACT.c.community_id.in_(scope.communities))]
