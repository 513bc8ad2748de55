"""纵断面, worked out by hand: levels, falls, wells, what crosses; and why there is no way."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from gis.errors import InvalidInput, NotFound
from gis.pipeline.section.model import Profile
from gis.pipeline.section.network import NoWay
from gis.pipeline.section.profile import profile_between, profile_of_segments
from tests import hand_made_city as city
from tests.hand_made_pipes import point, segment
from tests.small_city import AsRole


@pytest.fixture
def town(session: Session) -> Session:
    city.build(session)
    return session


@pytest.fixture
def sewer(town: Session) -> dict[str, int]:
    """Three wells 50 m apart; the second reach is drawn against the way, and rises where it should fall."""
    w1 = point(town, "W1", 0, 0, 100.000, appendage="sewage_manhole", well_depth_m=2.6)
    w2 = point(town, "W2", 30, 40, 99.500, appendage="sewage_manhole", well_depth_m=2.4)
    w3 = point(town, "W3", 80, 40, 99.300, appendage="sewage_manhole")
    s1 = segment(
        town, "S1", w1, w2, (97.500, 97.250), width_mm=400, height_mm=400, size="400", flow_direction="+"
    )
    s2 = segment(
        town, "S2", w3, w2, (97.300, 97.200), width_mm=300, height_mm=300, size="300", flow_direction="-"
    )
    return {"W1": w1.id, "W2": w2.id, "W3": w3.id, "S1": s1.id, "S2": s2.id}


def codes(profile: Profile) -> list[str]:
    return [finding.code for finding in profile.findings]


def test_a_sewer_by_hand_to_the_millimetre(town: Session, sewer: dict[str, int]) -> None:
    """Sewers are measured at the inside bottom: crown = invert + diameter, cover = ground - crown."""
    profile = profile_between(town, [sewer["W1"], sewer["W3"]])
    assert profile.length_m == 100.000
    assert [s.distance_m for s in profile.stations] == [0, 50, 100]
    assert [s.ground_level for s in profile.stations] == [100, 99.5, 99.3]
    assert [s.well_bottom_level for s in profile.stations] == [97.4, 97.1, None]
    assert [s.invert_in for s in profile.stations] == [None, 97.25, 97.3]
    assert [s.invert_out for s in profile.stations] == [97.5, 97.2, None]
    first, second = profile.reaches
    assert (first.start_crown, first.end_crown) == (97.9, 97.65)
    assert first.slope_permille == 5.0  # (97.500 - 97.250) / 50
    assert (first.start_depth_m, first.end_depth_m) == (2.5, 2.25)
    assert first.least_cover_m == 1.85  # 99.500 - 97.650 against 100.000 - 97.900 = 2.100
    # Drawn W3 → W2 and flowing against its drawing: along the profile it flows with it, and rises 0.100 m.
    assert (second.start_invert, second.end_invert) == (97.2, 97.3)
    assert (second.start_crown, second.end_crown) == (97.5, 97.6)
    assert (second.flows, second.slope_permille) == ("+", -2.0)


def test_what_is_wrong_is_named_and_stays_as_it_is(town: Session, sewer: dict[str, int]) -> None:
    profile = profile_between(town, [sewer["W1"], sewer["W3"]])
    assert codes(profile) == ["size_decreases", "reverse_slope"]
    narrow, rise = profile.findings
    assert (narrow.station_m, narrow.value_m, narrow.limit_m) == (50, 0.3, 0.4)
    assert narrow.segment_ids == (sewer["S1"], sewer["S2"])
    assert (rise.value_m, rise.severity, rise.segment_ids) == (0.1, "error", (sewer["S2"],))


def test_seen_from_the_other_end_the_same_is_wrong(town: Session, sewer: dict[str, int]) -> None:
    there, back = (profile_between(town, [sewer[a], sewer[b]]) for a, b in (("W1", "W3"), ("W3", "W1")))
    assert sorted(codes(back)) == sorted(codes(there))
    assert [r.slope_permille for r in back.reaches] == [-r.slope_permille for r in reversed(there.reaches)]  # type: ignore[operator]
    assert [r.flows for r in back.reaches] == ["-", "-"]


def test_an_outgoing_invert_above_the_incoming_one(town: Session) -> None:
    wells = [point(town, f"A{n}", 50 * n, 0, 100) for n in range(3)]
    segment(town, "A1", wells[0], wells[1], (97.5, 97.2), flow_direction="+", width_mm=300, height_mm=300)
    segment(town, "A2", wells[1], wells[2], (97.28, 97.0), flow_direction="+", width_mm=300, height_mm=300)
    profile = profile_between(town, [wells[0].id, wells[2].id])
    assert codes(profile) == ["invert_above_upstream"]
    assert (profile.findings[0].station_m, profile.findings[0].value_m) == (50, 0.08)


@pytest.mark.parametrize(
    ("kind", "laying", "crown", "invert"),
    [
        (("JS", "JP"), "ZM", 98.5, 98.2),  # outer crown
        (("PS", "WS"), "ZM", 98.8, 98.5),  # inside bottom
        (("DL", "GD"), "GK", 98.5, 98.2),  # top of the block
        (("JS", "JP"), "GG", 98.8, 98.5),  # in a trench: its inside bottom
        (("QT", "ZH"), None, 98.8, 98.5),  # a utility tunnel: its inside bottom
    ],
)
def test_each_depth_rule(
    town: Session, kind: tuple[str, str], laying: str | None, crown: float, invert: float
) -> None:
    """The same surveyed 98.500 m and 300 mm, read as each class measures."""
    of = {"class_code": kind[0], "sub_code": kind[1]}
    a, b = point(town, "A", 0, 0, 100, **of), point(town, "B", 40, 0, 100, **of)
    segment(town, "L", a, b, (98.5, 98.5), width_mm=300, height_mm=300, laying=laying)
    reach = profile_between(town, [a.id, b.id]).reaches[0]
    assert (reach.start_crown, reach.start_invert) == (crown, invert)
    assert reach.start_depth_m == 1.5
    assert reach.least_cover_m == pytest.approx(100 - crown)


def test_a_level_that_is_not_surveyed_follows_from_ground_and_depth_or_stays_unknown(town: Session) -> None:
    a, b, c = point(town, "A", 0, 0, 100), point(town, "B", 40, 0, 99), point(town, "C", 80, 0)
    segment(town, "L", a, b, start_depth_m=2.0, end_depth_m=1.5, width_mm=300, height_mm=300)
    segment(town, "M", b, c, (97.5, None), end_depth_m=1.5, width_mm=300)
    first, second = profile_between(town, [a.id, c.id]).reaches
    assert (first.start_invert, first.end_invert) == (98.0, 97.5)
    assert first.missing == ()
    assert (second.start_crown, second.end_invert, second.slope_permille) == (97.8, None, None)
    assert second.missing == ("levels", "ground")


def test_what_crosses_is_drawn_at_its_level_and_the_gap_is_clear_height(
    town: Session, sewer: dict[str, int]
) -> None:
    """A water main square across the middle of the first reach; its crown there is 98.500."""
    of = {"class_code": "JS", "sub_code": "JP"}
    a, b = point(town, "J1", 11, 23, 99.8, **of), point(town, "J2", 19, 17, 99.8, **of)
    pipe = segment(town, "J", a, b, (98.6, 98.4), width_mm=200, height_mm=200)
    crossing = profile_between(town, [sewer["W1"], sewer["W2"]]).crossing_pipes
    assert [each.segment_id for each in crossing] == [pipe.id]
    met = crossing[0]
    assert (met.distance_m, met.angle_deg) == (25.0, 90.0)
    assert (met.crown_level, met.centre_level, met.invert_level) == (98.5, 98.4, 98.3)
    # The sewer's crown midway: (97.900 + 97.650) / 2 = 97.775.
    assert (met.is_above, met.gap_m) == (True, 0.525)


def test_a_pipe_without_level_crosses_without_level(town: Session, sewer: dict[str, int]) -> None:
    of = {"class_code": "TX", "sub_code": "DH"}
    a, b = point(town, "D1", 11, 23, **of), point(town, "D2", 19, 17, **of)
    segment(town, "D", a, b, width_mm=200, height_mm=200)
    (met,) = profile_between(town, [sewer["W1"], sewer["W2"]]).crossing_pipes
    assert (met.crown_level, met.is_above, met.gap_m) == (None, None, None)


def test_too_little_cover_says_how_far_the_number_may_be_trusted(town: Session) -> None:
    """Water off the carriageway: 0.60 m, from memory; and corrected by the city, it is firm."""
    of = {"class_code": "JS", "sub_code": "JP"}
    a, b = point(town, "A", 0, 0, 100, **of), point(town, "B", 40, 0, 100, **of)
    segment(town, "L", a, b, (99.5, 99.55), width_mm=200, height_mm=200)
    (found,) = profile_between(town, [a.id, b.id]).findings
    assert (found.code, found.value_m, found.limit_m, found.station_m) == ("cover", 0.45, 0.6, 40)
    assert not found.is_firm
    town.execute(
        text(
            "UPDATE least_cover SET corrected_value = 0.5, corrected_by = 'a', corrected_at = now(),"
            " correction_note = 'n' WHERE party = 'WATER' AND surface = 'non_carriageway'"
        )
    )
    town.expire_all()
    (found,) = profile_between(town, [a.id, b.id]).findings
    assert (found.limit_m, found.is_firm) == (0.5, True)


def test_under_a_carriageway_the_table_wants_more(town: Session) -> None:
    of = {"class_code": "JS", "sub_code": "JP"}
    a, b = point(town, "A", 0, 0, 100, **of), point(town, "B", 40, 0, 100, **of)
    segment(town, "L", a, b, (99.35, 99.35), width_mm=200, height_mm=200)
    assert codes(profile_between(town, [a.id, b.id])) == []
    town.execute(
        text(
            "INSERT INTO road (code, name_zh, name_en, grade, carriageway_m, geom) SELECT 'R', '路', 'Road',"
            " 'main', 14, ST_Translate(ST_Force2D(geom), 0, 6.9) FROM pipe_segment"
        )
    )
    (found,) = profile_between(town, [a.id, b.id]).findings
    assert (found.limit_m, found.is_firm) == (0.7, True)


# Seven real sewers of Bellinge, Odense, one after the other (Bellinge data set, CC BY 4.0): well, ground and
# invert in metres; then length, diameter in mm, and slope in per cent as the data set states it.
BELLINGE_WELLS = (
    ("G72F833", 30.619, 27.899), ("G72F832", 29.689, 26.839), ("G72F831", 28.179, 25.429),
    ("G72F830", 26.789, 23.639), ("G72F820", 26.129, 23.369), ("G72F810", 25.729, 22.879),
    ("G72F800", 24.649, 21.849), ("G72F050", 22.289, 19.419),
)  # fmt: skip
BELLINGE_PIPES = (
    (36.29, 200, 2.92), (45.08, 200, 3.13), (47.09, 200, 3.80), (35.74, 350, 0.76), (47.45, 350, 1.03),
    (29.15, 300, 3.53), (50.35, 300, 4.83),
)  # fmt: skip
# Where the stated cover is the pipe's own (not that of a larger neighbour): at which end of which reach.
BELLINGE_COVERS = {
    (0, "start"): 2.52,
    (0, "end"): 2.65,
    (3, "start"): 2.80,
    (3, "end"): 2.41,
    (5, "end"): 2.50,
}


def test_real_sewers_have_the_slopes_and_covers_they_are_known_by(town: Session) -> None:
    wells, x = [], 0.0
    for (number, ground, _invert), (length, _mm, _slope) in zip(
        BELLINGE_WELLS, (*BELLINGE_PIPES, (0.0, 0, 0.0)), strict=True
    ):
        wells.append(point(town, number, x, 0, ground))
        x += length
    for n, (_length, mm, _slope) in enumerate(BELLINGE_PIPES):
        levels = (BELLINGE_WELLS[n][2], BELLINGE_WELLS[n + 1][2])
        segment(town, f"P{n}", wells[n], wells[n + 1], levels, width_mm=mm, height_mm=mm, flow_direction="+")
    profile = profile_between(town, [wells[0].id, wells[-1].id])
    assert profile.length_m == pytest.approx(sum(pipe[0] for pipe in BELLINGE_PIPES), abs=0.001)
    for reach, (length, _mm, per_cent) in zip(profile.reaches, BELLINGE_PIPES, strict=True):
        assert reach.length_m == pytest.approx(length, abs=0.001)
        assert reach.slope_permille == pytest.approx(per_cent * 10, abs=0.051)  # stated to 0.01 %
    for (n, which), cover in BELLINGE_COVERS.items():
        station = profile.stations[n + (which == "end")]
        crown = getattr(profile.reaches[n], f"{which}_crown")
        assert station.ground_level - crown == pytest.approx(cover, abs=0.0051), (n, which)


def test_no_way_says_where_each_network_ends(town: Session, sewer: dict[str, int]) -> None:
    far = [point(town, f"F{n}", 84 + 30 * n, 43, 99) for n in range(2)]
    segment(town, "F", far[0], far[1], (97, 96.9), width_mm=300, height_mm=300)
    with pytest.raises(NoWay) as refused:
        profile_between(town, [sewer["W1"], far[1].id])
    assert refused.value.extra["why"] == "not_joined"
    assert refused.value.extra["gap_m"] == 5.0
    ends = refused.value.extra["ends"]
    assert [(end["point_no"], end["points_reached"]) for end in ends] == [("W3", 3), ("F0", 2)]


def test_no_way_joins_two_classes(town: Session, sewer: dict[str, int]) -> None:
    water = point(town, "J1", 11, 23, 99.8, class_code="JS", sub_code="JP")
    with pytest.raises(NoWay) as refused:
        profile_between(town, [sewer["W1"], water.id])
    assert refused.value.extra["why"] == "other_class"


def test_a_way_far_round_is_found_and_proved(town: Session) -> None:
    """The straight way is cut; the only one goes 900 m round, out of the first look's reach."""
    places = [(0, 0), (0, 190), (450, 190), (450, 0), (20, 0)]
    wells = [point(town, f"R{n}", x, y, 100) for n, (x, y) in enumerate(places)]
    for n in range(4):
        segment(town, f"R{n}", wells[n], wells[n + 1], width_mm=300)
    profile = profile_between(town, [wells[0].id, wells[4].id])
    assert profile.length_m == 190 + 450 + 190 + 430
    assert [s.point_no for s in profile.stations] == ["R0", "R1", "R2", "R3", "R4"]


