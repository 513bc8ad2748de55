"""Under which heads of the clearance and cover tables a line stands: the first row that fits. Pure."""

from functools import lru_cache

from gis.standard.rows import PipeParty
from gis.standard.tables import pipe_parties, pressure_band


@lru_cache(maxsize=4096)
def party_of(
    class_code: str,
    sub_code: str,
    laying: str | None = None,
    band: str | None = None,
    material: str | None = None,
    width_mm: int | None = None,
) -> PipeParty | None:
    """The heads of a line; None where no row fits: the tables say nothing of such lines, never a pass.

    ``band`` is a code of ``pressure_band``: see :func:`band_of` for lines that give the pressure alone. An
    attribute that is not known fits only rows that do not ask for it.
    """
    for row in pipe_parties():
        asked = (
            (row.sub_code, sub_code),
            (row.laying, laying),
            (row.pressure_band, band),
            (row.material, material),
        )
        if (
            row.class_code == class_code
            and all(wanted is None or wanted == given for wanted, given in asked)
            and (row.most_mm is None or (width_mm is not None and width_mm <= row.most_mm))
        ):
            return row
    return None


def band_of(band: str | None, pressure_mpa: float | None) -> str | None:
    """The pressure band as surveyed, else that of the pressure; None where none is known or none reaches."""
    if band is not None or pressure_mpa is None:
        return band
    found = pressure_band(pressure_mpa)
    return found.code if found else None
