"""The street network: main roads along lattice lines, side streets inside the blocks between them.

A road is one row of the schema: what lies between two junctions. Its centre line runs through lattice
vertices, so that unit grids end in the middle of the road, as they do in a real division.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sample_data.chance import stream
from sample_data.geometry import Floats
from sample_data.ground import Ground
from sample_data.sizes import Size

WORDS = Path(__file__).with_name("road_words.csv")
DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True)
class Grade:
    """A class of roads; widths in metres, between property lines and between kerbs."""

    name: str
    width_m: float
    carriageway_m: float


GRADES = (
    Grade("", 0, 0),  # no road
    Grade("branch", 18.0, 9.0),
    Grade("secondary", 30.0, 15.0),
    Grade("main", 40.0, 22.0),
    Grade("trunk", 50.0, 28.0),
)
BRANCH = 1


@dataclass(frozen=True)
class Road:
    """``axis`` 0 runs eastward along row ``line``, 1 northward along a column, from ``first`` to ``last``."""

    axis: int
    line: int
    first: int
    last: int
    grade: int
    name_zh: str
    name_en: str

    def steps(self) -> NDArray[np.intp]:
        """Lattice vertices the centre line runs through, shape (n, 2)."""
        along = np.arange(self.first, self.last + 1)
        across = np.full_like(along, self.line)
        return np.stack([along, across] if self.axis == 0 else [across, along], axis=1)


@dataclass
class Network:
    """All roads, and for each lattice edge its grade and road.

    ``grade[0][i, j]`` is that of the edge from vertex (i, j) eastward, ``grade[1][i, j]`` of the one
    northward; ``road`` alike holds indexes into ``roads``, -1 where there is none.
    """

    columns: list[int]
    rows: list[int]
    grade: tuple[NDArray[np.intp], NDArray[np.intp]]
    road: tuple[NDArray[np.intp], NDArray[np.intp]]
    roads: list[Road] = field(default_factory=list)

    def reaching(self, i: int, j: int) -> tuple[bool, bool, bool, bool]:
        """Whether a road leaves vertex (i, j) to the east, west, north, south."""
        east, north = self.grade
        return (
            bool(east[i, j]),
            bool(i and east[i - 1, j]),
            bool(north[i, j]),
            bool(j and north[i, j - 1]),
        )


def main_lines(count: int, blocks: tuple[int, ...]) -> list[int]:
    """Indexes of the lattice lines that are main roads."""
    found, at, turn = [], max(1, blocks[0] // 2), 0
    while at < count:
        found.append(at)
        at += blocks[turn % len(blocks)]
        turn += 1
    return found


def make_network(ground: Ground, size: Size, seed: int) -> Network:
    """Lay the roads of a city."""
    shape = (ground.columns + 1, ground.rows + 1)
    columns, rows = main_lines(ground.columns, size.block_cells), main_lines(ground.rows, size.block_cells)
    grade = (np.zeros(shape, dtype=np.intp), np.zeros(shape, dtype=np.intp))
    for k, j in enumerate(rows):
        grade[0][:, j] = _main_grade(k)
    for k, i in enumerate(columns):
        grade[1][i, :] = _main_grade(k)
    _add_branches(grade, columns, rows, size, stream(seed, "branches"))
    grade[0][~_may_run(ground, 0)] = 0
    grade[1][~_may_run(ground, 1)] = 0
    network = Network(columns, rows, grade, (np.full(shape, -1), np.full(shape, -1)))
    _drop_dead_ends(network)
    namer = _Namer(network, seed)
    for axis in (0, 1):
        for line, first, last in list(_stretches(network, axis)):
            level = int(grade[axis][(first, line) if axis == 0 else (line, first)])
            zh, en = namer.name(axis, line, first, level)
            road = Road(axis, line, first, last, level, zh, en)
            edges = road.steps()[:-1]
            network.road[axis][edges[:, 0], edges[:, 1]] = len(network.roads)
            network.roads.append(road)
    return network


def _main_grade(index: int) -> int:
    return (3, 2, 4)[index % 3]


def _add_branches(
    grade: tuple[NDArray[np.intp], NDArray[np.intp]],
    columns: list[int],
    rows: list[int],
    size: Size,
    chance: np.random.Generator,
) -> None:
    """A side street or two through the middle of each block."""
    for west, east in pairwise(columns):
        for south, north in pairwise(rows):
            draw = chance.random()
            if size.branches or draw < 0.6:
                grade[0][west:east, (south + north) // 2] = BRANCH
            if size.branches or draw > 0.45:
                grade[1][(west + east) // 2, south:north] = BRANCH


def _may_run(ground: Ground, axis: int) -> NDArray[np.bool_]:
    """Edges with city on both sides and not in the river."""
    wide = np.zeros((ground.columns + 2, ground.rows + 2), dtype=bool)
    wet = wide.copy()
    wide[1:-1, 1:-1] = ground.inside
    wet[1:-1, 1:-1] = ground.river
    here, other = (slice(1, None), slice(1, None)), (slice(1, None), slice(None, -1))
    if axis == 1:
        other = (slice(None, -1), slice(1, None))
    return np.asarray(wide[here] & wide[other] & ~(wet[here] & wet[other]))


def _drop_dead_ends(network: Network) -> None:
    """A side street that ends nowhere is not built; a main road may leave the city."""
    changed = True
    while changed:
        changed = False
        for axis in (0, 1):
            for i, j in np.argwhere(network.grade[axis] == BRANCH):
                far = (i + 1, j) if axis == 0 else (i, j + 1)
                if sum(network.reaching(i, j)) < 2 or sum(network.reaching(*far)) < 2:
                    network.grade[axis][i, j] = 0
                    changed = True


def _stretches(network: Network, axis: int) -> Iterator[tuple[int, int, int]]:
    """Line, first and last vertex of each road between two junctions, line after line."""
    grade = network.grade[axis] if axis == 0 else network.grade[axis].T
    cross = network.grade[1 - axis] if axis == 0 else network.grade[1 - axis].T
    for line in np.nonzero(grade.any(axis=0))[0]:
        here = grade[:, line]
        crossing = cross[:, line].astype(bool)
        if line:
            crossing = crossing | cross[:, line - 1].astype(bool)
        start = -1
        for at in range(len(here)):
            if start >= 0 and (here[at] != here[at - 1] or crossing[at]):
                yield int(line), start, at
                start = -1
            if start < 0 and here[at]:
                start = at


@cache
def words() -> list[tuple[str, str]]:
    """Words road names are made of, Chinese and English."""
    with WORDS.open(encoding="utf-8", newline="") as file:
        return [(row["word_zh"], row["word_en"]) for row in csv.DictReader(file)]


def ordinal(number: int) -> str:
    """1 to 99 as a Chinese number: 十二."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else DIGITS[tens] + "十")
    return head + (DIGITS[ones] if ones else "")


