"""What each kind of input consists of: its fields, how a cell is read, what files call them."""

from dataclasses import dataclass

from gis.errors import InvalidInput
from gis.exchange import values
from gis.exchange.values import Reader
from gis.i18n import _


@dataclass(frozen=True)
class Field:
    """A field; ``aliases`` are names of columns that mean it. ``needed``: a row without it is refused."""

    name: str
    read: Reader
    aliases: tuple[str, ...] = ()
    needed: bool = False


_PLACE = (
    Field("lon", values.number, ("longitude", "经度")),
    Field("lat", values.number, ("latitude", "纬度")),
)
_NOTE = Field("note", values.text(4000), ("remark", "备注"))

# fmt: off
FIELDS: dict[str, tuple[Field, ...]] = {
    "areas": (
        Field("number", values.code, ("code", "adcode", "代码", "区划代码"), needed=True),
        Field("name_zh", values.text(200), ("name", "名称"), needed=True),
        Field("name_en", values.text(200), ("英文名称",)),
        Field("population", values.whole, ("人口",)),
        _NOTE,
    ),
    "grids": (
        Field("number", values.code, ("code", "bgcode", "网格编码", "单元网格编码"), needed=True),
        Field("name", values.text(200), ("名称",)),
        Field("land_use", values.text(200), ("用地性质",)),
        _NOTE,
    ),
    "components": (
        Field("number", values.code, ("code", "objcode", "部件编码", "部件标识码"), needed=True),
        Field("name", values.text(200), ("objname", "名称", "部件名称")),
        Field("state", values.component_state, ("objstate", "状态")),
        Field("grid", values.code, ("bgcode", "unit_grid", "网格编码", "单元网格编码")),
        *_PLACE,
        _NOTE,
    ),
    "places": (
        Field("number", values.code, ("code", "地点编码", "地名编码", "编码"), needed=True),
        Field("name_zh", values.text(200), ("name", "名称", "标准名称", "地名"), needed=True),
        Field("name_en", values.text(200), ("英文名称",)),
        Field("aliases", values.text(1000), ("alias", "别名")),
        Field("type_code", values.place_type, ("type", "地点类型", "类型")),
        Field("address", values.text(200), ("地址",)),
        Field("road", values.text(200), ("街路巷", "所在道路")),
        Field("door_no", values.text(32), ("门牌号",)),
        Field("source", values.text(200), ("来源",)),
        *_PLACE,
        _NOTE,
    ),
    "pipelines": (
        Field("number", values.text(48), ("segment_no", "point_no", "管线编号", "管点编号"), needed=True),
        Field("kind", values.text(64), ("管线种类",)),
        Field("part", values.text(64)),
        Field("class_code", values.text(16), ("管类", "管线大类")),
        Field("sub_code", values.text(16), ("管线小类",)),
        Field("feature", values.text(32), ("特征",)),
        Field("appendage", values.text(32), ("附属物",)),
        Field("ground_level", values.number, ("地面高程",)),
        Field("well_depth_m", values.number, ("井深",)),
        Field("start_depth_m", values.number, ("起点埋深",)),
        Field("end_depth_m", values.number, ("终点埋深",)),
        Field("start_level", values.number, ("起点高程",)),
        Field("end_level", values.number, ("终点高程",)),
        Field("size", values.text(20), ("管径", "断面尺寸")),
        Field("width_mm", values.size_mm, ("diameter_mm",)),
        Field("height_mm", values.size_mm),
        Field("material", values.material, ("材质",)),
        Field("laying", values.laying, ("埋设方式",)),
        Field("pressure_mpa", values.positive, ("压力",)),
        Field("voltage_kv", values.positive, ("电压",)),
        Field("cable_count", values.whole, ("电缆条数",)),
        Field("total_holes", values.whole, ("总孔数",)),
        Field("used_holes", values.whole, ("已用孔数",)),
        Field("flow_direction", values.flow, ("流向",)),
        Field("year_laid", values.year, ("year", "建设年代", "埋设年代")),
        Field("usage_status", values.usage_status, ("使用状态",)),
        Field("road_name", values.text(200), ("所在道路",)),
        Field("surveyed_on", values.day, ("探测日期",)),
        *_PLACE,
        _NOTE,
    ),
    "cases": (
        Field("number", values.text(64), ("external_id", "案件编号"), needed=True),
        Field("reported_at", values.moment, ("上报时间",), needed=True),
        Field("due_at", values.moment, ("处置时限",)),
        Field("closed_at", values.moment, ("结案时间",)),
        Field("description", values.text(4000), ("问题描述",)),
        Field("kind", values.text(64), ("类型",)),
        Field("class_code", values.code, ("小类代码",)),
        Field("class_name", values.text(200), ("小类名称",)),
        Field("department", values.text(64), ("处置部门",)),
        Field("address", values.text(1000), ("位置描述",)),
        Field("closing_note", values.text(4000)),
        *_PLACE,
    ),
}
# fmt: on


def parse_mapping(subject: str, pairs: list[str]) -> dict[str, str]:
    """Read ``column=field`` pairs of the command line; returns ``{field: column}``.

    Raises
    ------
    InvalidInput
        A pair has no ``=``, or names no field of this kind of input; the message lists them.
    """
    known = [field.name for field in FIELDS[subject]]
    mapping = {}
    for pair in pairs:
        column, equals, name = pair.rpartition("=")
        if not equals or name not in known or not column:
            raise InvalidInput(
                _("{pair} is not column=field; the fields are: {known}").format(
                    pair=pair, known=", ".join(known)
                )
            )
        mapping[name] = column
    return mapping


Columns = dict[str, list[str]]


def match_columns(subject: str, columns: list[str], given: dict[str, str]) -> Columns:
    """Which columns of a file bring which field, ``{field: [column, …]}``: as given, else by name and alias.

    Case and white space around a name do not count. More than one column may bring a field, where a file
    mixes lines and points: the first that is filled counts, row by row.
    """
    plain = {column.strip().casefold(): column for column in reversed(columns)}
    found: Columns = {}
    for field in FIELDS[subject]:
        if given.get(field.name) in columns:
            found[field.name] = [given[field.name]]
            continue
        names = [name.casefold() for name in (field.name, *field.aliases)]
        if present := [plain[name] for name in names if name in plain]:
            found[field.name] = present
    return found
