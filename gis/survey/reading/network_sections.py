"""Sections of the text files of EPANET and SWMM (.inp), and what both kinds share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from gis.errors import InvalidInput, TooLarge
from gis.i18n import _
from gis.survey.reading.table import Chunk, Table, object_array
from gis.survey.reading.text_tables import find_encoding

MOST_BYTES = 300_000_000  # held in memory as rows of words
FOOT_M = 0.3048
INCH_MM = 25.4
_READ = {
    *("JUNCTIONS", "RESERVOIRS", "TANKS", "PIPES", "PUMPS", "VALVES", "OPTIONS", "COORDINATES", "VERTICES"),
    *("OUTFALLS", "STORAGE", "DIVIDERS", "CONDUITS", "ORIFICES", "WEIRS", "OUTLETS", "XSECTIONS"),
}
Words = list[str]


@dataclass
class Network:
    """The sections of a network file: lines as words, each with its number in the file."""

    path: Path
    sections: dict[str, list[tuple[int, Words]]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> list[tuple[int, Words]]:
        return self.sections.get(name, [])

    def option(self, name: str, other: str) -> str:
        """An option's value, upper case; the later line counts, as in the programs themselves."""
        found = [
            words[-1].upper() for _line, words in self["OPTIONS"] if words[0].upper() == name and words[1:]
        ]
        return found[-1] if found else other

    def number(self, line: int, words: Words, index: int, other: float | None = None) -> float | None:
        """A number of a line; ``other`` where the line is shorter or has ``*`` there.

        Raises
        ------
        InvalidInput
            There is something else; the message names the line.
        """
        if index >= len(words) or words[index] == "*":
            return other
        try:
            return float(words[index])
        except ValueError as error:
            raise InvalidInput(
                _("{file}, line {line}: “{word}” is no number").format(
                    file=self.path.name, line=line, word=words[index][:40]
                )
            ) from error

    def places(self) -> dict[str, tuple[float, float]]:
        """Coordinates of the nodes."""
        found = {}
        for line, words in self["COORDINATES"]:
            x, y = self.number(line, words, 1), self.number(line, words, 2)
            if x is not None and y is not None:
                found[words[0]] = (x, y)
        return found

    def vertices(self) -> dict[str, list[tuple[float, float]]]:
        """Inner vertices of the links, in the order of the file."""
        found: dict[str, list[tuple[float, float]]] = {}
        for line, words in self["VERTICES"]:
            x, y = self.number(line, words, 1), self.number(line, words, 2)
            if x is not None and y is not None:
                found.setdefault(words[0], []).append((x, y))
        return found


def read_network(path: Path) -> Network:
    """Read the sections that tell of nodes and links.

    Raises
    ------
    InvalidInput
        The file is no text, or has none of the sections.
    TooLarge
        It is larger than any network.
    """
    if path.stat().st_size > MOST_BYTES:
        raise TooLarge(
            _("{file}: network files are read up to {most:.0f} MB").format(
                file=path.name, most=MOST_BYTES / 1e6
            )
        )
    network = Network(path)
    lines: list[tuple[int, Words]] = []
    with path.open(encoding=find_encoding(path)[0]) as file:
        for number, text in enumerate(file, start=1):
            words = text.partition(";")[0].split()
            if not words:
                continue
            if words[0].startswith("["):
                name = words[0].strip("[]").upper()
                lines = network.sections.setdefault(name, []) if name in _READ else []
            else:
                lines.append((number, words))
    if not any(network[name] for name in ("JUNCTIONS", "PIPES", "CONDUITS")):
        raise InvalidInput(
            _("{file} has no [JUNCTIONS], [PIPES] or [CONDUITS]: it is no network of EPANET or SWMM").format(
                file=path.name
            )
        )
    return network


Record = dict[str, Any]


def node_table(network: Network, nodes: list[Record], class_code: str) -> Table:
    """The nodes as a table of points; ``number`` of a record finds its place."""
    places = network.places()
    shapes = [shapely.Point(places[n["point_no"]]) if n["point_no"] in places else None for n in nodes]
    return _table(network, "NODES", "point", nodes, shapes, class_code)


def link_table(network: Network, links: list[Record], class_code: str) -> Table:
    """The links as a table of lines, drawn from node to node by way of their vertices."""
    places, vertices = network.places(), network.vertices()
    shapes: list[Any] = []
    for link in links:
        ends = places.get(link["start_no"]), places.get(link["end_no"])
        way = [ends[0], *vertices.get(link["segment_no"], []), ends[1]]
        shapes.append(None if None in ends else shapely.LineString(way))  # type: ignore[arg-type]
    return _table(network, "LINKS", "line", links, shapes, class_code)


def _table(
    network: Network, sheet: str, table: str, records: list[Record], shapes: list[Any], class_code: str
) -> Table:
    columns = list(dict.fromkeys(name for record in records for name in record))

    def chunks(limit: int | None) -> Iterator[Chunk]:
        some = records if limit is None else records[:limit]
        yield Chunk(
            np.arange(1, len(some) + 1),
            {name: object_array([record.get(name) for record in some]) for name in columns},
            object_array(shapes[: len(some)]),
        )

    return Table(
        network.path.name,
        sheet,
        columns,
        len(records),
        chunks,
        has_shapes=True,
        is_drawing=True,
        table=table,
        class_code=class_code,
        mapping={name: name for name in columns if name.islower()},
        units="m",
    )