class _Namer:
    """Names each main line by a word of its own; a side street by the main road west or south of it."""

    def __init__(self, network: Network, seed: int) -> None:
        lines = [(0, j) for j in network.rows] + [(1, i) for i in network.columns]
        order = stream(seed, "road names").permutation(len(words()))
        self._network = network
        self._words = {
            line: (*words()[order[k % len(order)]], k // len(order)) for k, line in enumerate(lines)
        }
        self._branches: dict[tuple[int, int, int], int] = {}
        self._counts: dict[tuple[int, int], int] = {}

    def name(self, axis: int, line: int, first: int, grade: int) -> tuple[str, str]:
        if grade != BRANCH:
            zh, en, again = self._words[axis, line]
            side = ("", "北" if axis == 0 else "东")[min(again, 1)]
            kind, kind_en = ("街", "Street") if axis == 0 else ("路", "Road")
            kind = ("大街" if axis == 0 else "大道") if grade == len(GRADES) - 1 else kind
            prefix = {"": "", "北": "North ", "东": "East "}[side]
            return f"{zh}{side}{kind}", f"{prefix}{en} {'Avenue' if grade == len(GRADES) - 1 else kind_en}"
        across = self._network.columns if axis == 0 else self._network.rows
        parent = (1 - axis, max(p for p in across if p <= first))
        key = (axis, line, parent[1])
        if key not in self._branches:
            self._counts[parent] = self._counts.get(parent, 0) + 1
            self._branches[key] = self._counts[parent]
        number = self._branches[key]
        zh, en, _again = self._words[parent]
        return f"{zh}{ordinal(number)}巷", f"{en} Lane {number}"


def ages(ground: Ground, xy: Floats) -> Floats:
    """Year in which a place, shape (n, 2), was first built up: old in the middle, new at the rim."""
    local = (xy - np.asarray(ground.centre)) / 100.0
    reach = np.hypot(local[:, 0] / ground.columns, local[:, 1] / ground.rows) * 2
    wobble = 3 * np.sin(local[:, 0] / 5.3) + 3 * np.cos(local[:, 1] / 4.1)
    result: Floats = np.clip(np.round(1988 + 26 * reach + wobble), 1982, 2024)
    return result
