"""Water networks of EPANET. They hold elevations of nodes, and no depths at all."""

from __future__ import annotations

from gis.survey.reading.network_sections import (
    FOOT_M,
    INCH_MM,
    Network,
    Record,
    link_table,
    node_table,
)
from gis.survey.reading.table import Table

CLASS = "JS/JP"  # 配水: what networks of junctions with demands are
US_UNITS = {"CFS", "GPM", "MGD", "IMGD", "AFD"}


def epanet_tables(network: Network) -> list[Table]:
    """Nodes and links of an EPANET network; lengths in metres, diameters in millimetres.

    Elevations of junctions are taken as ground levels. What is declared of a pipe and has no field here
    (``Length``, ``Roughness``, ``Status`` …) is kept under EPANET's own name.
    """
    units = network.option("UNITS", "GPM")
    metre = FOOT_M if units in US_UNITS else 1.0
    nodes = [*_nodes(network, metre)]
    links = [*_links(network, metre, INCH_MM if units in US_UNITS else 1.0)]
    tables = [node_table(network, nodes, CLASS), link_table(network, links, CLASS)]
    for table in tables:
        table.notes.append(table.note("unit_system", units=f"EPANET {units}"))
    tables[1].notes.append(tables[1].note("no_depths"))
    return tables


def _nodes(network: Network, metre: float) -> list[Record]:
    nodes: list[Record] = []
    for line, words in network["JUNCTIONS"]:
        level = network.number(line, words, 1)
        nodes.append(
            {"point_no": words[0], "ground_level": None if level is None else round(level * metre, 6)}
        )
    for line, words in network["RESERVOIRS"]:
        head = network.number(line, words, 1)
        nodes.append({"point_no": words[0], "appendage": "reservoir", "Head": _metres(head, metre)})
    for line, words in network["TANKS"]:
        bottom = network.number(line, words, 1)
        nodes.append({"point_no": words[0], "appendage": "water_tower", "Elevation": _metres(bottom, metre)})
    return nodes


def _links(network: Network, metre: float, millimetre: float) -> list[Record]:
    links: list[Record] = []
    for line, words in network["PIPES"]:
        length, diameter = network.number(line, words, 3), network.number(line, words, 4)
        links.append(
            _link("PIPE", words)
            | {"size": _size(diameter, millimetre), "Length": _metres(length, metre)}
            | _named(words, 5, "Roughness", "MinorLoss", "Status")
        )
    for _line, words in network["PUMPS"]:
        links.append(_link("PUMP", words) | {"Properties": " ".join(words[3:])})
    for line, words in network["VALVES"]:
        diameter = network.number(line, words, 3)
        links.append(
            _link("VALVE", words)
            | {"size": _size(diameter, millimetre)}
            | _named(words, 4, "ValveType", "Setting", "MinorLoss")
        )
    return links


def _link(kind: str, words: list[str]) -> Record:
    start, end = (*words[1:3], None, None)[:2]
    return {"segment_no": words[0], "start_no": start, "end_no": end, "Link": kind}


def _named(words: list[str], first: int, *names: str) -> Record:
    return dict(zip(names, words[first:], strict=False))


def _metres(value: float | None, metre: float) -> str | None:
    return None if value is None else repr(round(value * metre, 6))


def _size(diameter: float | None, millimetre: float) -> str | None:
    """The diameter in mm, to a tenth where it is not whole: 8 inches are 203.2."""
    return None if diameter is None else f"{round(diameter * millimetre, 1):g}"
