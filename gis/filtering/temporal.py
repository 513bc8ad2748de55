"""Relations of two spans of time (CQL2): conditions on their ends. An instant begins as it ends."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

Relation = Callable[[Any, Any, Any, Any], ColumnElement[bool]]

# Of the beginning and end of the first (a, z), and of the second (b, y).
RELATIONS: dict[str, Relation] = {
    "t_after": lambda a, z, b, y: a > y,
    "t_before": lambda a, z, b, y: z < b,
    "t_contains": lambda a, z, b, y: and_(a < b, z > y),
    "t_disjoint": lambda a, z, b, y: or_(z < b, a > y),
    "t_during": lambda a, z, b, y: and_(a > b, z < y),
    "t_equals": lambda a, z, b, y: and_(a == b, z == y),
    "t_finishedby": lambda a, z, b, y: and_(a < b, z == y),
    "t_finishes": lambda a, z, b, y: and_(a > b, z == y),
    "t_intersects": lambda a, z, b, y: and_(a <= y, z >= b),
    "t_meets": lambda a, z, b, y: z == b,
    "t_metby": lambda a, z, b, y: a == y,
    "t_overlappedby": lambda a, z, b, y: and_(a > b, a < y, z > y),
    "t_overlaps": lambda a, z, b, y: and_(a < b, z > b, z < y),
    "t_startedby": lambda a, z, b, y: and_(a == b, z > y),
    "t_starts": lambda a, z, b, y: and_(a == b, z < y),
}
