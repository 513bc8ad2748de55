"""What an export holds: rows of a question, read from the database as a stream."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, func, literal, select, union
from sqlalchemy.orm import Session

from gis.errors import InvalidInput
from gis.pipeline.asking import Asked, Question, city_day
from gis.pipeline.attributes import Attribute, attributes_of
from gis.pipeline.frame import Frame, Kind
from gis.pipeline.in_force import entity_id
from gis.pipeline.queries import plain

CHUNK_ROWS = 5000
Row = dict[str, Any]


class Selection:
    """Segments and points of a question.

    The points of segments are those that they begin and end at, and those that the question finds by itself
    where it makes sense for points. A question for points has no segments.
    """

    def __init__(self, session: Session, question: Question) -> None:
        self.session = session
        self.question = question

    def attributes(self, kind: Kind) -> list[Attribute]:
        return [one for one in attributes_of(kind) if one.exported]

    def count(self, most: int) -> int:
        """Rows of the question's own kind, counted no further than one past ``most``."""
        asked = self._asked(self.question.kind)
        some = select(literal(1)).select_from(asked.frame.source).where(*asked.conditions).limit(most + 1)
        return self.session.scalar(select(func.count()).select_from(some.subquery())) or 0

    def rows(self, kind: Kind, *narrowed: ColumnElement[bool]) -> Iterator[Row]:
        """Every attribute of each row, ``id``, ``extra`` and ``shape`` (WKB in the city's metres), by id."""
        if kind is self.question.kind:
            asked = self._asked(kind)
            frame, conditions = asked.frame, asked.conditions
        else:
            frame = Frame(kind, self.question.as_of, city_day())
            conditions = [frame.row.id.in_(self._ids_of_points)]
        columns = [one.of(frame).label(one.name) for one in self.attributes(kind)]
        statement = (
            select(
                entity_id(frame.row).label("id"),
                frame.row.extra.label("extra"),
                func.ST_AsBinary(frame.row.geom).label("shape"),
                *columns,
            )
            .select_from(frame.source)
            .where(*conditions, *narrowed)
            .order_by(frame.row.id)
        )
        for row in self._stream(statement):
            yield {name: plain(value) for name, value in row.items()}

    def ids(self, kind: Kind) -> Select[Any]:
        """The row ids of a kind, as a statement."""
        return self._ids_asked(kind) if kind is self.question.kind else self._ids_of_points

    @cached_property
    def _ids_of_points(self) -> Select[Any]:
        lines = self._asked(Kind.SEGMENTS)
        segment = lines.frame.row
        ends = [
            select(named).select_from(lines.frame.source).where(*lines.conditions)
            for named in (segment.start_point_id, segment.end_point_id)
        ]
        points = Frame(Kind.POINTS, self.question.as_of, city_day())
        named = union(*ends).subquery()
        # What lives is its own entity; a plain column lets the planner join where an expression would not.
        entity = points.row.id if self.question.as_of is None else entity_id(points.row)
        at_ends = select(points.row.id).where(entity.in_(select(named.c[0])), points.in_force)
        try:
            by_itself = self._ids_asked(Kind.POINTS)
        except InvalidInput:  # the filter speaks of pipes
            return at_ends
        both = union(at_ends, by_itself).subquery()
        return select(both.c[0])

    def _ids_asked(self, kind: Kind) -> Select[Any]:
        asked = self._asked(kind)
        return select(asked.frame.row.id).select_from(asked.frame.source).where(*asked.conditions)

    def _asked(self, kind: Kind) -> Asked:
        own = {name: getattr(self.question, name) for name in Question.__dataclass_fields__}
        return Asked(self.session, Question(**{**own, "kind": kind}))

    def _stream(self, statement: Select[Any]) -> Iterator[RowMapping]:
        """Rows by a cursor of the server: memory holds a chunk, whatever the number."""
        streamed = statement.execution_options(yield_per=CHUNK_ROWS, stream_results=True)
        yield from self.session.execute(streamed).mappings()


def in_chunks(rows: Iterator[Row], size: int = CHUNK_ROWS) -> Iterator[Sequence[Row]]:
    """Rows in lists of at most ``size``."""
    chunk: list[Row] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
