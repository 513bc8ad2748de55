"""Chambers that a section cuts open. Pure."""

from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from gis.pipeline.section.around import Point
from gis.pipeline.section.line import SectionLine
from gis.pipeline.section.model import Well
from gis.standard.rows import PointKind
from gis.standard.tables import pipe_class, point_kinds

# A survey gives the lid's size and the depth, never the chamber's plan: a manhole of 1.0 m is assumed.
ASSUMED_RADIUS_M = 0.5


def wells_of(line: SectionLine, points: Iterable[Point]) -> tuple[Well, ...]:
    """Wells whose body the section meets, in the order of stations.

    A well is taken as a cylinder of :data:`ASSUMED_RADIUS_M` around its point: it spans the chord that the
    section cuts from it. Its bottom is ground less depth of the well; None where one of them is not known.
    """
    wells = [row for row in points if is_well(row.class_code, row.appendage, row.well_depth_m)]
    if not wells:
        return ()
    station, offset = line.locate([(row.easting, row.northing) for row in wells])
    half = np.sqrt(np.maximum(ASSUMED_RADIUS_M**2 - offset**2, 0))
    found = [
        Well(
            station_m=at,
            from_m=max(at - reach, 0.0),
            to_m=min(at + reach, line.length_m),
            point_id=row.id,
            point_no=row.point_no,
            class_code=row.class_code,
            rgb_hex=pipe_class(row.class_code, row.sub_code).rgb_hex,
            kind_name=kind_name(row.class_code, row.appendage),
            ground_level=row.ground_level,
            bottom_level=(
                None
                if row.ground_level is None or row.well_depth_m is None
                else row.ground_level - row.well_depth_m
            ),
            offset_m=off,
            is_size_assumed=True,
        )
        for row, at, off, reach in zip(wells, station.tolist(), offset.tolist(), half.tolist(), strict=True)
        if reach > 0
    ]
    return tuple(sorted(found, key=lambda well: (well.station_m, well.point_id)))


def is_well(class_code: str, appendage: str, well_depth_m: float | None) -> bool:
    """Whether a point is a chamber in the ground: by what it is, or because its depth was surveyed.

    Of chambers for valves, meters, hydrants ``acts_as`` says what they are for: there the code says it.
    """
    if well_depth_m is not None:
        return True
    kind = _appendages().get((class_code, appendage))
    return kind is not None and (kind.acts_as == "chamber" or kind.code.endswith("_chamber"))


def kind_name(class_code: str, appendage: str) -> str:
    """What the point is, in the reader's language; as surveyed where the tables do not know it."""
    kind = _appendages().get((class_code, appendage))
    return kind.name if kind else appendage


@lru_cache
def _appendages() -> dict[tuple[str, str], PointKind]:
    return {(row.class_code, row.code): row for row in point_kinds() if row.role.value == "appendage"}
