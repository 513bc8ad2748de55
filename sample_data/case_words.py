"""What people write: descriptions of reports, reasons of refusals and returns."""

EVENT_TEXTS = (
    "{address}附近发现{name}，{condition}，请及时处理。",
    "巡查至{address}时发现{name}问题。",
    "{address}路段存在{name}，影响市容和通行。",
    "{address}有{name}现象，{condition}。",
)
COMPONENT_TEXTS = (
    "{address}附近{name}{condition}。",
    "{address}一处{name}出现{condition}，存在隐患。",
    "巡查发现{address}{name}{condition}，请尽快维修。",
)
CALLED_TEXTS = (
    "市民来电反映{address}{name}，{condition}，希望尽快解决。",
    "群众反映：{address}附近有{name}问题。",
)
REASONS = {
    "refuse": ("不属于城市管理受理范围", "与已有案件重复", "现场核实未发现所报问题"),
    "send_back": ("不属于本单位职责范围", "权属单位有误，请重新派遣"),
    "rework": ("现场核查问题未解决", "处置不彻底，请重新处置", "恢复质量不达标"),
    "ask_void": ("重复立案", "当事人已自行整改"),
    "void": ("情况属实，同意作废", "同意作废"),
    "ask_suspension": ("等待专用配件到货", "施工需交警部门配合，待批复", "持续低温，暂不具备施工条件"),
    "ask_extension": ("需连夜组织材料，原时限内难以完成", "涉及地下管线，需与权属单位会商"),
    "say_not_fixed": ("来电人称问题仍然存在", "回访时市民表示未解决"),
    "reopen": ("回访反映问题未解决，重新核查", "问题反复，重新核查"),
}
UNCLEAR = ("立案条件选择有误，请核对", "位置描述不清，请补充核实")  # a dispatcher to the supervision centre
DONE = {"dispose": ("已处置完毕", "已清理", "已修复"), "check": ("现场核查属实，问题已解决",)}


def condition_words(text: str) -> str:
    """One of the alternatives a rule's condition lists: the first short one, or words that always fit."""
    for mark in (";", "；", "，", "("):
        text = text.split(mark)[0]
    first = text.split("/")[0].strip()
    return first if 2 <= len(first) <= 8 and not first.endswith(("内", "上", "的")) else "情况较为明显"
