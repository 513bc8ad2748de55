"""Small files written by hand, and a small city of squares to load them into."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from gis.crs import to_lonlat
from gis.exchange.city import make_city
from gis.exchange.findings import Report

EAST, NORTH = 413_000.0, 4_410_000.0  # the place (0, 0) of these tests, metres
# It ends SIDE metres from (0, 0), and begins one grid before, so that nothing of the tests lies on its edge.
SIDE = 400.0


def lay_out(session: Session) -> None:
    """A city of 25 grids in one community."""
    extent = (EAST - 100, NORTH - 100, EAST + SIDE, NORTH + SIDE)
    make_city(session, "150602", "东胜区", "Dongsheng", extent, 100.0, "Asia/Shanghai")


def lonlat(x: float, y: float) -> tuple[float, float]:
    """Degrees of a place ``x`` metres east and ``y`` metres north of (0, 0)."""
    return to_lonlat(EAST + x, NORTH + y)


def feature(shape: BaseGeometry | None, **properties: Any) -> dict[str, Any]:
    """A GeoJSON feature of a shape given in metres from the place (0, 0) of these tests."""
    geometry = None
    if shape is not None:
        geometry = mapping(
            shapely.transform(shape, lambda places: np.array([lonlat(*place) for place in places]))
        )
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def write_geojson(path: Path, *features: dict[str, Any]) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


def said(report: Report) -> set[tuple[str, str]]:
    """``{(number, code)}`` of all findings."""
    return {(finding.where.number, finding.rule.code) for finding in report.findings}


def refused(report: Report) -> dict[str, str]:
    """``{number: code}`` of the refused rows."""
    return {f.where.number: f.rule.code for f in report.findings if f.rule.refuses}
