"""Where a section line cuts lines, in plan: arrays in, arrays out. Pure, no database.

All pieces of all lines meet all pieces of the section at once. Levels come later: :mod:`.crossings`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis.pipeline.section.line import SectionLine

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

TOUCH_M = 1e-6  # surveys know millimetres: what comes as near as this touches
SAME_M = 1e-5  # two meetings of one line as near as this are one: at its bend, or at the section's
# Nobody draws a section quite along a line: so near, and so nearly parallel, it runs with it.
ALONG_M = 0.05
ALONG_SINE = np.sin(np.radians(0.5))


@dataclass(frozen=True)
class Cuts:
    """Crossings in the order of stations; all arrays have shape (n,).

    Attributes
    ----------
    row : which line, as numbered in ``of``
    station : metres along the section
    share : of the line's plan length where it is cut, 0 at its first vertex, 1 at its last
    angle_deg : between section and line there, above 0 to 90
    heading : direction of the line there, radians counter-clockwise from east
    """

    row: Ints
    station: Floats
    share: Floats
    angle_deg: Floats
    heading: Floats


@dataclass(frozen=True)
class Runs:
    """Stretches in which the section runs along a line instead of cutting it; shape (n,), in order."""

    row: Ints
    from_m: Floats
    to_m: Floats


def cut(line: SectionLine, xy: Floats, of: Ints) -> tuple[Cuts, Runs]:
    """Cut lines by a section line.

    A line that is met twice is cut twice. A line that ends on the section, or bends there, is cut once. Where
    the section runs along a line (nearer than :data:`ALONG_M`) there is no crossing but a run.

    Parameters
    ----------
    line : the section
    xy : vertices of all lines one after another, shape (k, 2), city's CRS
    of : for each vertex the number of its line, shape (k,), ascending
    """
    start, end, row, before, total = _pieces(xy, of)
    if not len(row):
        nothing = np.empty(0)
        none = np.empty(0, dtype=np.intp)
        return Cuts(none, nothing, nothing, nothing, nothing), Runs(none, nothing, nothing)
    # Differences of coordinates of millions of metres lose digits: count from where the section begins.
    origin = line.xy[0]
    a, b = line.xy[None, :-1] - origin, line.xy[None, 1:] - origin
    p, q = start[:, None] - origin, end[:, None] - origin
    along, across = b - a, q - p
    length, width = np.hypot(along[..., 0], along[..., 1]), np.hypot(across[..., 0], across[..., 1])
    product = _cross(across, along)
    sine = product / (length * width)
    run_piece, run_from, run_to = _runs(line, a, along / length[..., None], length, p, q, sine)
    with np.errstate(divide="ignore", invalid="ignore"):
        on_line = _cross(a - p, along) / product
        on_section = _cross(a - p, across) / product
    met = (
        (sine != 0)
        & (np.abs(on_line - 0.5) <= 0.5 + TOUCH_M / width)
        & (np.abs(on_section - 0.5) <= 0.5 + TOUCH_M / length)
    )
    i, j = np.nonzero(met)
    t, u = np.clip(on_line[i, j], 0, 1), np.clip(on_section[i, j], 0, 1)
    found = Cuts(
        row=row[i],
        station=line.stations[j] + u * length[0, j],
        share=np.clip((before[i] + t * width[i, 0]) / total[i], 0, 1),
        angle_deg=np.degrees(np.arcsin(np.minimum(np.abs(sine[i, j]), 1))),
        heading=np.arctan2(across[i, 0, 1], across[i, 0, 0]),
    )
    runs = _merged(Runs(row[run_piece], run_from, run_to))
    return _once(found, total[i], runs), runs


def _pieces(xy: Floats, of: Ints) -> tuple[Floats, Floats, Ints, Floats, Floats]:
    """Straight pieces: ends, number of the line, plan length of the line before it, and of all of it."""
    joined = (of[1:] == of[:-1]) & (np.hypot(*np.diff(xy, axis=0).T) > 0)
    start, end, row = xy[:-1][joined], xy[1:][joined], of[:-1][joined]
    length = np.hypot(*(end - start).T)
    until = np.cumsum(length)
    first = np.concatenate([[True], row[1:] != row[:-1]]) if len(row) else np.empty(0, dtype=bool)
    number = np.cumsum(first) - 1
    begins = (until - length)[first]
    total = np.bincount(number, weights=length) if len(row) else np.empty(0)
    return start, end, row, until - length - begins[number], total[number]


def _cross(a: Floats, b: Floats) -> Floats:
    product: Floats = a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
    return product


def _runs(
    line: SectionLine, a: Floats, unit: Floats, length: Floats, p: Floats, q: Floats, sine: Floats
) -> tuple[Ints, Floats, Floats]:
    """Pieces that run with a piece of the section: number of the piece, stations from and to."""
    i, j = np.nonzero(np.abs(sine) <= ALONG_SINE)
    ends = np.stack([p[i, 0], q[i, 0]], axis=1) - a[0, j][:, None]  # (n, 2 ends, 2)
    towards = unit[0, j][:, None]
    at, off = (ends * towards).sum(axis=2), _cross(towards, ends)
    low, high = np.maximum(at.min(axis=1), 0), np.minimum(at.max(axis=1), length[0, j])
    step = at[:, 1] - at[:, 0]
    slope = (off[:, 1] - off[:, 0]) / np.where(step == 0, 1, step)
    farthest = np.maximum(*(np.abs(off[:, 0] + slope * (place - at[:, 0])) for place in (low, high)))
    runs = (high - low > SAME_M) & (farthest <= ALONG_M)
    begin = line.stations[j]
    return i[runs], (begin + low)[runs], (begin + high)[runs]


def _merged(runs: Runs) -> Runs:
    """Runs of one line that follow each other as one, in the order of stations."""
    kept: list[tuple[int, float, float]] = []
    for index in np.lexsort((runs.from_m, runs.row)):
        row, low, high = int(runs.row[index]), float(runs.from_m[index]), float(runs.to_m[index])
        if kept and kept[-1][0] == row and low - kept[-1][2] <= ALONG_M:
            kept[-1] = (row, kept[-1][1], max(kept[-1][2], high))
        else:
            kept.append((row, low, high))
    kept.sort(key=lambda run: (run[1], run[0]))
    rows, lows, highs = (list(column) for column in zip(*kept, strict=True)) if kept else ([], [], [])
    return Runs(np.array(rows, dtype=np.intp), np.array(lows, float), np.array(highs, float))


def _once(cuts: Cuts, total: Floats, runs: Runs) -> Cuts:
    """In order, each meeting once, without those that belong to a run."""
    place = cuts.share * total
    order = np.lexsort((place, cuts.station, cuts.row))
    row, station, place = cuts.row[order], cuts.station[order], place[order]
    again = np.zeros(len(order), dtype=bool)
    again[1:] = (row[1:] == row[:-1]) & (np.diff(station) <= SAME_M) & (np.abs(np.diff(place)) <= SAME_M)
    for run, low, high in zip(runs.row, runs.from_m, runs.to_m, strict=True):
        again |= (row == run) & (station >= low - ALONG_M) & (station <= high + ALONG_M)
    kept = order[~again]
    kept = kept[np.lexsort((cuts.row[kept], cuts.station[kept]))]
    return Cuts(
        cuts.row[kept], cuts.station[kept], cuts.share[kept], cuts.angle_deg[kept], cuts.heading[kept]
    )
