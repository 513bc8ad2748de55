"""A small survey made by hand: a sewer of two lines and a water main with a tee, in which nothing is wrong.

Places are metres from a corner of a city of ten kilometres. Tests spoil a copy of it and have it checked.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from geoalchemy2 import WKBElement
from geoalchemy2.shape import from_shape
from shapely import LineString, MultiPolygon, Point, box
from sqlalchemy import select
from sqlalchemy.orm import Session

from gis.exchange.copying import line_z_text
from gis.grid.models import City
from gis.pipeline.checks.run import check_import
from gis.settings import CITY_SRID
from gis.survey.models import ImportState, PipeFinding, StagedLine, StagedPoint, SurveyImport

EAST, NORTH = 413_000.0, 4_410_000.0
SURVEY = "T1"
Row = dict[str, Any]


def _point(number: str, class_code: str, sub_code: str, kind: str, ground: float, x: float, y: float) -> Row:
    role, _colon, code = kind.partition(":")
    return {
        "point_no": number, "class_code": class_code, "sub_code": sub_code, role: code,
        "ground_level": ground, "geom": place(x, y),
    }  # fmt: skip


def _line(number: str, start: str, end: str, levels: tuple[float, float], depths: tuple[float, float]) -> Row:
    return {
        "segment_no": number, "start_no": start, "end_no": end,
        "start_level": levels[0], "end_level": levels[1],
        "start_depth_m": depths[0], "end_depth_m": depths[1], "laying": "ZM", "year_laid": 2010,
    }  # fmt: skip


def place(x: float, y: float) -> WKBElement:
    """A place in the city, as the tables hold it."""
    return from_shape(Point(EAST + x, NORTH + y), srid=CITY_SRID)


def drawing(*places: tuple[float, float]) -> WKBElement:
    """A line drawn through places, without heights."""
    line = LineString([(EAST + x, NORTH + y) for x, y in places])
    return WKBElement(
        bytes.fromhex(line_z_text(line, np.full(len(places), np.nan))), CITY_SRID, extended=True
    )


def plan_line(*places: tuple[float, float]) -> WKBElement:
    """A line in plan, such as a road's."""
    return from_shape(LineString([(EAST + x, NORTH + y) for x, y in places]), srid=CITY_SRID)


@dataclass
class Net:
    """The rows of a survey. ``points`` and ``lines`` are those of the staged tables."""

    points: list[Row] = field(default_factory=list)
    lines: list[Row] = field(default_factory=list)
    options: Row = field(default_factory=dict)

    def point(self, number: str, **values: Any) -> Row:
        """Change a point; returns its row."""
        row = next(row for row in self.points if row["point_no"] == number)
        return _changed(row, values)

    def line(self, number: str, **values: Any) -> Row:
        """Change a line; returns its row."""
        row = next(row for row in self.lines if row["segment_no"] == number)
        return _changed(row, values)

    def add_point(self, number: str | None, x: float, y: float, like: str = "J3", **values: Any) -> None:
        """Another point, otherwise like one that is there."""
        self.points.append(self.point(like) | {"point_no": number, "geom": place(x, y)} | values)

    def add_line(self, number: str | None, start: str, end: str, like: str = "Q2", **values: Any) -> None:
        """Another line, otherwise like one that is there."""
        self.lines.append(self.line(like) | {"segment_no": number, "start_no": start, "end_no": end} | values)


def _changed(row: Row, values: Row) -> Row:
    row.update(values)
    return row


def sound_net() -> Net:
    """A survey in which no check finds anything."""
    sewer = {"class_code": "PS", "sub_code": "WS", "flow_direction": "+", "material": "PE"}
    water = {
        "class_code": "JS",
        "sub_code": "JP",
        "material": "QM",
        "size": "200",
        "width_mm": 200,
        "height_mm": 200,
    }
    main = ((1298.5, 1298.5), (1.5, 1.5))
    return Net(
        points=[
            _point("W1", "PS", "WS", "appendage:sewage_manhole", 1300.0, 0, 0),
            _point("W2", "PS", "WS", "appendage:sewage_manhole", 1299.8, 50, 0),
            _point("W3", "PS", "WS", "feature:water_outlet", 1299.5, 100, 0),
            _point("J1", "JS", "JP", "feature:end_cap", 1300.0, 0, 10),
            _point("J2", "JS", "JP", "feature:tee", 1300.0, 40, 10),
            _point("J3", "JS", "JP", "appendage:valve_chamber", 1300.0, 80, 10),
            _point("J4", "JS", "JP", "appendage:fire_hydrant", 1300.0, 40, 30),
        ],
        lines=[
            _line("S1", "W1", "W2", (1298.0, 1297.8), (2.0, 2.0))
            | sewer | {"size": "300", "width_mm": 300, "height_mm": 300},
            _line("S2", "W2", "W3", (1297.78, 1297.5), (2.02, 2.0))
            | sewer | {"size": "400", "width_mm": 400, "height_mm": 400},
            _line("Q1", "J1", "J2", *main) | water,
            _line("Q2", "J2", "J3", *main) | water,
            _line("Q3", "J2", "J4", *main) | water,
        ],
    )  # fmt: skip


def make_city(session: Session) -> None:
    """A city of ten kilometres around the survey."""
    boundary = box(EAST - 5000, NORTH - 5000, EAST + 5000, NORTH + 5000)
    session.add(
        City(
            id=1, code="150602", name_zh="市", name_en="City", srid=CITY_SRID, timezone="Asia/Shanghai",
            boundary=from_shape(MultiPolygon([boundary]), srid=CITY_SRID),
        )
    )  # fmt: skip
    session.flush()


def stage(session: Session, net: Net, survey: str = SURVEY) -> SurveyImport:
    """The net as staged rows of an import."""
    made = SurveyImport(survey=survey, files=[], options=net.options)
    session.add(made)
    session.flush()
    common = {"import_id": made.id, "file": "T1.xlsx"}
    session.add_all(
        StagedPoint(**common, sheet="Point", row_no=n, **row) for n, row in enumerate(net.points, start=1)
    )
    session.add_all(
        StagedLine(**common, sheet="Line", row_no=n, **row) for n, row in enumerate(net.lines, start=1)
    )
    session.flush()
    return made


def findings(session: Session, net: Net) -> list[PipeFinding]:
    """What the checks find in a net on its way in."""
    import_ = stage(session, net)
    run = check_import(session, import_.id)
    import_.state = ImportState.DROPPED  # so that the survey may come again
    return list(
        session.scalars(select(PipeFinding).where(PipeFinding.run_id == run.id).order_by(PipeFinding.id))
    )
