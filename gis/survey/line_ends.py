"""Which points the lines of a drawing end at: one of the class that lies there, else a plain point made.

The rule is that of :mod:`gis.exchange.pipe_ends`; here it works on whole chunks at a time. Points of another
class are never joined to, though they lie on the same spot.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from gis.exchange.pipe_ends import ON_M
from gis.survey.places import Floats
from gis.survey.reading.table import Cells, missing, object_array

LOOKED_AT = 4  # points on one spot that are looked at for one of the sub-class


@dataclass
class _OfClass:
    """Points of one class: those of the files, and those made."""

    places: list[Floats] = field(default_factory=list)
    numbers: list[Cells] = field(default_factory=list)
    subs: list[Cells] = field(default_factory=list)
    tree: cKDTree | None = None
    all_numbers: Cells | None = None
    all_subs: Cells | None = None

    def add(self, places: Floats, numbers: Cells, subs: Cells) -> None:
        self.places.append(places)
        self.numbers.append(numbers)
        self.subs.append(subs)
        self.tree = None

    def build(self) -> None:
        if self.tree is None and self.places:
            self.tree = cKDTree(np.concatenate(self.places))
            self.all_numbers, self.all_subs = np.concatenate(self.numbers), np.concatenate(self.subs)


@dataclass(frozen=True)
class Made:
    """Points made at ends of lines; ``of_line`` is the line of the chunk that first ends there."""

    class_code: Cells
    sub_code: Cells
    point_no: Cells
    places: Floats
    of_line: NDArray[np.int64]


class Ends:
    """The points of an import by place, to which lines are joined as they come."""

    def __init__(self) -> None:
        self._classes: dict[str | None, _OfClass] = {}
        self.joined = 0

    def add_points(self, class_codes: Cells, subs: Cells, numbers: Cells, places: Floats) -> None:
        """Take points of a chunk; those without a place or number are passed over."""
        whole = np.isfinite(places).all(axis=1) & ~missing(numbers)
        for code in set(class_codes[whole].tolist()):
            rows = whole & (class_codes == code)
            self._of(code).add(places[rows], numbers[rows], subs[rows])

    def join(self, class_codes: Cells, subs: Cells, ends: Floats) -> tuple[Cells, Made]:
        """The numbers of the points at some ends, and the points that had to be made.

        Parameters
        ----------
        class_codes, subs : arrays of text or None, shape (n,)
        ends : array of float, shape (n, 2), metres
            NaN where a line has no shape; its number is None then.
        """
        numbers = np.full(len(ends), None, dtype=object)
        made: list[Made] = []
        finite = np.isfinite(ends).all(axis=1)
        for code in sorted(set(class_codes[finite].tolist()), key=str):
            rows = np.flatnonzero(finite & (class_codes == code))
            found = self._nearest(code, subs[rows], ends[rows])
            self.joined += int((~missing(found)).sum())
            bare = rows[missing(found)]
            numbers[rows] = found
            if len(bare):
                new = _make(code, subs[bare], ends[bare], bare)
                numbers[bare] = new[1]
                made.append(new[0])
                self._of(code).add(new[0].places, new[0].point_no, new[0].sub_code)
        return numbers, _together(made)

    def _of(self, code: str | None) -> _OfClass:
        return self._classes.setdefault(code, _OfClass())

    def _nearest(self, code: str | None, subs: Cells, ends: Floats) -> Cells:
        """Numbers of the nearest points of class and sub-class; an unknown sub-class is any."""
        found = np.full(len(ends), None, dtype=object)
        there = self._of(code)
        there.build()
        if there.tree is None or there.all_numbers is None or there.all_subs is None:
            return found
        _metres, which = there.tree.query(ends, k=LOOKED_AT, distance_upper_bound=ON_M + 1e-9)
        for near in range(LOOKED_AT - 1, -1, -1):  # the nearest last, so that it stays
            hit = np.flatnonzero(which[:, near] < len(there.all_numbers))
            points = which[hit, near]
            theirs, ours = there.all_subs[points], subs[hit]
            fits = missing(theirs) | missing(ours) | (theirs == ours)
            found[hit[fits]] = there.all_numbers[points[fits]]
        return found


def place_number(class_code: str | None, sub_code: str | None, x: float, y: float) -> str:
    """What a point without a number is called: by its place, so that another import meets it there again."""
    return f"{sub_code or class_code or ''}@{x:.3f},{y:.3f}"


def _make(code: str | None, subs: Cells, ends: Floats, of_line: NDArray[np.int64]) -> tuple[Made, Cells]:
    """A point for each spot on which ends lie; returns the number of each end too."""
    spots = _spots(subs, ends)
    _spot, first, which = np.unique(spots, return_index=True, return_inverse=True)
    numbers = object_array(
        [place_number(code, sub, x, y) for sub, (x, y) in zip(subs[first], ends[first].tolist(), strict=True)]
    )
    made = Made(np.full(len(first), code, dtype=object), subs[first], numbers, ends[first], of_line[first])
    return made, numbers[which]


def _spots(subs: Cells, ends: Floats) -> NDArray[np.int64]:
    """A number for each end, the same where two of one sub-class lie on one spot."""
    kinds = {sub: index for index, sub in enumerate(dict.fromkeys(subs.tolist()))}
    apart = np.array([kinds[sub] for sub in subs], dtype=float)  # a metre between sub-classes
    pairs = cKDTree(np.column_stack([ends, apart])).query_pairs(ON_M, output_type="ndarray")
    near = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(ends), len(ends)))
    spots: NDArray[np.int64] = connected_components(near, directed=False)[1]
    return spots


def _together(made: list[Made]) -> Made:
    if not made:
        none = np.empty(0, dtype=object)
        return Made(none, none, none, np.empty((0, 2)), np.empty(0, dtype=np.int64))
    codes, subs, numbers = (
        np.concatenate([getattr(one, name) for one in made])
        for name in ("class_code", "sub_code", "point_no")
    )
    places = np.concatenate([one.places for one in made])
    return Made(codes, subs, numbers, places, np.concatenate([one.of_line for one in made]))
