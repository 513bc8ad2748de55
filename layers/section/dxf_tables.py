"""Layers, line types and the text style of a section's DXF."""

from ezdxf.colors import DXF_DEFAULT_COLORS, int2rgb
from ezdxf.document import Drawing as Document
from ezdxf.lldxf.const import VALID_DXF_LINEWEIGHTS

from gis.standard.errors import UnknownCode
from gis.standard.tables import pipe_main_class
from layers.section.scene import Ink, Layer

STYLE = "HZ"
FONT = "simhei.ttf"  # every Chinese Windows has it; other readers put their own in its place

# What the drawing offices of the trade read; the names do not follow the reader's language.
LAYERS: dict[Layer, str] = {
    Layer.GRID: "DM-标高网格",
    Layer.GROUND: "DM-地面线",
    Layer.SURROUNDING: "DM-地物",
    Layer.LEADER: "DM-引线",
    Layer.WELL: "DM-井",
    Layer.PIPE: "DM-管线",
    Layer.CROSSING: "DM-管线",
    Layer.FINDING: "DM-检查问题",
    Layer.LABEL: "DM-标注",
    Layer.TABLE: "DM-表格",
    Layer.SHEET: "DM-图签",
}
ACI: dict[str, int] = {
    Ink.STRONG: 7,
    Ink.QUIET: 8,
    Ink.FAINT: 9,
    Ink.GROUND: 34,
    Ink.PAPER: 7,
    Ink.ERROR: 1,
    Ink.WARNING: 30,
    Ink.NOTE: 150,
}
COLOURS = {Layer.GRID: 8, Layer.GROUND: 34, Layer.LEADER: 8, Layer.FINDING: 1}


class Tables:
    """Of one document; what is asked for and not there yet is made."""

    def __init__(self, document: Document) -> None:
        self.document = document
        style = document.styles.add(STYLE, font=FONT)
        style.set_extended_font_data("SimHei")
        for layer, name in LAYERS.items():
            if name not in document.layers:
                document.layers.add(name, color=COLOURS.get(layer, 7))

    def class_layer(self, class_code: str) -> str:
        """The layer of a class, ``JS-给水``, in its colour: true colour, and the nearest of the index."""
        try:
            kind = pipe_main_class(class_code)
        except UnknownCode:
            return LAYERS[Layer.PIPE]
        name = f"{kind.class_code}-{kind.name_zh}"
        if name not in self.document.layers:
            layer = self.document.layers.add(name, color=nearest_index(kind.rgb_hex))
            layer.rgb = rgb(kind.rgb_hex)
        return name

    def linetype(self, dash: tuple[float, ...], metre_per_mm: float) -> str:
        """A line type with these dashes, millimetres on the sheet that the words are for."""
        name = "DM-" + "-".join(f"{step * metre_per_mm * 1000:.0f}" for step in dash)
        if name not in self.document.linetypes:
            steps = [step * metre_per_mm for step in dash]
            pattern = [sum(steps), *(-step if place % 2 else step for place, step in enumerate(steps))]
            self.document.linetypes.add(name, pattern, description=name)
        return name


def nearest_index(rgb_hex: str) -> int:
    """The entry of AutoCAD's colour index nearest to a colour."""
    wanted = rgb(rgb_hex)

    def distance(index: int) -> int:
        return sum((a - b) ** 2 for a, b in zip(wanted, int2rgb(DXF_DEFAULT_COLORS[index]), strict=True))

    return min(range(1, 256), key=distance)


def nearest_weight(width_mm: float) -> int:
    """The nearest of the line weights that DXF knows, hundredths of a millimetre."""
    return min((one for one in VALID_DXF_LINEWEIGHTS if one >= 0), key=lambda one: abs(one - width_mm * 100))


def rgb(rgb_hex: str) -> tuple[int, int, int]:
    """Red, green and blue of ``#rrggbb``, 0 to 255."""
    return int(rgb_hex[1:3], 16), int(rgb_hex[3:5], 16), int(rgb_hex[5:7], 16)
