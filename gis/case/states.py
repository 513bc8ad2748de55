"""The states a case can be in, and which of them end it."""

from enum import StrEnum


class CaseState(StrEnum):
    """案件状态: named for what has happened last."""

    REPORTED = "reported"  # 待受理
    SELF_DISPOSED = "self_disposed"  # 自处置待审核
    VERIFYING = "verifying"  # 核实中
    VERIFIED = "verified"  # 待立案
    FILED = "filed"  # 待派遣
    DISPATCHED = "dispatched"  # 待签收
    ACCEPTED = "accepted"  # 处置中
    SUSPENDED = "suspended"  # 挂账
    DISPOSED = "disposed"  # 待反馈
    FED_BACK = "fed_back"  # 待核查
    CHECKING = "checking"  # 核查中
    CHECKED = "checked"  # 待结案
    CLOSED = "closed"  # 已结案
    ARCHIVED = "archived"  # 自处置归档
    REFUSED = "refused"  # 不予受理
    MERGED = "merged"  # 已并案
    VOID = "void"  # 作废


ENDED = frozenset({CaseState.CLOSED, CaseState.ARCHIVED, CaseState.REFUSED, CaseState.MERGED, CaseState.VOID})
OPEN = tuple(state for state in CaseState if state not in ENDED)
WITH_DEPARTMENT = (CaseState.DISPATCHED, CaseState.ACCEPTED, CaseState.SUSPENDED, CaseState.DISPOSED)
