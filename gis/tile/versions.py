"""The name of the state of what lies somewhere: it differs when anything there has changed, and only then."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.tile.datasets import CELL_ZOOM

# Binds what state_values() gives.
STATE_SQL = (
    "SELECT coalesce(bit_xor(stamp), 0) AS number, coalesce(bool_and(settled), true) AS settled"
    " FROM public.data_change WHERE dataset = :dataset"
    " AND x BETWEEN :first_x AND :last_x AND y BETWEEN :first_y AND :last_y"
)
_STATE = text(STATE_SQL)
_WHOLE = text("SELECT coalesce(bit_xor(stamp), 0) FROM public.data_change WHERE dataset = :dataset")


@dataclass(frozen=True)
class State:
    """What lies somewhere, by number; ``settled``: its overview is made of what is ready."""

    number: int
    settled: bool


def tile_state(session: Session, dataset: str, z: int, x: int, y: int) -> State:
    """The state of a dataset in a tile and on its edges: of the cells it touches."""
    row = session.execute(_STATE, state_values(dataset, z, x, y)).one()
    return State(row.number, row.settled)


def state_values(dataset: str, z: int, x: int, y: int) -> dict[str, str | int]:
    """Which cells of zoom 13 a tile touches; what lies in the next one may reach over the edge."""
    if z <= CELL_ZOOM:
        shift = CELL_ZOOM - z
        first_x, first_y = x << shift, y << shift
        last_x, last_y = ((x + 1) << shift) - 1, ((y + 1) << shift) - 1
    else:
        shift = z - CELL_ZOOM
        first_x = last_x = x >> shift
        first_y = last_y = y >> shift
    return {
        "dataset": dataset,
        "first_x": first_x - 1,
        "last_x": last_x + 1,
        "first_y": first_y - 1,
        "last_y": last_y + 1,
    }


def dataset_version(session: Session, dataset: str) -> int:
    """The state of a whole dataset."""
    return int(session.execute(_WHOLE, {"dataset": dataset}).scalar_one())
