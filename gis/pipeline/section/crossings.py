"""What a section cuts, as rows for readers: words of the tables, spacing to the next."""

from functools import lru_cache

import numpy as np

from gis.i18n import get_locale, pick
from gis.pipeline.section.around import Segment
from gis.pipeline.section.measured import Floats, Measured, depth_reference, outline
from gis.pipeline.section.model import Crossing
from gis.standard.tables import pipe_class, pipe_materials


def crossings_of(measured: Measured) -> tuple[Crossing, ...]:
    """The crossings in the order of stations, in the reader's language."""
    station = measured.cuts.station
    half = measured.apparent_width / 2
    to_next = slice(1, len(station) + 1)  # the last has none
    axis = np.append(station, np.nan)[to_next] - station
    clear = axis - half - np.append(half, np.nan)[to_next]
    columns = zip(
        measured.segments,
        station.tolist(),
        measured.cuts.angle_deg.tolist(),
        *(
            _known(values)
            for values in (
                measured.ground,
                measured.crown,
                measured.centre,
                measured.invert,
                measured.depth,
                measured.cover,
                measured.apparent_width,
                axis,
                clear,
            )
        ),
        strict=True,
    )
    return tuple(_crossing(*column) for column in columns)


def _crossing(
    segment: Segment,
    station: float,
    angle: float,
    ground: float | None,
    crown: float | None,
    centre: float | None,
    invert: float | None,
    depth: float | None,
    cover: float | None,
    apparent: float | None,
    axis: float | None,
    clear: float | None,
) -> Crossing:
    kind = pipe_class(segment.class_code, segment.sub_code)
    missing = [
        word
        for word, is_missing in (
            ("levels", crown is None and invert is None),
            ("size", segment.width_mm is None),
            ("ground", ground is None),
        )
        if is_missing
    ]
    return Crossing(
        station_m=station,
        segment_id=segment.id,
        segment_no=segment.segment_no,
        class_code=segment.class_code,
        sub_code=segment.sub_code,
        class_name=kind.name,
        rgb_hex=kind.rgb_hex,
        dash=kind.dash,
        form=outline(segment),
        size=segment.size,
        width_mm=segment.width_mm,
        height_mm=segment.height_mm,
        material=segment.material,
        material_name=material_name(segment.material, get_locale()),
        laying=segment.laying,
        owner=pick(segment.owner_zh, segment.owner_en),
        year_laid=segment.year_laid,
        usage_status=segment.usage_status,
        road_name=segment.road_name,
        total_holes=segment.total_holes,
        used_holes=segment.used_holes,
        depth_reference=depth_reference(segment).value,
        ground_level=ground,
        crown_level=crown,
        centre_level=centre,
        invert_level=invert,
        depth_m=depth,
        cover_m=cover,
        angle_deg=angle,
        apparent_width_m=apparent,
        start_point_no=segment.start_point_no,
        end_point_no=segment.end_point_no,
        axis_to_next_m=axis,
        clear_to_next_m=clear,
        missing=tuple(missing),
    )


@lru_cache(maxsize=256)
def material_name(code: str | None, locale: str) -> str:
    """The material in words, "" where it is not known; ``locale`` is the reader's, and part of the key."""
    return next((row.name for row in pipe_materials() if row.code == code), code or "")


def _known(values: Floats) -> list[float | None]:
    """NaN as None."""
    return [None if value != value else value for value in values.tolist()]
