"""Checks of what lines are made of, and the table of materials by class and year."""

from dataclasses import dataclass

from gis.i18n import N_
from gis.pipeline.checks.check import Check, Limit, Severity, Subject

ERROR, WARNING = Severity.ERROR, Severity.WARNING
LINE = Subject.LINE

# fmt: off
ATTRIBUTES: tuple[Check, ...] = (
    Check("size_missing", WARNING, LINE, N_("Size missing"), N_("The size is not known"),
          N_("Sections, clearances and volumes need it. Measure it in the nearest well. Cables laid directly in the "
             "soil have none.")),
    Check("holes_over", ERROR, LINE, N_("More holes used than there are"), N_("{value} holes used of {limit}"),
          N_("Used holes are counted among all holes of a duct bank. Count again at the manhole."), digits=0),
    Check("material_unfit", WARNING, LINE, N_("Material that the class does not use"),
          N_("{material} in {class}{doubt}"),
          N_("Lines of this class are not made of this. The class or the material was mistaken.")),
    Check("material_year", WARNING, LINE, N_("Material and year do not fit"),
          N_("{material} in {class}, laid in {value}; {bound} about {limit}{doubt}"),
          N_("The material was not in use yet, or no longer, when the line is said to have been laid. One of the two "
             "is wrong."), digits=0, limit_is_data=True),
    Check("year_impossible", ERROR, LINE, N_("Impossible year"), N_("Laid in {value}; it is {limit} now"),
          N_("A line cannot be laid in a year to come, nor be older than piped supply."), digits=0,
          limit=Limit(1860, N_("first piped supplies in China followed in the 1860s and 1870s"))),
)
# fmt: on


@dataclass(frozen=True)
class MaterialRule:
    """When a class of lines was built of a material; neither year: never. ``status`` as in trust_level."""

    class_code: str
    material: str
    first_year: int | None
    last_year: int | None
    source: str
    status: str = "ours"


_GUESS = "general history of pipe materials in China; to be corrected for the city"
_NEVER = "not a material for this service"
MATERIAL_RULES: tuple[MaterialRule, ...] = (
    MaterialRule(
        "RQ", "PE", 1982, None, "trials of PE gas pipe in China began in the early 1980s", "unverified"
    ),
    MaterialRule("JS", "PE", 1985, None, _GUESS),
    MaterialRule("JS", "PVC", 1970, None, _GUESS),
    MaterialRule("PS", "PE", 1990, None, _GUESS),
    MaterialRule("PS", "PVC", 1975, None, _GUESS),
    MaterialRule("PS", "BLG", 1980, None, _GUESS),
    MaterialRule("JS", "BLG", 1985, None, _GUESS),
    MaterialRule("JS", "QM", 1985, None, _GUESS),
    MaterialRule("RQ", "QM", 1985, None, _GUESS),
    MaterialRule("TX", "PVC", 1975, None, _GUESS),
    MaterialRule("TX", "GX", 1978, None, _GUESS),
    # Grey cast iron; ductile iron has a code of its own.
    MaterialRule("JS", "ZT", None, 2005, _GUESS),
    MaterialRule("RQ", "ZT", None, 2000, _GUESS),
    MaterialRule("JS", "SM", None, 2005, _GUESS),
    *(MaterialRule("RQ", code, None, None, _NEVER) for code in ("T", "ZS", "Z", "S", "SM", "TC", "GX", "VL")),
    *(
        MaterialRule("RL", code, None, None, _NEVER)
        for code in ("T", "ZS", "Z", "S", "SM", "TC", "GX", "VL", "PVC")
    ),
    *(MaterialRule("JS", code, None, None, _NEVER) for code in ("TC", "GX", "VL")),
    *(MaterialRule("PS", code, None, None, _NEVER) for code in ("TZ", "GX", "VL")),
    *(MaterialRule("DL", code, None, None, _NEVER) for code in ("GX",)),
)
