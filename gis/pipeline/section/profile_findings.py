"""What is wrong along a profile: fall, sizes, inverts, cover; and what is not known."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from gis.i18n import _
from gis.pipeline.section.limits import Limit, doubt
from gis.pipeline.section.model import Finding, Reach, Station
from gis.standard.rows import PipeParty
from gis.standard.tables import pipe_main_class

LEVEL_RMS_M = 0.03  # of surveyed heights (2003 text, seen in a quotation): a smaller rise may be the survey's
ABANDONED = "1"


def profile_findings(
    stations: Sequence[Station],
    reaches: Sequence[Reach],
    covers: Mapping[tuple[str, str, str], Limit],
    parties: Mapping[int, PipeParty | None],
    on_carriageway: Mapping[int, bool],
) -> tuple[Finding, ...]:
    """Findings in the order of their stations.

    ``covers``: the table in force by party, laying and surface; ``parties`` by segment id; ``on_carriageway``
    by point id.
    """
    found = [
        *_along(reaches),
        *_unknown(reaches),
        *_covers(stations, reaches, covers, parties, on_carriageway),
    ]
    if reaches and pipe_main_class(reaches[0].class_code).is_gravity:
        found += [*_falls(reaches), *_joints(stations, reaches)]
    return tuple(sorted(found, key=lambda finding: finding.station_m or 0.0))


def _covers(
    stations: Sequence[Station],
    reaches: Sequence[Reach],
    covers: Mapping[tuple[str, str, str], Limit],
    parties: Mapping[int, PipeParty | None],
    on_carriageway: Mapping[int, bool],
) -> Iterator[Finding]:
    """The worse end of each reach that has less soil above it than the table wants."""
    for reach, ends in zip(reaches, pairwise(stations), strict=True):
        party = parties.get(reach.segment_id)
        if party is None or party.cover is None or party.cover_laying is None:
            continue
        short: list[tuple[float, Finding]] = []
        for station, crown in zip(ends, (reach.start_crown, reach.end_crown), strict=True):
            surface = "carriageway" if on_carriageway.get(station.point_id) else "non_carriageway"
            least = covers.get((party.cover, party.cover_laying, surface))
            if least is None or crown is None or station.ground_level is None:
                continue
            cover = round(station.ground_level - crown, 3)
            if cover < least.value_m:
                found = _short_cover(reach, station, cover, least, party.cover)
                short.append((cover - least.value_m, found))
        if short:
            yield min(short, key=lambda pair: pair[0])[1]


def _short_cover(reach: Reach, station: Station, cover: float, least: Limit, party: str) -> Finding:
    said = _("Cover {cover:.2f} m, less than the {limit:.2f} m of the table")
    return Finding(
        "cover",
        "warning",
        station.distance_m,
        (reach.segment_id,),
        cover,
        least.value_m,
        status=least.status,
        source=least.source,
        is_firm=least.is_firm,
        parties=(party,),
        text=said.format(cover=cover, limit=least.value_m) + doubt(least),
    )


def _along(reaches: Sequence[Reach]) -> Iterator[Finding]:
    for reach in reaches:
        if reach.usage_status == ABANDONED:
            yield Finding(
                "abandoned", "note", _middle(reach), (reach.segment_id,), text=_("Abandoned, still connected")
            )


def _unknown(reaches: Sequence[Reach]) -> Iterator[Finding]:
    said = {"levels": _("Level unknown"), "size": _("Size unknown"), "ground": _("Ground level unknown")}
    for reach in reaches:
        for what in reach.missing:
            yield Finding(f"missing_{what}", "note", _middle(reach), (reach.segment_id,), text=said[what])


def _falls(reaches: Sequence[Reach]) -> Iterator[Finding]:
    """Gravity lines that rise in the direction of their flow."""
    for reach in reaches:
        if reach.start_invert is None or reach.end_invert is None or reach.flows not in "+-":
            continue
        rise = reach.end_invert - reach.start_invert
        if reach.flows == "-":
            rise = -rise
        if rise > 0:
            text = _("Falls against its flow: the lower end lies {rise:.3f} m above the upper").format(
                rise=rise
            )
            severity = "error" if rise > LEVEL_RMS_M else "warning"
            yield Finding(
                "reverse_slope", severity, _middle(reach), (reach.segment_id,), round(rise, 3), 0.0, text=text
            )


def _joints(stations: Sequence[Station], reaches: Sequence[Reach]) -> Iterator[Finding]:
    """Where two reaches of one direction of flow meet: does the lower one take what the upper one brings?"""
    for station, (a, b) in zip(stations[1:], pairwise(reaches), strict=False):
        if a.flows != b.flows or a.flows not in "+-":
            continue
        upper, lower = (a, b) if a.flows == "+" else (b, a)
        brings, takes = (
            (upper.end_invert, lower.start_invert)
            if a.flows == "+"
            else (upper.start_invert, lower.end_invert)
        )
        ids = (upper.segment_id, lower.segment_id)
        if brings is not None and takes is not None and takes - brings > 0:
            step = takes - brings
            severity = "error" if step > LEVEL_RMS_M else "warning"
            text = _("The outgoing invert lies {step:.3f} m above the incoming one").format(step=step)
            yield Finding(
                "invert_above_upstream", severity, station.distance_m, ids, round(step, 3), 0.0, text=text
            )
        sizes = [reach.height_mm or reach.width_mm for reach in (upper, lower)]
        if sizes[0] and sizes[1] and sizes[1] < sizes[0]:
            text = _("{lower} mm follows {upper} mm downstream").format(lower=sizes[1], upper=sizes[0])
            yield Finding(
                "size_decreases",
                "warning",
                station.distance_m,
                ids,
                sizes[1] / 1000,
                sizes[0] / 1000,
                text=text,
            )


def _middle(reach: Reach) -> float:
    return round((reach.from_m + reach.to_m) / 2, 3)
