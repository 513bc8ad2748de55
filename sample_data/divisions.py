"""The real division codes and names of Dongsheng (facts), read from ``divisions.csv``.

Codes have 6 digits for the district, 9 for a street or town, 12 for a community or village. ``plan_x`` and
``plan_y`` say where a street lies on the invented plan, 0 to 1 eastward and northward.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sample_data.sizes import Size

FILE = Path(__file__).with_name("divisions.csv")
NOTE = "示意"  # the outlines are invented, and every area says so


@dataclass(frozen=True)
class Division:
    code: str
    level: str
    name_zh: str
    name_en: str
    plan_x: float
    plan_y: float


@cache
def divisions() -> tuple[Division, ...]:
    """All divisions, in the order of their codes."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = [
            Division(
                row["code"],
                row["level"],
                row["name_zh"],
                row["name_en"],
                float(row["plan_x"] or 0),
                float(row["plan_y"] or 0),
            )
            for row in csv.DictReader(file)
        ]
    return tuple(sorted(rows, key=lambda row: row.code))


def district() -> Division:
    return next(row for row in divisions() if row.level == "district")


def streets_of(size: Size) -> list[tuple[Division, list[Division]]]:
    """The streets a city of this size has, each with its communities."""
    found = []
    for street in divisions():
        if street.level != "street" or (size.streets and street.code not in size.streets):
            continue
        inner = [row for row in divisions() if row.level == "community" and row.code.startswith(street.code)]
        found.append((street, inner[: size.communities_per_street or None]))
    return found


def is_rural(code: str) -> bool:
    """Towns around the city (街道 codes from 100): villages, no surveyed pipes."""
    return "100" <= code[6:9] < "400"
