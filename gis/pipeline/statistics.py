"""长度、数量、孔数、体积 of the lines of a question, in groups; every figure leads back to its rows."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, case, func, or_, select
from sqlalchemy.orm import Session

from gis.errors import InvalidInput
from gis.filtering.text import read_text
from gis.i18n import _
from gis.pipeline.asking import Asked, Question
from gis.pipeline.attribute_expressions import volume_m3
from gis.pipeline.attribute_words import words_of
from gis.pipeline.attributes import Attribute, groupable
from gis.pipeline.frame import Kind
from gis.pipeline.queries import plain

MOST_KEYS = 3
MOST_GROUPS = 1000
Key = dict[str, Any]
Filter = str | dict[str, Any] | None


@dataclass(frozen=True)
class Figures:
    """Sums over some segments.

    ``length_m`` is measured in plan, inside the area where the question clips. ``volume_m3`` is that of the
    lines whose size is known; ``unknown_volume_count`` lines of ``unknown_volume_length_m`` have none.
    ``holes`` and ``used_holes`` are None where no line of the group tells them.
    """

    count: int
    length_m: float
    holes: int | None
    used_holes: int | None
    volume_m3: float | None
    unknown_volume_count: int
    unknown_volume_length_m: float


FIGURES = tuple(field.name for field in fields(Figures))
_MAY_LACK = ("holes", "used_holes", "volume_m3")


@dataclass(frozen=True)
class Group:
    """Figures of the segments that share a key; None in a key: unknown. ``filter`` finds its rows again."""

    key: Key
    title: dict[str, str]
    figures: Figures
    filter: dict[str, Any] | None


@dataclass(frozen=True)
class Statistics:
    """``groups`` are the longest ones; ``others`` sums up the ``other_groups`` beyond :data:`MOST_GROUPS`."""

    group_by: list[Attribute]
    groups: list[Group]
    total: Figures
    others: Figures | None = None
    other_groups: int = 0


def statistics(session: Session, question: Question, group_by: list[str]) -> Statistics:
    """Sums of segments by up to three attributes, the longest group first.

    Raises
    ------
    InvalidInput
        Points are asked for, or what to group by cannot be.
    """
    if question.kind is not Kind.SEGMENTS:
        raise InvalidInput(_("Only segments have lengths to sum up"), errors=[{"pointer": "/kind"}])
    if len(group_by) > MOST_KEYS:
        raise InvalidInput(
            _("Group by at most {most} attributes").format(most=MOST_KEYS), errors=[{"pointer": "/group_by"}]
        )
    attributes = groupable(question.kind, group_by)
    asked = Asked(session, question)
    keys = [one.of(asked.frame).label(f"key_{n}") for n, one in enumerate(attributes)]
    summed = select(*keys, *_sums(asked)).select_from(asked.frame.source).where(*asked.conditions)
    if not keys:
        return Statistics([], [], _figures(session.execute(summed).mappings().one()))
    groups, total, other_groups = _longest(session, summed.group_by(*keys), len(keys))
    keyed = [{one.name: plain(row[f"key_{n}"]) for n, one in enumerate(attributes)} for row in groups]
    titles = _titles(session, attributes, keyed)
    shown = [
        Group(key, title, _figures(row), with_key(question.filter, key))
        for key, title, row in zip(keyed, titles, groups, strict=True)
    ]
    others = less(total, add_up([group.figures for group in shown])) if other_groups else None
    return Statistics(attributes, shown, total, others, other_groups)


def _longest(session: Session, grouped: Select[Any], keys: int) -> tuple[Sequence[RowMapping], Figures, int]:
    """The rows of the longest groups, the figures of all, and how many groups are left out."""
    each = grouped.subquery()
    every = [func.sum(each.c[name]).over().label(f"all_{name}") for name in FIGURES]
    statement = (
        select(each, *every, func.count().over().label("all_groups"))
        .order_by(each.c.length_m.desc(), *(each.c[f"key_{n}"] for n in range(keys)))
        .limit(MOST_GROUPS)
    )
    rows = session.execute(statement).mappings().all()
    if not rows:
        return [], add_up([]), 0
    return rows, _figures(rows[0], "all_"), rows[0]["all_groups"] - len(rows)


def with_key(said: Filter, key: Key) -> dict[str, Any] | None:
    """The filter (CQL2 JSON) that finds the rows of a group: the question's own, and the key's values."""
    parts = []
    for name, value in key.items():
        of = {"property": name}
        parts.append({"op": "isNull", "args": [of]} if value is None else {"op": "=", "args": [of, value]})
    return _all_of(said, parts)


def with_unknown_volume(said: Filter) -> dict[str, Any] | None:
    """The filter that finds the lines whose size is unknown among those of another."""
    return _all_of(said, [{"op": "isNull", "args": [{"property": "volume_m3"}]}])


def _all_of(said: Filter, parts: list[dict[str, Any]]) -> dict[str, Any] | None:
    own = [] if said in (None, "") else [read_text(said) if isinstance(said, str) else said]
    parts = [*own, *parts]
    if len(parts) < 2:
        return parts[0] if parts else None
    return {"op": "and", "args": parts}


def add_up(figures: list[Figures]) -> Figures:
    """The figures of all groups together."""

    def known(name: str) -> Any:
        values = [getattr(one, name) for one in figures if getattr(one, name) is not None]
        return sum(values) if values else None

    return Figures(**{name: known(name) if name in _MAY_LACK else known(name) or 0 for name in FIGURES})


def less(total: Figures, part: Figures) -> Figures:
    """What is left of a total without a part of it."""

    def left(name: str) -> Any:
        whole, taken = getattr(total, name), getattr(part, name)
        return None if whole is None else whole - (taken or 0)

    return Figures(**{name: left(name) for name in FIGURES})


def _sums(asked: Asked) -> list[ColumnElement[Any]]:
    row = asked.frame.row
    length, volume = row.length_m, volume_m3(asked.frame)
    if asked.cut_sql is not None:
        inside = func.ST_Length(func.ST_Intersection(func.ST_Force2D(row.geom), asked.cut_sql))
        length = case((func.ST_Covers(asked.cut_sql, row.geom), row.length_m), else_=inside)
        volume = volume / func.nullif(row.length_m, 0) * length
    # The same as a volume that is NULL, without reckoning it twice.
    unknown = or_(row.width_mm.is_(None), row.height_mm.is_(None))
    return [
        func.count().label("count"),
        func.coalesce(func.sum(length), 0.0).label("length_m"),
        func.sum(row.total_holes).label("holes"),
        func.sum(row.used_holes).label("used_holes"),
        func.sum(volume).label("volume_m3"),
        func.count().filter(unknown).label("unknown_volume_count"),
        func.coalesce(func.sum(length).filter(unknown), 0.0).label("unknown_volume_length_m"),
    ]


def _figures(row: RowMapping, prefix: str = "") -> Figures:
    return Figures(**{name: plain(row[prefix + name]) for name in FIGURES})


def _titles(session: Session, attributes: list[Attribute], keys: list[Key]) -> list[dict[str, str]]:
    titles: list[dict[str, str]] = [{} for _key in keys]
    for one in attributes:
        codes = {key[one.name] for key in keys if key[one.name] is not None}
        words = words_of(session, one.words, codes) if one.words else {}
        for key, title in zip(keys, titles, strict=True):
            value = key[one.name]
            title[one.name] = _("unknown") if value is None else str(words.get(value, value))
    return titles
