"""Rows as the database would give them, made by hand, and the shipped numbers as limits."""

import shapely

from gis.pipeline.section.around import Segment
from gis.pipeline.section.limits import Limit, Limits
from gis.pipeline.section.line import SectionLine
from gis.standard.tables import clearances_horizontal, clearances_vertical, least_covers, trust_level

Places = list[tuple[float, float]]
_ids = iter(range(1, 10**6))


def straight(*places: tuple[float, float]) -> SectionLine:
    """A section line through places in metres."""
    return SectionLine.through(places)


def segment(places: Places, classes: str = "JS/JP", size: str = "300", **given: object) -> Segment:
    """A line; ground 100.000 at both ends unless said otherwise, its own points unless they are given."""
    class_code, sub_code = classes.split("/")
    measures = [int(part) for part in size.split("X")] if size else [None]
    number = next(_ids)
    row = {
        "id": number, "segment_no": f"{sub_code}{number}", "class_code": class_code, "sub_code": sub_code,
        "size": size, "width_mm": measures[0], "height_mm": measures[-1], "material": None, "laying": "ZM",
        "pressure_band": None, "pressure_mpa": None, "owner_zh": "水务集团", "owner_en": "Water works",
        "year_laid": 2010, "usage_status": "0", "road_name": "", "total_holes": None, "used_holes": None,
        "start_point_id": 2 * number, "end_point_id": 2 * number + 1, "start_point_no": f"{number}a",
        "end_point_no": f"{number}b", "start_ground": 100.0, "end_ground": 100.0, "start_level": None,
        "end_level": None, "start_depth_m": None, "end_depth_m": None,
        "wkb": shapely.to_wkb(shapely.LineString(places)),
    }  # fmt: skip
    return Segment(**(row | given))  # type: ignore[arg-type]


def shipped_limits() -> Limits:
    """The tables as shipped, in the shape in which a section asks them."""
    found = Limits()
    for rows, pairs in ((clearances_horizontal(), found.horizontal), (clearances_vertical(), found.vertical)):
        for row in rows:
            limit = Limit(row.min_clearance_m, row.status, row.source, trust_level(row.status).is_firm)
            pairs[row.class_a, row.class_b] = pairs[row.class_b, row.class_a] = limit
    for cover in least_covers():
        if cover.cover_m is not None:
            firm = trust_level(cover.status).is_firm
            limit = Limit(cover.cover_m, cover.status, cover.source, firm)
            found.cover[cover.party, cover.laying, cover.surface] = limit
    return found
