"""Which datasets the database keeps for tiles: one row each, and how each is drawn where it is too much."""

from dataclasses import dataclass

CELL_ZOOM = 13  # changes are noted, and lines put together, by tiles of this zoom
CELLS_BITS = 4  # points are counted in 2^4 cells along a tile's side


@dataclass(frozen=True)
class Merged:
    """Up to zoom 13, lines that agree in these columns become one, from ``least`` on."""

    least: int
    by: tuple[str, ...]


@dataclass(frozen=True)
class Counted:
    """From one zoom to another, both included, points are counted by cells."""

    least: int
    most: int


@dataclass(frozen=True)
class Kept:
    """One dataset.

    Attributes
    ----------
    name : of the collection, of its tiles, and in ``data_change``
    subject : its table; ``tile_{subject}`` is the table that tiles are made of, ``app.tile_{subject}`` what
        that table should hold
    overview : how it is drawn at zooms where single rows would be too many
    """

    name: str
    subject: str
    overview: Merged | Counted | None = None

    @property
    def table(self) -> str:
        return f"tile_{self.subject}"


KEPT: dict[str, Kept] = {
    row.name: row
    for row in (
        Kept("areas", "area"),
        Kept("unit_grids", "unit_grid"),
        Kept("duty_grids", "duty_grid"),
        Kept("buildings", "building"),
        Kept("roads", "road", Merged(9, ("grade", "name_zh", "name_en"))),
        Kept("pipe_segments", "pipe_segment", Merged(10, ("class_code", "sub_code"))),
        Kept("pipe_points", "pipe_point", Counted(13, 15)),
        Kept("components", "component", Counted(12, 14)),
    )
}
