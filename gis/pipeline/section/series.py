"""A series of section lines across an axis, every so many metres."""

import numpy as np
import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.errors import InvalidInput, NotFound
from gis.grid.models import Road
from gis.i18n import _
from gis.pipeline.section.line import SectionLine

MOST_SECTIONS = 200
LONGEST_AXIS_M = 50_000.0
WIDEST_M = 500.0  # to either side


def lines_across(
    axis: SectionLine, every_m: float, half_width_m: float, most: int = MOST_SECTIONS
) -> list[tuple[str, SectionLine]]:
    """Straight lines square to an axis, from its left to its right, at 0, ``every_m``, … ; named 1-1, 2-2, …

    Raises
    ------
    InvalidInput
        A length is not positive, the lines are too wide, or there would be more than ``most`` of them.
    """
    _check("/every_m", every_m, LONGEST_AXIS_M)
    _check("/half_width_m", half_width_m, WIDEST_M)
    most = min(most, MOST_SECTIONS)
    count = int(np.floor(axis.length_m / every_m + 1e-9)) + 1
    if count > most:
        raise InvalidInput(
            _(
                "Every {every:g} m along {length:.0f} m makes {count} sections, at most {most} are drawn"
            ).format(every=every_m, length=axis.length_m, count=count, most=most),
            errors=[
                {
                    "pointer": "/every_m",
                    "detail": _("at least {every:.0f} m here").format(
                        every=np.ceil(axis.length_m / max(most - 1, 1))
                    ),
                }
            ],
        )
    station = np.minimum(np.arange(count) * every_m, axis.length_m)
    middle = axis.places(station)
    ahead = axis.directions()[axis.piece_at(station)]
    left = np.column_stack([-ahead[:, 1], ahead[:, 0]]) * half_width_m
    return [
        (f"{number}-{number}", SectionLine(np.stack([at + to_left, at - to_left])))
        for number, (at, to_left) in enumerate(zip(middle, left, strict=True), start=1)
    ]


def axis_of_road(session: Session, road: int | str) -> SectionLine:
    """The centre line of a road by its id or code; NotFound where no road of today has it."""
    key = Road.id if isinstance(road, int) else Road.code
    wkb = session.scalar(select(Road.geom.ST_AsBinary()).where(key == road, Road.valid_to.is_(None)))
    if wkb is None:
        raise NotFound(_("There is no road {code}").format(code=road))
    return SectionLine(shapely.get_coordinates(shapely.from_wkb(bytes(wkb))))


def _check(pointer: str, value: float, most: float) -> None:
    if not 0 < value <= most:
        words = _("{value:g} m cannot be; more than 0 and at most {most:g} m").format(value=value, most=most)
        raise InvalidInput(words, errors=[{"pointer": pointer, "detail": words}])
