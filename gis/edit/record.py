"""Writing down who changed what."""

from datetime import date
from typing import Any

import shapely
from geoalchemy2 import WKBElement
from geoalchemy2.shape import to_shape
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from gis.database import Base
from gis.edit.models import EditRecord
from gis.people.models import Person

Snapshot = dict[str, Any]
MICRONS = 6  # decimals of a metre that a shape is kept with


def snapshot(row: Base) -> Snapshot:
    """All columns of a row as JSON holds them; shapes as WKT in the city's CRS, metres."""
    return {column.key: _plain(getattr(row, column.key)) for column in inspect(row).mapper.column_attrs}


def write_record(
    session: Session,
    actor: Person,
    action: str,
    collection: str,
    item_id: int,
    before: Snapshot | None,
    after: Snapshot,
) -> None:
    """Add a record; nothing is written where nothing changed."""
    if before != after:
        session.add(
            EditRecord(
                actor_id=actor.id, action=action, collection=collection, item_id=item_id,
                before=before, after=after,
            )
        )  # fmt: skip
        session.flush()


def records_of(session: Session, collection: str, item_id: int, limit: int) -> list[EditRecord]:
    """The last changes of a row, newest first."""
    mine = (EditRecord.collection == collection, EditRecord.item_id == item_id)
    return list(session.scalars(select(EditRecord).where(*mine).order_by(EditRecord.id.desc()).limit(limit)))


def _plain(value: Any) -> Any:
    if isinstance(value, WKBElement):
        return shapely.to_wkt(to_shape(value), rounding_precision=MICRONS)
    return value.isoformat() if isinstance(value, date) else value
