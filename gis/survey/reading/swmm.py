"""Drainage networks of SWMM, with inverts and depths of their nodes."""

from __future__ import annotations

from gis.survey.reading.network_sections import FOOT_M, Network, Record, link_table, node_table
from gis.survey.reading.table import Table

CLASS = "PS"
US_UNITS = {"CFS", "GPM", "MGD"}
_ROUND = {"CIRCULAR", "FORCE_MAIN", "FILLED_CIRCULAR"}


def swmm_tables(network: Network) -> list[Table]:
    """Nodes and links of a SWMM network, in metres and millimetres.

    The ground at a node is its invert and its maximum depth together; a depth of 0 says that SWMM shall find
    one, so it is unknown here. The invert of a conduit's end is that of the node and the conduit's offset.
    """
    units = network.option("FLOW_UNITS", "CFS")
    metre = FOOT_M if units in US_UNITS else 1.0
    inverts, depths = _levels(network, metre)
    nodes = [
        {
            "point_no": name,
            "ground_level": _sum(inverts[name], depths[name]),
            "well_depth_m": depths[name],
            "Node": kind,
            "InvertElev": None if inverts[name] is None else repr(inverts[name]),
        }
        for kind, name in _names(network)
    ]
    tables = [
        node_table(network, nodes, CLASS),
        link_table(network, _links(network, metre, inverts, depths), CLASS),
    ]
    for table in tables:
        table.notes.append(table.note("unit_system", units=f"SWMM {units}"))
    return tables


def _names(network: Network) -> list[tuple[str, str]]:
    sections = ("JUNCTIONS", "OUTFALLS", "STORAGE", "DIVIDERS")
    return [(section, words[0]) for section in sections for _line, words in network[section]]


Levels = dict[str, float | None]


def _levels(network: Network, metre: float) -> tuple[Levels, Levels]:
    inverts: Levels = {}
    depths: Levels = {}
    for section in ("JUNCTIONS", "OUTFALLS", "STORAGE", "DIVIDERS"):
        for line, words in network[section]:
            invert = network.number(line, words, 1)
            has_depth = section in ("JUNCTIONS", "STORAGE")
            depth = network.number(line, words, 2) if has_depth else None
            inverts[words[0]] = None if invert is None else round(invert * metre, 6)
            depths[words[0]] = round(depth * metre, 6) if depth else None
    return inverts, depths


def _links(network: Network, metre: float, inverts: Levels, depths: Levels) -> list[Record]:
    sections = {words[0]: (line, words) for line, words in network["XSECTIONS"]}
    by_level = network.option("LINK_OFFSETS", "DEPTH") == "ELEVATION"
    links: list[Record] = []
    for line, words in network["CONDUITS"]:
        start, end = (*words[1:3], "", "")[:2]
        length = network.number(line, words, 3)
        record: Record = {
            "segment_no": words[0], "start_no": start, "end_no": end, "flow_direction": "+",
            "Link": "CONDUIT",
            "Length": None if length is None else repr(round(length * metre, 6)),
            "Roughness": words[4] if len(words) > 4 else None,
        }  # fmt: skip
        for side, node, index in (("start", start, 5), ("end", end, 6)):
            offset = network.number(line, words, index)
            level = _level(inverts.get(node), offset, metre, by_level)
            ground = _sum(inverts.get(node), depths.get(node))
            record[f"{side}_level"] = level
            record[f"{side}_depth_m"] = None if None in (level, ground) else round(ground - level, 6)  # type: ignore[operator]
        links.append(record | _section(network, sections.get(words[0]), metre))
    for section in ("PUMPS", "ORIFICES", "WEIRS", "OUTLETS"):
        for _line, words in network[section]:
            start, end = (*words[1:3], "", "")[:2]
            links.append({"segment_no": words[0], "start_no": start, "end_no": end, "Link": section[:-1]})
    return links


def _level(invert: float | None, offset: float | None, metre: float, by_level: bool) -> float | None:
    if by_level and offset is not None:
        return round(offset * metre, 6)
    return _sum(invert, (offset or 0.0) * metre)


def _section(network: Network, found: tuple[int, list[str]] | None, metre: float) -> Record:
    """Size of a cross-section: height is the first number of SWMM, width the second."""
    if found is None or len(found[1]) < 3:
        return {}
    line, words = found
    shape = words[1].upper()
    height = network.number(line, words, 2) if shape not in ("CUSTOM", "IRREGULAR", "STREET") else None
    width = network.number(line, words, 3) if height is not None else None
    if not height:
        return {"Shape": shape}
    tall = f"{round(height * metre * 1000, 1):g}"
    if shape in _ROUND or not width:
        return {"Shape": shape, "size": tall}
    return {"Shape": shape, "size": f"{round(width * metre * 1000, 1):g}X{tall}"}


def _sum(first: float | None, second: float | None) -> float | None:
    return None if first is None or second is None else round(first + second, 6)
