"""The rows of a file, read by a cursor of the server: memory holds a chunk, whatever their number."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import Row

from layers.features.asking import Asked
from layers.features.properties import Property
from layers.features.reading import read_rows
from layers.features.systems import System

CHUNK_ROWS = 5_000


@dataclass(frozen=True)
class Rows:
    """What a file holds: which rows, which of their properties, in which system."""

    asked: Asked
    system: System
    names: Sequence[str] | None = None
    limit: int | None = None

    @property
    def properties(self) -> list[Property]:
        """The columns of the file, without id and geometry."""
        return [one for one in self.asked.properties if self.names is None or one.name in self.names]

    def read(self, shape: str = "") -> Iterator[Row[tuple[object, ...]]]:
        """Each row as :func:`layers.features.reading.read_rows` has it; ``shape`` is the SQL of its geometry.

        Without an order, so that the database reads in the way that suits it; the first rows by their ids.
        """
        rows = self.asked.rows
        statement = read_rows(self.asked, self.system, self.names, shape)
        if self.limit is None:
            statement = statement.where(*self.asked.conditions)
        else:
            first = self.asked.ids.order_by(rows.c.id).limit(self.limit).scalar_subquery()
            statement = read_rows(self.asked, self.system, self.names, shape).where(rows.c.id.in_(first))
        streamed = statement.execution_options(yield_per=CHUNK_ROWS, stream_results=True)
        yield from self.asked.session.execute(streamed)

    def chunks(self, shape: str = "") -> Iterator[list[Row[tuple[object, ...]]]]:
        """The same in lists."""
        rows = self.read(shape)
        while chunk := list(islice(rows, CHUNK_ROWS)):
            yield chunk
