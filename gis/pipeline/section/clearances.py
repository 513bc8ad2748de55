"""What is too close to what in a section, by the tables of GB 50289 as they are in force. Pure.

Side by side
    Lines that run nearly parallel are measured in plan, face to face, where the section cuts them. Others are
    measured in the section, which is the longer way: the finding says so. Lines that cross in plan are not
    side by side anywhere.
One above the other
    Where the outlines of two lines overlap in the section: bottom of the upper one less crown of the lower.

Lines that meet in a point of the network are one line here. Where a table gives no number there is no
finding, and no pass either: see docs/cross-section.md.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from gis.i18n import _
from gis.pipeline.parties import band_of, party_of
from gis.pipeline.section.around import Building, Geometries, Segment
from gis.pipeline.section.limits import BUILDING, Limit, Limits, doubt, head_name
from gis.pipeline.section.line import SectionLine
from gis.pipeline.section.measured import Floats, Measured
from gis.pipeline.section.model import Finding
from gis.pipeline.section.pairs import Pairs, numbered, one_above_the_other, pairs_of, side_by_side
from gis.standard.rows import PipeParty

UNREADABLE_M = 1.0  # so near, a line that the tables cannot place is worth a word
BEYOND_WALLS_M = 20.0  # no table asks for so much, the widest line counted
ABANDONED = "1"


@dataclass(frozen=True)
class Judge:
    """Measures what one section cuts against the limits."""

    line: SectionLine
    measured: Measured
    plans: Geometries  # of the cut lines, in the order of stations
    limits: Limits

    def findings(
        self, buildings: Sequence[Building], is_carriageway: Callable[[float], bool]
    ) -> list[Finding]:
        """All findings, in the order of stations; of two places of one pair the worse."""
        pairs = pairs_of(self.measured)
        parties = [_party(row) for row in self.measured.segments]
        found = [*self._side_by_side(pairs, parties), *self._one_above_the_other(pairs, parties)]
        for i, party in enumerate(parties):
            found += self._cover(i, party, is_carriageway)
        found += self._from_buildings(buildings, parties)
        return _worst(found)

    def _side_by_side(self, pairs: Pairs, parties: Sequence[PipeParty | None]) -> Iterator[Finding]:
        heads = [party.horizontal if party else None for party in parties]
        least = _least(heads, self.limits.horizontal, pairs)
        close, gaps = side_by_side(pairs, least, self.line, self.measured, self.plans)
        for i, j, is_parallel, gap in _rows(close, gaps):
            limit = self.limits.horizontal.get((heads[i] or "", heads[j] or ""))
            if limit is None:
                yield self._unreadable(i, j, gap)
                continue
            words = (
                _(
                    "{a} and {b} lie {value:.3f} m apart in plan, face to face; the least is {limit:.2f} m"
                    "{doubt}"
                )
                if is_parallel
                else _(
                    "{a} and {b} lie {value:.3f} m apart, measured along the section as they are not"
                    " parallel; the least is {limit:.2f} m{doubt}"
                )
            )
            yield self._of_pair("clearance_horizontal", "warning", i, j, gap, limit, heads, words)

    def _one_above_the_other(self, pairs: Pairs, parties: Sequence[PipeParty | None]) -> Iterator[Finding]:
        heads = [party.vertical if party else None for party in parties]
        stacked, heights = one_above_the_other(pairs, self.measured)
        for i, j, _is_parallel, gap in _rows(stacked, heights):
            limit = self.limits.vertical.get((heads[i] or "", heads[j] or ""))
            if limit is None:
                if not (heads[i] and heads[j]) and gap < UNREADABLE_M:
                    yield self._unreadable(i, j, gap)
            elif gap < 0:
                words = _(
                    "{a} and {b} run through each other: {value:.3f} m; the least is {limit:.2f} m{doubt}"
                )
                yield self._of_pair("clearance_vertical", "error", i, j, gap, limit, heads, words)
            elif gap < limit.value_m:  # a height that is not known compares with nothing
                words = _(
                    "Between {a} and {b} there are {value:.3f} m of height; the least is {limit:.2f} m{doubt}"
                )
                yield self._of_pair("clearance_vertical", "warning", i, j, gap, limit, heads, words)

    def _cover(
        self, i: int, party: PipeParty | None, is_carriageway: Callable[[float], bool]
    ) -> Iterator[Finding]:
        row, cover = self.measured.segments[i], float(self.measured.cover[i])
        is_bare = self.measured.depth[i] < 0 or self.measured.centre[i] >= self.measured.ground[i]
        if party is None or party.cover is None or np.isnan(cover) or is_bare:
            return  # what lies on the ground or above it has no soil to be asked for
        station = float(self.measured.cuts.station[i])
        below = is_carriageway(station)
        surface = "carriageway" if below else "non_carriageway"
        limit = self.limits.cover.get((party.cover, party.cover_laying or "", surface))
        if limit is None or round(cover, 3) >= limit.value_m:
            return
        words = (
            _("{a} lies {value:.3f} m below the carriageway; the least cover is {limit:.2f} m{doubt}")
            if below
            else _("{a} lies {value:.3f} m below the ground; the least cover is {limit:.2f} m{doubt}")
        )
        yield Finding(
            code="cover",
            severity=_severity("warning", row),
            station_m=station,
            segment_ids=(row.id,),
            value_m=cover,
            limit_m=limit.value_m,
            status=limit.status,
            source=limit.source,
            is_firm=limit.is_firm,
            parties=(party.cover,),
            text=words.format(a=row.segment_no, value=cover, limit=limit.value_m, doubt=doubt(limit)),
        )

    def _from_buildings(
        self, buildings: Sequence[Building], parties: Sequence[PipeParty | None]
    ) -> Iterator[Finding]:
        if not buildings or not self.measured.segments:
            return
        places = np.asarray(shapely.points(self.line.places(self.measured.cuts.station)), dtype=object)
        walls = shapely.STRtree([row.footprint for row in buildings])
        near, distances = walls.query_nearest(
            places, max_distance=BEYOND_WALLS_M, return_distance=True, all_matches=False
        )
        for i, nearest, distance in zip(*near.tolist(), distances.tolist(), strict=True):
            row = self.measured.segments[i]
            head = (party.horizontal if (party := parties[i]) else None) or ""
            limit = self.limits.horizontal.get((head, BUILDING))
            gap = round(distance - float(np.nan_to_num(self.measured.width[i])) / 2, 3)
            if limit is None or gap >= limit.value_m:
                continue
            words = _("{a} lies {value:.3f} m from the wall of {building}; the least is {limit:.2f} m{doubt}")
            yield Finding(
                code="clearance_building",
                severity=_severity("warning", row),
                station_m=float(self.measured.cuts.station[i]),
                segment_ids=(row.id,),
                value_m=gap,
                limit_m=limit.value_m,
                status=limit.status,
                source=limit.source,
                is_firm=limit.is_firm,
                parties=(head, BUILDING),
                text=words.format(
                    a=row.segment_no,
                    building=buildings[nearest].name or _("a building"),
                    value=gap,
                    limit=limit.value_m,
                    doubt=doubt(limit),
                ),
            )

    def _of_pair(
        self,
        code: str,
        severity: str,
        i: int,
        j: int,
        value: float,
        limit: Limit,
        heads: Sequence[str | None],
        words: str,
    ) -> Finding:
        rows = [self.measured.segments[i], self.measured.segments[j]]
        both = heads[i] or "", heads[j] or ""
        names = [
            _("{line} ({head})").format(line=row.segment_no, head=head_name(head))
            for row, head in zip(rows, both, strict=True)
        ]
        return Finding(
            code=code,
            severity=_severity(severity, *rows),
            station_m=self._middle(i, j),
            segment_ids=tuple(row.id for row in rows),
            value_m=value,
            limit_m=limit.value_m,
            status=limit.status,
            source=limit.source,
            is_firm=limit.is_firm,
            parties=both,
            text=words.format(a=names[0], b=names[1], value=value, limit=limit.value_m, doubt=doubt(limit)),
        )

    def _unreadable(self, i: int, j: int, value: float) -> Finding:
        rows = [self.measured.segments[i], self.measured.segments[j]]
        words = _(
            "{a} and {b} lie {value:.3f} m apart; the tables cannot be read for them"
            " (pressure or kind of line unknown, or beyond the tables): judge it yourself"
        )
        return Finding(
            code="clearance_unknown",
            severity="note",
            station_m=self._middle(i, j),
            segment_ids=tuple(row.id for row in rows),
            value_m=value,
            text=words.format(a=rows[0].segment_no, b=rows[1].segment_no, value=value),
        )

    def _middle(self, i: int, j: int) -> float:
        station = self.measured.cuts.station
        return float(station[i] + station[j]) / 2


def heads_of(segments: Sequence[Segment]) -> set[str]:
    """All heads of the tables under which lines stand."""
    parties = [party for row in segments if (party := _party(row))]
    return {head for party in parties for head in (party.horizontal, party.vertical, party.cover) if head}


def _party(row: Segment) -> PipeParty | None:
    band = band_of(row.pressure_band, row.pressure_mpa)
    return party_of(row.class_code, row.sub_code, row.laying, band, row.material, row.width_mm)


def _severity(severity: str, *rows: Segment) -> str:
    """What is abandoned harms nobody by lying close, but who digs wants to know."""
    return "note" if any(row.usage_status == ABANDONED for row in rows) else severity


def _least(heads: Sequence[str | None], limits: dict[tuple[str, str], Limit], pairs: Pairs) -> Floats:
    """What the tables ask of each pair; NaN where they ask nothing, a word's worth where they cannot tell."""
    number, known = numbered(heads)
    asked = np.array(
        [
            [
                limit.value_m
                if (limit := limits.get((a or "", b or "")))
                else np.nan
                if a and b
                else UNREADABLE_M
                for b in known
            ]
            for a in known
        ]
    ).reshape(len(known), len(known))
    return asked[number[pairs.i], number[pairs.j]]


def _rows(pairs: Pairs, values: Floats) -> Iterable[tuple[int, int, bool, float]]:
    return zip(pairs.i.tolist(), pairs.j.tolist(), pairs.is_parallel.tolist(), values.tolist(), strict=True)


def _worst(findings: Sequence[Finding]) -> list[Finding]:
    kept: dict[tuple[str, tuple[int, ...]], Finding] = {}
    for each in findings:
        key = each.code, tuple(sorted(each.segment_ids))
        if key not in kept or (each.value_m or 0) < (kept[key].value_m or 0):
            kept[key] = each
    return sorted(kept.values(), key=lambda each: (each.station_m or 0, each.code, each.segment_ids))
