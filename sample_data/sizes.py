"""The three sizes of the sample city, and nothing that follows from them."""

from dataclasses import dataclass

from gis.errors import InvalidInput
from gis.i18n import _


@dataclass(frozen=True)
class Size:
    """How large a city is made. Counts are aims; what comes out depends on the shape of the ground."""

    name: str
    cells: int  # unit grids
    aspect: float  # width of the city to its height
    fullness: float  # 2 is an ellipse, large is a rectangle
    edge_noise: float  # how irregular the outline is
    streets: tuple[str, ...]  # 9 digit codes; empty: all
    communities_per_street: int  # the first ones; 0: all
    grid_per_duty: int  # unit grids in a duty grid
    block_cells: tuple[int, ...]  # cells between two main roads, taken in turn
    surveyed_share: float  # of the streets (not towns) whose pipes have been surveyed
    spacing: float  # 1: wells, lamps and valves as a city has them; larger: fewer
    branches: bool  # whether every side street is surveyed too
    components: int
    cases: int
    months: int


SIZES = {
    "small": Size("small", 120, 1.2, 8.0, 0.0, ("150602001", "150602002"), 3, 30, (4,), 1.0, 1.6, False,
                  600, 300, 2),
    "city": Size("city", 4_000, 1.15, 2.6, 0.05, (), 0, 28, (5, 4, 5, 6), 1.0, 1.3, False,
                 30_000, 10_000, 2),
    "large": Size("large", 40_000, 1.15, 2.6, 0.05, (), 0, 40, (4, 5, 4, 3), 1.0, 0.75, True,
                  200_000, 1_000_000, 24),
}  # fmt: skip


def find_size(name: str) -> Size:
    """The size of that name.

    Raises
    ------
    InvalidInput
        There is no such size.
    """
    if name not in SIZES:
        raise InvalidInput(
            _("There is no size {name}; there are: {known}").format(name=name, known=", ".join(SIZES))
        )
    return SIZES[name]
