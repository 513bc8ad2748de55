"""Each line stands under the heads of the clearance and cover tables that its class, laying and size say."""

import pytest

from gis.pipeline.parties import band_of, party_of
from gis.standard.tables import clearance_parties, pipe_classes


@pytest.mark.parametrize(
    ("line", "horizontal", "vertical", "cover", "cover_laying"),
    [
        (("JS", "JP", "ZM", None, "QM", 200), "WATER_D_LE_200", "WATER", "WATER", "any"),
        (("JS", "JP", "ZM", None, "QM", 201), "WATER_D_GT_200", "WATER", "WATER", "any"),
        (("JS", "JP", None, None, None, None), "WATER_D_GT_200", "WATER", "WATER", "any"),
        (("JS", "ZS", "ZM", None, "PE", 160), "RECLAIMED", "RECLAIMED", "RECLAIMED", "any"),
        (("JS", "ZS", "GG", None, "PE", 160), "TRENCH", "TRENCH", "TRENCH", "any"),
        (("PS", "WS", "ZM", None, "T", 600), "SEWER_STORM", "SEWER_STORM", "SEWER_STORM", "any"),
        (("RQ", "TR", "ZM", "MPA", "PE", 160), "GAS_MPA", "GAS", "GAS", "any"),
        (("RQ", "TR", "ZM", "HPB", "G", 500), None, "GAS", "GAS", "any"),
        (("RQ", "TR", "ZM", None, "PE", 160), None, "GAS", "GAS", "any"),
        (("RL", "RS", "ZM", None, "G", 315), "HEAT_DIRECT", "HEAT", "HEAT", "direct"),
        (("RL", "RS", "GG", None, "G", 315), "TRENCH", "TRENCH", "TRENCH", "any"),
        (("DL", "GD", "ZM", None, None, None), "POWER_DIRECT", "POWER_DIRECT", "POWER", "direct"),
        (("DL", "GD", "GK", None, None, 600), "POWER_DUCT", "POWER_PROTECTED", "POWER", "protected"),
        (("TX", "DS", "ZM", None, None, 110), "TELECOM_DIRECT", "TELECOM_DIRECT", "TELECOM",
         "direct_or_plastic"),
        (("TX", "XX", "GK", None, "PVC", 440), "TELECOM_DUCT", "TELECOM_PROTECTED", "TELECOM",
         "direct_or_plastic"),
        (("TX", "XX", "GK", None, "G", 440), "TELECOM_DUCT", "TELECOM_PROTECTED", "TELECOM", "steel_pipe"),
        (("QT", "ZH", None, None, None, 3000), "TRENCH", "TRENCH", "TRENCH", "any"),
    ],
)  # fmt: skip
def test_a_line_stands_under_its_heads(
    line: tuple[str, str, str | None, str | None, str | None, int | None],
    horizontal: str | None,
    vertical: str,
    cover: str,
    cover_laying: str,
) -> None:
    party = party_of(*line)
    assert party is not None
    assert (party.horizontal, party.vertical, party.cover, party.cover_laying) == (
        horizontal,
        vertical,
        cover,
        cover_laying,
    )


def test_lines_that_the_tables_do_not_know_stand_under_none() -> None:
    """GB 50289 has no head for oxygen or for a line whose use nobody knows: that is no pass."""
    assert party_of("GY", "YQ", "ZM", None, "G", 100) is None
    assert party_of("QT", "BM") is None


def test_every_head_is_a_head_of_the_tables() -> None:
    heads = {row.code for row in clearance_parties() if row.is_line}
    found = [
        party_of(row.class_code, row.sub_code, laying) for row in pipe_classes() for laying in ("ZM", "GG")
    ]
    assert {p.horizontal for p in found if p and p.horizontal} <= heads
    assert {p.vertical for p in found if p} <= heads


@pytest.mark.parametrize(
    ("band", "pressure_mpa", "expected"),
    [
        ("MPB", 0.35, "MPB"),  # what the survey says wins
        (None, 0.009, "LP"),
        (None, 0.01, "MPB"),  # low pressure is below 0.01
        (None, 0.2, "MPB"),
        (None, 0.4, "MPA"),
        (None, 1.6, "SHA"),
        (None, 9.0, None),  # above the last band
        (None, None, None),
    ],
)
def test_the_band_follows_from_the_pressure(
    band: str | None, pressure_mpa: float | None, expected: str | None
) -> None:
    assert band_of(band, pressure_mpa) == expected
