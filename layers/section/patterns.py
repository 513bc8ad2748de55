"""The hatchings of the trade: natural ground, masonry, cut concrete."""

from bisect import bisect_left
from operator import itemgetter

from layers.section.scene import Point

Runs = tuple[tuple[Point, ...], ...]


def earth(line: list[Point], every: float = 9.0, depth: float = 2.2) -> Runs:
    """自然土壤: groups of three strokes leaning under a ground line, one group each ``every`` mm."""
    strokes: list[tuple[Point, ...]] = []
    for x in _along(line, every):
        for shift in (0.0, 1.1, 2.2):
            top = height_at(line, x + shift)
            if top is not None:
                strokes.append(((x + shift, top), (x + shift - depth, top + depth)))
    return tuple(strokes)


def _along(line: list[Point], every: float) -> list[float]:
    first, last = line[0][0], line[-1][0]
    count = int((last - first - 2.2) // every)
    rest = (last - first - 2.2 - count * every) / 2
    return [first + rest + number * every for number in range(count + 1)]


def height_at(line: list[Point], x: float) -> float | None:
    """y of a polyline that runs to the right; None beside it."""
    if len(line) < 2 or not line[0][0] <= x <= line[-1][0]:
        return None
    after = max(bisect_left(line, x, key=itemgetter(0)), 1)
    (x0, y0), (x1, y1) = line[after - 1], line[after]
    return y0 if x1 == x0 else y0 + (y1 - y0) * (x - x0) / (x1 - x0)


def slanted(left: float, top: float, right: float, bottom: float, gap: float = 1.2) -> Runs:
    """Strokes at 45° that fill a rectangle, rising to the right."""
    strokes: list[tuple[Point, ...]] = []
    width, height = right - left, bottom - top
    count = int((width + height) / gap)
    for number in range(1, count + 1):
        reach = number * gap
        # From the left or lower edge up to the upper or right one.
        x0, y0 = (left, top + reach) if reach <= height else (left + reach - height, bottom)
        x1, y1 = (left + reach, top) if reach <= width else (right, top + reach - width)
        strokes.append(((x0, y0), (x1, y1)))
    return tuple(strokes)
