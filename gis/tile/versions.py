"""The name of the state of what lies somewhere: it differs when anything there has changed, and only then."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.tile.datasets import CELL_ZOOM

_VERSION = text(
    "SELECT coalesce(bit_xor(stamp), 0) AS number, coalesce(bool_and(settled), true) AS settled"
    " FROM public.data_change"
    " WHERE dataset = :dataset AND x BETWEEN :west AND :east AND y BETWEEN :north AND :south"
)
_WHOLE = text("SELECT coalesce(bit_xor(stamp), 0) FROM public.data_change WHERE dataset = :dataset")


@dataclass(frozen=True)
class State:
    """What lies somewhere, by number; ``settled``: its overview is made of what is ready."""

    number: int
    settled: bool


def tile_state(session: Session, dataset: str, z: int, x: int, y: int) -> State:
    """The state of a dataset in a tile and on its edges: of the cells it touches."""
    if z <= CELL_ZOOM:
        shift = CELL_ZOOM - z
        west, north = x << shift, y << shift
        east, south = ((x + 1) << shift) - 1, ((y + 1) << shift) - 1
    else:
        shift = z - CELL_ZOOM
        west = east = x >> shift
        north = south = y >> shift
    # What lies in the next cell may reach over the edge.
    values = {"west": west - 1, "east": east + 1, "north": north - 1, "south": south + 1}
    row = session.execute(_VERSION, {"dataset": dataset, **values}).one()
    return State(row.number, row.settled)


def dataset_version(session: Session, dataset: str) -> int:
    """The state of a whole dataset."""
    return int(session.execute(_WHOLE, {"dataset": dataset}).scalar_one())
