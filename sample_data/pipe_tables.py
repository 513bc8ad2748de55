"""Pipe points and segments as rows of the schema."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gis.standard.tables import point_kinds
from gis.standard.vocabulary import PointRole
from sample_data import geometry
from sample_data.chance import stream
from sample_data.geometry import millimetres
from sample_data.lanes import LANES
from sample_data.lines import Ints
from sample_data.pipe_rows import Pipes
from sample_data.roads import Road
from sample_data.tables import Table, either, with_geometry

SURVEY = "DS2021"
SURVEYED_ON = "2021-09-30"
SURVEY_UNIT = "东胜区地下管线普查项目部（示意）"
SINCE = "2021-10-01"
_ROUND_WELLS = ("manhole", "valve_chamber", "inspection_chamber", "storm_manhole", "sewage_manhole", "vault",
                "meter_chamber", "septic_tank")  # fmt: skip
_NOTES = {"heat supply": "换热站", "heat return": "换热站", "gas": "区域调压", "water": "加压泵站"}


def numbers(sub: NDArray[np.object_], digits: int) -> list[str]:
    """Survey numbers: the sub-class and a running number within it."""
    rank = np.zeros(len(sub), dtype=np.intp)
    for code in sorted(set(sub.tolist())):
        mine = sub == code
        rank[mine] = np.arange(1, mine.sum() + 1)
    return [f"{code}{number:0{digits}d}" for code, number in zip(sub.tolist(), rank.tolist(), strict=True)]


def feature_kinds() -> set[tuple[str, str]]:
    """Class and kind of points that are features 特征; all others are appendages 附属物."""
    found: set[tuple[str, str]] = set()
    for kind in point_kinds():
        if kind.role is PointRole.FEATURE:
            found.add((kind.class_code, kind.code))
    return found


def point_table(pipes: Pipes, roads: list[Road], grids: Ints, owners: dict[str, int], seed: int) -> Table:
    """``grids``: index of the unit grid of each point, -1 for none; ``owners``: department ids by code."""
    count = len(pipes.xy)
    chance = stream(seed, "pipe points")
    lane = pipes.lane_of_point.tolist()
    kind = pipes.kind.tolist()
    main_class = [row.class_code for row in LANES]
    features = feature_kinds()
    is_feature = [(main_class[k], what) in features for k, what in zip(lane, kind, strict=True)]
    valve = np.array([what == "valve_chamber" for what in kind])
    shut = valve & (chance.random(count) < 0.01)
    well = np.isin(pipes.kind, _ROUND_WELLS)
    lowest = np.full(count, np.inf)
    np.fmin.at(lowest, pipes.start, pipes.start_level)
    np.fmin.at(lowest, pipes.end, pipes.end_level)
    depth = np.where(well & np.isfinite(lowest), np.round(pipes.ground - lowest + 0.3, 2), np.nan)
    owner = np.array([owners[row.owner] for row in LANES])[pipes.lane_of_point]
    owner[pipes.point_sub == "XX"] = owners["ZGYD"]
    built = np.zeros(count, dtype=np.intp)
    built[pipes.end], built[pipes.start] = pipes.year, pipes.year
    names = [road.name_zh for road in roads] + [""]
    sources = [row.source for row in LANES]
    lane_names = [row.name for row in LANES]
    columns: dict[str, Any] = {
        "id": np.arange(1, count + 1),
        "survey": SURVEY,
        "point_no": numbers(pipes.point_sub, 6),
        "class_code": np.array(main_class, dtype=object)[pipes.lane_of_point],
        "sub_code": pipes.point_sub,
        "feature": [what if yes else "" for what, yes in zip(kind, is_feature, strict=True)],
        "appendage": ["" if yes else what for what, yes in zip(kind, is_feature, strict=True)],
        "ground_level": pipes.ground,
        "well_depth_m": depth,
        "cover_shape": either(well, "圆", ""),
        "cover_material": either(well, either(built < 2005, "铸铁", "球墨铸铁"), ""),
        "cover_size_mm": either(well, "700", ""),
        "is_open": either(valve, either(shut, "f", "t"), None),
        "address": [names[road] for road in pipes.point_road.tolist()],
        "owner_id": owner,
        "unit_grid_id": [None if grid < 0 else grid + 1 for grid in grids.tolist()],
        "built_on": [f"{year}-07-01" for year in built.tolist()],
        "surveyed_on": SURVEYED_ON,
        "survey_unit": SURVEY_UNIT,
        "note": [
            _NOTES.get(lane_names[k], "") if what == sources[k] and lane_names[k] in _NOTES else ""
            for k, what in zip(lane, kind, strict=True)
        ],
        "valid_from": SINCE,
    }
    # Only a vault that feeds a heat network is a station; the others are plain chambers.
    columns["note"] = _station_notes(pipes, columns["note"])
    return with_geometry("pipe_point", columns, count, lambda part: geometry.points(pipes.xy[part]))


def _station_notes(pipes: Pipes, notes: list[str]) -> list[str]:
    degree = np.bincount(np.concatenate([pipes.start, pipes.end]), minlength=len(pipes.xy))
    return [note if note != "换热站" or meets == 1 else "" for note, meets in zip(notes, degree, strict=True)]


def segment_table(pipes: Pipes, roads: list[Road], owners: dict[str, int], seed: int) -> Table:
    """Segments; the heights of their lines are those of the pipe's centre."""
    count = len(pipes.start)
    chance = stream(seed, "pipe segments")
    kinds = np.array([row.name for row in LANES], dtype=object)[pipes.lane]
    block_mm = np.array([row.height_mm for row in LANES])[pipes.lane]
    gravity = np.isin(kinds, ("storm", "foul"))
    owner = np.array([owners[row.owner] for row in LANES])[pipes.lane]
    owner[pipes.sub == "XX"] = owners["ZGYD"]
    width = np.where(pipes.sub == "SS", 500, pipes.width_mm)
    height = np.where(pipes.sub == "SS", 500, pipes.height_mm)
    half = height / 2000
    centre = np.where(gravity, half, -half)
    ducts = block_mm > 0
    holes = np.where(ducts, np.maximum(1, width // np.where(kinds == "power", 150, 110)), 0)
    used = np.minimum(holes, np.floor(chance.random(count) * (holes + 1)).astype(np.intp))
    flow = either(gravity, "+", "0")
    numbers_ = numbers(pipes.sub, 7)
    names = [road.name_zh for road in roads] + [""]
    small_pressure = np.where(pipes.grade >= 3, 0.4, 0.2)
    pressure = np.select(
        [kinds == "water", kinds == "gas", np.isin(kinds, ("heat supply", "heat return"))],
        [np.where(pipes.sub == "SS", 0.6, 0.35), np.where(pipes.is_connection, 0.2, small_pressure), 1.0],
        np.nan,
    )
    band = either(kinds == "gas", either(pressure > 0.2, "MPA", "MPB"), None)
    start_depth = millimetres(pipes.ground[pipes.start] - pipes.start_level)
    end_depth = millimetres(pipes.ground[pipes.end] - pipes.end_level)
    columns: dict[str, Any] = {
        "id": np.arange(1, count + 1),
        "survey": SURVEY,
        "segment_no": numbers_,
        "class_code": np.array([row.class_code for row in LANES], dtype=object)[pipes.lane],
        "sub_code": pipes.sub,
        "start_point_id": pipes.start + 1,
        "end_point_id": pipes.end + 1,
        "start_depth_m": start_depth,
        "end_depth_m": end_depth,
        "start_level": pipes.start_level,
        "end_level": pipes.end_level,
        "size": [
            f"{w}X{h}" if duct else str(w)
            for w, h, duct in zip(width.tolist(), height.tolist(), ducts.tolist(), strict=True)
        ],
        "width_mm": width,
        "height_mm": height,
        "material": materials(kinds, pipes.year, width, chance),
        "laying": np.array([row.laying for row in LANES], dtype=object)[pipes.lane],
        "pressure_mpa": pressure,
        "pressure_band": band,
        "voltage_kv": np.select([kinds == "power", kinds == "lamps"], [10.0, 0.4], np.nan),
        "temperature_c": either(kinds == "heat supply", 110, either(kinds == "heat return", 60, None)),
        "cable_count": either(ducts, used, None),
        "total_holes": either(ducts, holes, None),
        "used_holes": either(ducts, used, None),
        "flow_direction": flow,
        "owner_id": owner,
        "year_laid": pipes.year,
        "usage_status": either(pipes.abandoned, "1", "0"),
        "road_name": [names[road] for road in pipes.road.tolist()],
        "data_source": either(pipes.year > 2012, "3", "1"),
        "surveyed_on": SURVEYED_ON,
        "survey_unit": SURVEY_UNIT,
        "valid_from": SINCE,
    }

    def lines(part: slice) -> list[str]:
        first = np.column_stack([pipes.xy[pipes.start[part]], pipes.start_level[part] + centre[part]])
        last = np.column_stack([pipes.xy[pipes.end[part]], pipes.end_level[part] + centre[part]])
        return geometry.lines(np.asarray(np.round(np.stack([first, last], axis=1), 4)))

    return with_geometry("pipe_segment", columns, count, lines)


def materials(
    kinds: NDArray[np.object_], year: Ints, width: Ints, chance: np.random.Generator
) -> NDArray[np.object_]:
    """What each utility was built of in its time."""
    old = year < 1998
    middling = year < 2010
    some = chance.random(len(kinds)) < 0.05
    result: NDArray[np.object_] = np.select(
        [
            (kinds == "water") & old & some,
            (kinds == "water") & old,
            (kinds == "water") & (middling | (width > 200)),
            kinds == "water",
            (kinds == "gas") & (year < 2000),
            kinds == "gas",
            np.isin(kinds, ("heat supply", "heat return")),
            np.isin(kinds, ("storm", "foul")) & ((year < 2006) | (width > 800)),
            np.isin(kinds, ("storm", "foul")),
            (kinds == "telecom") & some,
            np.isin(kinds, ("power", "lamps")),
        ],
        ["SM", "ZT", "QM", "PE", "G", "PE", "G", "T", "PE", "G", "PE"],
        "PVC",
    ).astype(object)
    return result
