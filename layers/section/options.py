"""What the reader may choose of a drawing, and how a scale is chosen where it is left open."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gis.errors import InvalidInput
from gis.i18n import N_, _

CROSS_SCALES = (50, 100, 200, 500)
PROFILE_SCALES = (50, 100, 200, 500, 1000)


class Paper(StrEnum):
    """Sheets of GB/T 14689 (ISO 216), lying; ``auto`` takes the least that fits."""

    AUTO = "auto"
    A4 = "A4"
    A3 = "A3"
    A2 = "A2"
    A1 = "A1"


# Width and height in millimetres, lying.
SHEETS: dict[Paper, tuple[float, float]] = {
    Paper.A4: (297, 210),
    Paper.A3: (420, 297),
    Paper.A2: (594, 420),
    Paper.A1: (841, 594),
}


@dataclass(frozen=True, slots=True)
class DrawOptions:
    """Scales are denominators (100 = 1:100); None: chosen to fit the paper.

    ``is_sheet`` False draws neither frame nor title block, as a page shows it. Of ``locale`` None is the
    reader's own. Empty words of the title block stay blank, except those that the data itself says.
    """

    scale_h: int | None = None
    scale_v: int | None = None
    paper: Paper = Paper.AUTO
    locale: str | None = None
    is_sheet: bool = True
    title: str = ""
    project: str = ""
    sheet_no: str = ""
    drawn_by: str = ""
    checked_by: str = ""
    drawn_on: date | None = None  # today where empty; the data's own day is the section's ``as_of``
    crs: str = ""  # of the city where empty
    height_datum: str = N_("1985 National Height Datum")

    def checked(self, allowed: tuple[int, ...]) -> "DrawOptions":
        """These options; raises InvalidInput for a scale that is not drawn."""
        errors = [
            {
                "pointer": f"/{name}",
                "detail": _("Scales are 1:{scales}").format(scales=", 1:".join(map(str, allowed))),
            }
            for name in ("scale_h", "scale_v")
            if (value := getattr(self, name)) is not None and value not in allowed
        ]
        if errors:
            raise InvalidInput(errors[0]["detail"], errors=errors)
        return self