def test_by_way_of_a_chosen_well(town: Session) -> None:
    a, b, c, d = (
        point(town, name, x, y, 100)
        for name, x, y in (("A", 0, 0), ("B", 100, 0), ("C", 50, 60), ("D", 200, 0))
    )
    segment(town, "AB", a, b)
    segment(town, "AC", a, c)
    segment(town, "CB", c, b)
    segment(town, "BD", b, d)
    short = profile_between(town, [a.id, d.id])
    assert [r.segment_no for r in short.reaches] == ["AB", "BD"]
    chosen = profile_between(town, [a.id, c.id, d.id])
    assert [r.segment_no for r in chosen.reaches] == ["AC", "CB", "BD"]
    with pytest.raises(InvalidInput, match="重复经过"):
        profile_between(town, [a.id, b.id, a.id])


def test_chosen_segments_keep_parallel_pipes_apart(town: Session) -> None:
    a, b = point(town, "A", 0, 0, 100), point(town, "B", 100, 0, 100)
    upper = segment(town, "U", a, b, (98, 97.5), by_way_of=[(50, 20)], width_mm=300)
    segment(town, "V", a, b, (97, 96.5), width_mm=300)
    (reach,) = profile_of_segments(town, [upper.id]).reaches
    assert (reach.segment_no, reach.start_invert) == ("U", 98.0)
    assert reach.length_m == pytest.approx(2 * (50**2 + 20**2) ** 0.5, abs=0.001)
    with pytest.raises(NotFound):
        profile_of_segments(town, [upper.id, 10**12])


