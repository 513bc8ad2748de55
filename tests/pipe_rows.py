"""A few dozen lines on the empty database, with gaps in what is known; and the same as plain dicts."""

import random
from datetime import date
from typing import Any

from geoalchemy2.shape import from_shape
from shapely import LineString, Point
from sqlalchemy.orm import Session

from gis.pipeline.models import PipePoint, PipeSegment
from gis.settings import CITY_SRID

EAST, NORTH = 413_000.0, 4_410_000.0
COUNT = 60
Row = dict[str, Any]


def build(session: Session) -> list[Row]:
    """Store the lines; returns what each is known by, under the names of attributes."""
    dice = random.Random(61)  # noqa: S311 - the same lines in every run
    points = [
        PipePoint(
            survey="T1",
            point_no=f"P{number}",
            class_code="JS",
            sub_code="JP",
            feature="bend",
            ground_level=100.0 + number / 10,
            geom=from_shape(Point(EAST + 10 * number, NORTH + number % 7), srid=CITY_SRID),
        )
        for number in range(COUNT + 1)
    ]
    session.add_all(points)
    session.flush()
    rows = []
    for number in range(COUNT):
        row = _row(dice, number)
        start, end = points[number], points[number + 1]
        places = [(EAST + 10 * n, NORTH + n % 7, float("nan")) for n in (number, number + 1)]
        line = LineString(places)
        segment = PipeSegment(
            survey="T1",
            segment_no=row["number"],
            class_code=row["class"],
            sub_code=row["sub_class"],
            start_point_id=start.id,
            end_point_id=end.id,
            material=row["material"],
            size="" if row["size"] is None else row["size"],
            width_mm=row["width_mm"],
            height_mm=row["height_mm"],
            total_holes=row["holes"],
            used_holes=row["used_holes"],
            year_laid=row["year"],
            road_name="" if row["road"] is None else row["road"],
            start_depth_m=row["start_depth_m"],
            surveyed_on=row["surveyed_on"],
            geom=from_shape(line, srid=CITY_SRID),
        )
        session.add(segment)
        session.flush()
        rows.append({**row, "id": segment.id, "line": line, "length_m": line.length})
    return rows


def _row(dice: random.Random, number: int) -> Row:
    def maybe(value: Any) -> Any:
        return value if dice.random() > 0.2 else None

    main, sub = dice.choice([("JS", "JP"), ("PS", "WS"), ("PS", "YS"), ("TX", "DH"), ("DL", "LD")])
    width = maybe(dice.choice([50, 100, 150, 300, 300, 400, 1200, 2400]))
    box = width is not None and dice.random() < 0.3
    height = None if width is None else dice.choice([110, 800]) if box else width
    holes = maybe(dice.randint(1, 9))
    return {
        "number": f"{sub}{number:03}",
        "class": main,
        "sub_class": sub,
        "material": maybe(dice.choice(["PE", "PVC", "QM", "T"])),
        "size": None if width is None else f"{width}X{height}" if box else str(width),
        "width_mm": width,
        "height_mm": height,
        "holes": holes,
        "used_holes": maybe(dice.randint(0, 9)),
        "year": maybe(dice.randint(1960, 2025)),
        "road": maybe(dice.choice(["人民路", "达拉特路", "It's 50%_off", "a\\b"])),
        "start_depth_m": maybe(round(dice.uniform(-1, 6), 2)),
        "surveyed_on": maybe(date(2020, 1, dice.randint(1, 28))),
    }
