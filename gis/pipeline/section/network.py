"""Ways through the network in the database: only as much of it is read as the answer needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.spatial import cKDTree
from sqlalchemy.orm import Session

from gis.crs import to_lonlat
from gis.database import read_sql
from gis.errors import Conflict, InvalidInput, NotFound
from gis.i18n import N_, _, pick
from gis.pipeline.section.edges import edges_from, edges_of
from gis.pipeline.section.route import (
    Edges,
    NotAChain,
    Way,
    box_of_shorter_ways,
    chain,
    holds,
    reached_from,
    shortest_way,
)

# How much longer than the straight line a way may be for each look: along one street; round corners, which
# is 1.41 times at right angles; round a river or a railway. A look costs what it takes in.
LOOKS = (1.05, 1.45, 4.0)
NEAR_M = 100.0  # and what they take in at least, however near the two points
MOST_SEGMENTS = 2000  # of a profile: some thirty sheets
NAMED = 5  # how many points an error names


class NoWay(Conflict):
    """``why``: other_class, not_joined. ``ends`` say where each network ends nearest to the other."""

    code = "no-way"
    title = N_("No line joins these points")


@dataclass(frozen=True)
class Node:
    """A point of the network as a way needs it."""

    id: int
    point_no: str
    class_code: str
    easting: float
    northing: float


def find_nodes(session: Session, ids: Sequence[int], as_of: date | None) -> list[Node]:
    """The points of these ids, in their order.

    Raises
    ------
    NotFound
        One of them is not there, or was not on that day.
    """
    rows = session.execute(read_sql("profile_points"), {"ids": list(set(ids)), "as_of": as_of})
    found = {row.id: Node(row.id, row.point_no, row.class_code, row.easting, row.northing) for row in rows}
    for each in ids:
        if each not in found:
            raise NotFound(_("There is no pipe point {id}").format(id=each))
    return [found[each] for each in ids]


def way_between(session: Session, point_ids: Sequence[int], as_of: date | None = None) -> Way:
    """The shortest way from the first point by way of the others, in their order, to the last.

    Raises
    ------
    InvalidInput
        Fewer than two points, the same one twice in a row, or a way that goes back over itself.
    NotFound
        A point is not there.
    NoWay
        The points are of different classes, or nothing joins them.
    """
    if len(point_ids) < 2:
        raise InvalidInput(_("A profile needs two points at least"))
    nodes = find_nodes(session, point_ids, as_of)
    for a, b in pairwise(nodes):
        if a.id == b.id:
            raise InvalidInput(_("{point} is given twice in a row").format(point=a.point_no))
        if a.class_code != b.class_code:
            raise NoWay(
                _("{a} and {b} belong to lines of different classes").format(a=a.point_no, b=b.point_no),
                why="other_class",
                ends=[],
            )
    legs = [_leg(session, a, b, as_of) for a, b in pairwise(nodes)]
    steps = tuple(step for leg in legs for step in leg.steps)
    ids = [step.edge_id for step in steps]
    if len(set(ids)) < len(ids):
        raise InvalidInput(
            _("By way of these points the profile would go back over the same line; choose points on one way")
        )
    if len(steps) > MOST_SEGMENTS:
        raise InvalidInput(_too_many(len(steps)))
    return Way(steps, sum(leg.length_m for leg in legs))


def way_of_segments(session: Session, ids: Sequence[int], as_of: date | None = None) -> Way:
    """Chosen segments as one way, from the end nearer to the first of them.

    Raises
    ------
    InvalidInput
        None, too many, or segments that do not make one chain; says where.
    NotFound
        A segment is not there.
    """
    if not ids:
        raise InvalidInput(_("A profile needs one segment at least"))
    if len(ids) > MOST_SEGMENTS:
        raise InvalidInput(_too_many(len(ids)))
    rows = session.execute(read_sql("profile_segments"), {"ids": list(set(ids)), "as_of": as_of}).all()
    by_id = {row.id: row for row in rows}
    for each in ids:
        if each not in by_id:
            raise NotFound(_("There is no pipe segment {id}").format(id=each))
    ordered = [by_id[each] for each in dict.fromkeys(ids)]
    if len({row.class_code for row in ordered}) > 1:
        raise InvalidInput(_("The segments of a profile must be of one class"))
    try:
        return chain(
            edges_from((row.id, row.start_point_id, row.end_point_id, row.length_m) for row in ordered)
        )
    except NotAChain as error:
        points = find_nodes(session, error.points[:NAMED], as_of)
        said = {
            "forks": N_("The segments fork at {points}; a profile follows one line"),
            "ring": N_("The segments close to a ring at {points}; leave one out"),
            "gaps": N_("The segments leave gaps; they end at {points}"),
        }
        names = pick("、", ", ").join(point.point_no for point in points)
        raise InvalidInput(_(said[error.reason]).format(points=names)) from error


def _too_many(count: int) -> str:
    return _("{count} segments are more than the {most} of one profile; take a shorter one").format(
        count=count, most=MOST_SEGMENTS
    )


def _leg(session: Session, a: Node, b: Node, as_of: date | None) -> Way:
    """The shortest way between two points of one class.

    Looks where every way lies that is not much longer than the straight line, and farther when there is none.
    A way found is proved by looking once more where a shorter one would have to lie, unless that was seen.
    """
    source, target = (a.easting, a.northing), (b.easting, b.northing)
    apart = float(np.hypot(target[0] - source[0], target[1] - source[1]))
    for times in LOOKS:
        box = box_of_shorter_ways(source, target, apart * times + NEAR_M)
        way = shortest_way(edges_of(session, a.class_code, box, as_of), a.id, b.id)
        if way is None:
            continue
        needed = box_of_shorter_ways(source, target, way.length_m)
        if holds(box, needed):
            return way
        return shortest_way(edges_of(session, a.class_code, needed, as_of), a.id, b.id) or way
    everything = edges_of(session, a.class_code, None, as_of)
    way = shortest_way(everything, a.id, b.id)
    if way is None:
        raise _no_way(session, everything, a, b, as_of)
    return way


def _no_way(session: Session, edges: Edges, a: Node, b: Node, as_of: date | None) -> NoWay:
    """Says where the network of each point ends nearest to the other's, and how far apart the two are."""
    sides = [_places(session, reached_from(edges, node.id), as_of) for node in (a, b)]
    metres, nearest = cKDTree(sides[1][1]).query(sides[0][1])
    at = int(np.argmin(metres))
    pair = [int(sides[0][0][at]), int(sides[1][0][int(nearest[at])])]
    ends = find_nodes(session, pair, as_of)
    said = _(
        "No line joins {a} and {b}: the lines of {a} end at {end_a}, those of {b} at {end_b}, {gap:.2f} m off"
    )
    detail = said.format(
        a=a.point_no, b=b.point_no, end_a=ends[0].point_no, end_b=ends[1].point_no, gap=float(metres[at])
    )
    return NoWay(
        detail,
        why="not_joined",
        gap_m=round(float(metres[at]), 3),
        ends=[_end(node, len(side[0])) for node, side in zip(ends, sides, strict=True)],
    )


def _end(node: Node, points: int) -> dict[str, Any]:
    lon, lat = to_lonlat(node.easting, node.northing)
    return {"point_id": node.id, "point_no": node.point_no, "lon": lon, "lat": lat, "points_reached": points}


def _places(session: Session, ids: Any, as_of: date | None) -> tuple[Any, Any]:
    """Ids and places of points, shapes (n,) and (n, 2)."""
    rows = session.execute(read_sql("profile_places"), {"ids": ids.tolist(), "as_of": as_of}).all()
    table = np.array([tuple(row) for row in rows], dtype=float).reshape(len(rows), 3)
    return table[:, 0].astype(np.int64), table[:, 1:]