def test_the_network_as_it_was_on_a_day(town: Session, sewer: dict[str, int]) -> None:
    """The reach was relaid lower; asked for the day before, the old level is there."""
    town.execute(text("UPDATE pipe_segment SET valid_from = '2026-01-01'"))
    town.execute(text("UPDATE pipe_point SET valid_from = '2026-01-01'"))
    names = (
        "survey, segment_no, class_code, sub_code, start_point_id, end_point_id, start_level, end_level,"
        " width_mm, height_mm, flow_direction, geom"
    )
    town.execute(
        text(
            f"INSERT INTO pipe_segment ({names}, past_of, valid_from, valid_to)"
            f" SELECT {names}, id, '2026-01-01', '2026-06-01' FROM pipe_segment WHERE id = :id"
        ),
        {"id": sewer["S1"]},
    )
    town.execute(
        text("UPDATE pipe_segment SET start_level = 96.5, valid_from = '2026-06-01' WHERE id = :id"),
        {"id": sewer["S1"]},
    )

    def start(day: date | None) -> Any:
        return profile_between(town, [sewer["W1"], sewer["W2"]], day).reaches[0].start_invert

    assert (start(date(2026, 5, 31)), start(date(2026, 6, 1)), start(None)) == (97.5, 96.5, 96.5)
    with pytest.raises(NotFound):
        start(date(2025, 12, 31))


