"""The score cards a city begins with, as the notes on GB/T 30428.4 have them (a city system's pages; the text of
the standard was not available). Each says where it comes from and how far it may be trusted."""

from dataclasses import dataclass

from gis.evaluation.cards import Band, Card, Part
from gis.i18n import N_

PER_GRID = (Band(0, 100), Band(2, 90), Band(4, 75), Band(6, 60), Band(8, 40), Band(None, 0))
PER_DEPARTMENT = (Band(50, 100), Band(100, 90), Band(200, 75), Band(500, 60), Band(1000, 40), Band(None, 0))
PER_POST = (Band(100, 0), Band(300, 40), Band(500, 60), Band(1200, 75), Band(2000, 90), Band(None, 100))


@dataclass(frozen=True)
class DefaultCard:
    code: str
    name_zh: str
    name_en: str
    card: Card
    source: str
    status: str


def _region(kind: str) -> Card:
    # The source prints 10 % for in-time closing, which makes 70 %; 40 % is inferred, so that they make 100.
    return Card(kind, (
        Part("public_report", 10, "inverse"),
        Part("filed", 20, "band", PER_GRID),
        Part("closing", 30),
        Part("closing_in_time", 40),
    ))  # fmt: skip


# fmt: off
DEFAULT_CARDS: tuple[DefaultCard, ...] = (
    DefaultCard("district", "区域评分卡", "Districts", _region("district"), "UM", "inferred"),
    DefaultCard("street", "街道评分卡", "Streets", _region("street"), "UM", "inferred"),
    DefaultCard("community", "社区评分卡", "Communities", _region("community"), "UM", "inferred"),
    DefaultCard("unit_grid", "单元网格评分卡", "Unit grids", _region("unit_grid"), "UM", "inferred"),
    DefaultCard("department", "专业部门评分卡", "Departments", Card("department", (
        Part("filed", 10, "band", PER_DEPARTMENT), Part("closing", 30), Part("on_time_disposal", 30),
        Part("rework", 30, "inverse"))), "UM", "verified_local"),
    DefaultCard("department_jn", "专业部门评分卡（金牛区办法）", "Departments (Jinniu's way)", Card("department", (
        Part("disposal", 30), Part("on_time_disposal", 20), Part("rework", 20, "inverse"),
        Part("overdue_pending", 20, "inverse"), Part("extension", 10, "inverse"))), "JN", "verified_local"),
    DefaultCard("collector", "监督员评分卡", "Collectors", Card("collector", (
        Part("valid_report_of_post", 40), Part("missed_report", 20, "inverse"), Part("verify_in_time_of_post", 20),
        Part("check_in_time_of_post", 20))), "UM", "verified_local"),
    DefaultCard("acceptor", "受理员评分卡", "Acceptors", Card("acceptor", (
        Part("accepted", 25, "band", PER_POST), Part("verify_sent_in_time", 40), Part("check_sent_in_time", 35))),
        "UM", "verified_local"),
    DefaultCard("shift_leader", "值班长评分卡", "Shift leaders", Card("shift_leader", (
        Part("filing_in_time_of_post", 25), Part("accurate_filing_of_post", 40),
        Part("closing_in_time_of_post", 35))), "UM", "verified_local"),
    DefaultCard("dispatcher", "派遣员评分卡", "Dispatchers", Card("dispatcher", (
        Part("dispatched", 20, "band", PER_POST), Part("dispatch_in_time_of_post", 40),
        Part("accurate_dispatch_of_post", 40))), "UM", "verified_local"),
)
# fmt: on
CAVEAT = N_(
    "The count of filed cases is scored by the bands of a unit grid; a city sets bands of its own for larger areas."
)
