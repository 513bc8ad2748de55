"""The network as it is, or as it was on a day."""

from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_

from gis.pipeline.models import PipePoint, PipeSegment

Surveyed = type[PipePoint] | type[PipeSegment]


def in_force(model: Surveyed, as_of: date | None = None) -> ColumnElement[bool]:
    """Rows that describe the network now, or as it was at the end of a day."""
    if as_of is None:
        return model.valid_to.is_(None)
    return and_(model.valid_from <= as_of, or_(model.valid_to.is_(None), model.valid_to > as_of))


def entity_id(model: Surveyed) -> ColumnElement[int]:
    """What a state of any time is a state of: the id that segments name their points by, and people keep."""
    return func.coalesce(model.past_of, model.id)


def in_force_sql(alias: str, as_of: date | None) -> str:
    """The same as SQL text for statements in files; bind ``:as_of`` where it is not None."""
    if as_of is None:
        return f"{alias}.valid_to IS NULL"
    return f"({alias}.valid_from <= :as_of AND ({alias}.valid_to IS NULL OR {alias}.valid_to > :as_of))"