def test_over_http(as_role: AsRole, small_city: str) -> None:
    """Two wells of the sample city's foul sewers; and a request that says neither way."""
    planner = as_role("planner")
    from gis.database import transaction

    with transaction() as session:
        rows = session.execute(
            text(
                "SELECT a.start_point_id AS first, b.end_point_id AS last, a.id AS one, b.id AS two"
                " FROM pipe_segment AS a JOIN pipe_segment AS b ON b.start_point_id = a.end_point_id"
                " WHERE a.sub_code = 'WS' AND b.sub_code = 'WS' ORDER BY a.id LIMIT 1"
            )
        ).one()
    answer = planner.post("/api/v1/pipelines/profile", json={"from_point": rows.first, "to_point": rows.last})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert [reach["segment_id"] for reach in body["reaches"]] == [rows.one, rows.two]
    assert body["length_m"] == pytest.approx(sum(reach["length_m"] for reach in body["reaches"]), abs=0.002)
    assert body["line"]["coordinates"][0] == [body["stations"][0]["lon"], body["stations"][0]["lat"]]
    same = planner.post("/api/v1/pipelines/profile", json={"segments": [rows.two, rows.one]}).json()
    assert [reach["segment_id"] for reach in same["reaches"]] == [rows.two, rows.one]
    for wrong in ({}, {"from_point": rows.first}, {"from_point": 1, "to_point": 2, "segments": [3]}):
        assert planner.post("/api/v1/pipelines/profile", json=wrong).status_code == 422
    assert planner.post("/api/v1/pipelines/profile", json={"segments": [10**12]}).status_code == 404
    assert as_role("inspector").post("/api/v1/pipelines/profile", json={}).status_code == 403
