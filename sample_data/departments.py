"""Departments of the sample city and what each answers for."""

from dataclasses import dataclass
from functools import cache

from gis.standard.tables import CITY_EDITION
from sample_data.divisions import Division, is_rural


@dataclass(frozen=True)
class Department:
    """``id`` counts from 1 in the order of the table."""

    id: int
    code: str
    name_zh: str
    name_en: str
    parent: str | None
    disposes: bool


# code, Chinese, English, parent, disposes of cases
_ROWS = (
    ("CGJ", "东胜区城市管理综合执法局", "Urban Management Bureau", None, False),
    ("CGSZ", "城管局市政管理处", "Municipal Works Office", "CGJ", True),
    ("CGHW", "城管局环境卫生处", "Environmental Sanitation Office", "CGJ", True),
    ("CGYL", "城管局园林绿化处", "Parks and Greening Office", "CGJ", True),
    ("CGZF", "城管局执法大队", "Street Order Enforcement Brigade", "CGJ", True),
    ("CGZM", "城管局照明管理所", "Street Lighting Office", "CGJ", True),
    ("GSGS", "东胜区供水公司", "Water Supply Company", None, True),
    ("PSGS", "东胜区排水公司", "Drainage Company", None, True),
    ("RQGS", "东胜区燃气公司", "Gas Company", None, True),
    ("RLGS", "东胜区热力公司", "Heating Company", None, True),
    ("GDGS", "东胜区供电公司", "Power Supply Company", None, True),
    ("ZGDX", "电信东胜分公司", "Telecom Dongsheng Branch", None, True),
    ("ZGYD", "移动东胜分公司", "Mobile Dongsheng Branch", None, True),
    ("ZGLT", "联通东胜分公司", "Unicom Dongsheng Branch", None, True),
    ("GDWL", "广电网络东胜分公司", "Cable Television Dongsheng Branch", None, True),
    ("JJDD", "交警东胜区大队", "Traffic Police Brigade", None, True),
    ("GAJ", "公安东胜区分局", "Public Security Bureau", None, True),
    ("ZJJ", "东胜区住房和城乡建设局", "Housing and Construction Bureau", None, True),
    ("JTJ", "东胜区交通运输局", "Transport Bureau", None, True),
    ("SLJ", "东胜区水利局", "Water Affairs Bureau", None, True),
    ("RFB", "东胜区人民防空办公室", "Civil Air Defence Office", None, True),
    ("SCJG", "东胜区市场监督管理局", "Market Regulation Bureau", None, True),
)

# What a department answers for in the whole city: majors ("01") and, more particular, classes ("0101").
_COMPONENTS = {
    "CGSZ": "01 02 05 0123 0126 0204 0206 0207 0208 0209 0211 0284 0285 0286",
    "CGHW": "03 0301 0302 0303 0304 0305 0397",
    "CGYL": "04 0114 0152",
    "CGZF": "0306 0307 0308 0140",
    "CGZM": "0106 0137 0138 0139 0178",
    "GSGS": "0101 0125 0193",
    "PSGS": "0102 0103 0104 0118",
    "RQGS": "0111 0149 0157 0504",
    "RLGS": "0110 0192",
    "GDGS": "0105 0128 0129 0130 0154",
    "ZGDX": "0107 0127 0131 0141",
    "ZGYD": "0109",
    "GDWL": "0108",
    "JJDD": "0201 0212 0217 0219 0220 0221 0225 0283",
    "GAJ": "0112 0150 0151",
    "SLJ": "0506 0507 0508 0230",
    "RFB": "0501",
}
_EVENTS = {
    "CGHW": "01 0110 0111 0112 0114 0131 0134 0135 0137 0192 0193 0507",
    "CGZF": "02 04 06 0101 0102 0104 0105 0106 0107 0109 0119 0128 0129 0136",
    "CGSZ": "0103 0113 0505 05 0508",
    "CGYL": "0117 0118 0121 0122 0190 0191",
    "ZJJ": "03",
    "GSGS": "0501",
    "RQGS": "0502",
    "PSGS": "0130 0503 0506",
    "RLGS": "0504",
    "JJDD": "0407 0409",
    "SLJ": "0125 0126 0181 0182",
    "SCJG": "0408 0498",
    "ZGDX": "0108 0180",
}
# In towns the town office keeps its own villages clean and in order.
TOWN_EVENTS = ("01", "02", "06", "0110", "0111", "0112", "0137")


def make_departments(streets: list[Division]) -> list[Department]:
    """City departments, then the office of each street."""
    found = [Department(n, *row) for n, row in enumerate(_ROWS, start=1)]
    for street in streets:
        name = street.name_zh + ("办事处" if street.name_zh.endswith("街道") else "")
        name = name + ("人民政府" if street.name_zh.endswith("镇") else "")
        name = name + ("管理委员会" if street.name_zh.endswith("区") else "")
        code = "JD" + street.code[6:9]
        found.append(Department(len(found) + 1, code, name, f"{street.name_en} Office", None, True))
    return found


@dataclass(frozen=True)
class Responsibility:
    """``street`` indexes the streets of the city; None is the whole city."""

    street: int | None
    kind: str
    class_code: str
    department: str
    edition: str = CITY_EDITION


def make_responsibilities(streets: list[Division]) -> list[Responsibility]:
    """Every class of the city's edition resolves: by itself or by its major."""
    rows = [
        Responsibility(None, kind, code, department)
        for kind, table in (("component", _COMPONENTS), ("event", _EVENTS))
        for department, codes in table.items()
        for code in codes.split()
    ]
    for index, street in enumerate(streets):
        office = "JD" + street.code[6:9]
        codes = TOWN_EVENTS if is_rural(street.code) else ("0604",)
        rows += [Responsibility(index, "event", code, office) for code in codes]
    return rows


@cache
def _by_class() -> dict[tuple[str, str], str]:
    return {
        (kind, code): department
        for kind, table in (("component", _COMPONENTS), ("event", _EVENTS))
        for department, codes in table.items()
        for code in codes.split()
    }


def responsible(kind: str, class_code: str) -> str:
    """The department that answers for a class in the whole city: by the class itself, else by its major."""
    table = _by_class()
    return table.get((kind, class_code)) or table[kind, class_code[:2]]


def responsible_in(street: Division, kind: str, class_code: str) -> str:
    """The same in one street, as the rows resolve: a class before a major, then a street before the city."""
    own = kind == "event" and is_rural(street.code)
    office = "JD" + street.code[6:9]
    if own and class_code in TOWN_EVENTS:
        return office
    if own and (kind, class_code) not in _by_class() and class_code[:2] in TOWN_EVENTS:
        return office
    return responsible(kind, class_code)
