"""The states that a segment or point has been in, and what changed from each to the next."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from geoalchemy2.shape import to_shape
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from gis.i18n import _
from gis.pipeline.asking import Question
from gis.pipeline.attributes import attributes_of
from gis.pipeline.frame import Kind
from gis.pipeline.queries import Item, whole_rows

MOST_STATES = 200
SAME_PLACE_M = 0.0005


@dataclass(frozen=True)
class Change:
    """A state and how it came about: ``changed`` against the state before, nothing in the first."""

    state_id: int
    valid_from: date
    valid_to: date | None
    import_id: int | None
    changed: list[dict[str, Any]]


def changes_of(session: Session, kind: Kind, model: Any, entity: int) -> list[Change]:
    """All states of a segment or point, the latest first."""
    statement = (
        select(model)
        .where(or_(model.id == entity, model.past_of == entity))
        .order_by(model.valid_from, model.past_of.is_(None), model.id)
        .limit(MOST_STATES)
    )
    states = session.scalars(statement).all()
    items = whole_rows(session, Question(kind=kind), [state.id for state in states])
    told = []
    for number, (state, item) in enumerate(zip(states, items, strict=True)):
        changed: list[dict[str, Any]] = []
        if number:
            changed = _differences(kind, items[number - 1], item)
            moved = to_shape(states[number - 1].geom).hausdorff_distance(to_shape(state.geom))
            if moved > SAME_PLACE_M:
                changed.append({"name": "geometry", "title": _("Place"), "moved_m": round(moved, 3)})
        told.append(Change(state.id, state.valid_from, state.valid_to, state.import_id, changed))
    return told[::-1]


def _differences(kind: Kind, before: Item, after: Item) -> list[dict[str, Any]]:
    return [
        {
            "name": one.name,
            "title": _(one.title),
            "before": before["titles"].get(one.name, before[one.name]),
            "after": after["titles"].get(one.name, after[one.name]),
        }
        for one in attributes_of(kind)
        if one.surveyed and one.name != "valid_from" and before[one.name] != after[one.name]
    ]
