"""Charts and the map of a report: vector for PDF, pixels for DOCX, with words in a Chinese face.

Drawn on paper only, so colours are fixed: dark enough for a copy in grey, and told apart by those who see
no red and green. Figures are not shared with pyplot, which keeps them and is not safe between threads.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from gis.evaluation.report.blocks import AreaMap, Chart, Section
from gis.evaluation.report.telling import NO_CASES
from gis.i18n import _
from layers.report.area_map import draw_map
from layers.section.paper import chinese_face

WIDTH_IN = 6.3  # of a page's text
INKS = ("#1f5a98", "#c2701c", "#4b8b3b")
DPI = 200
_STYLE: dict[Any, Any] = {
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#6b7780",
    "axes.labelcolor": "#2b353b",
    "xtick.color": "#2b353b",
    "ytick.color": "#2b353b",
    "grid.color": "#d8dde1",
    "axes.axisbelow": True,
    "axes.unicode_minus": False,  # the Chinese face has the hyphen, not always the minus
    # Words stay outlines of the face in SVG: it looks the same wherever the page is made.
    "svg.fonttype": "path",
    "svg.hashsalt": "citygrid",
}


@dataclass(frozen=True)
class Picture:
    """One picture in both forms; ``ratio``: height over width."""

    svg: str
    png: bytes
    ratio: float


def picture(block: Chart | AreaMap) -> Picture:
    """Draw a chart or a map."""
    draw, height = _plan(block)
    with rc_context({**_STYLE, "font.family": [chinese_face(), "sans-serif"]}):
        figure = Figure(figsize=(WIDTH_IN, height), layout="constrained")
        draw(figure.add_subplot())
        vector, pixels = io.StringIO(), io.BytesIO()
        figure.savefig(vector, format="svg", metadata={"Date": None})
        figure.savefig(pixels, format="png", dpi=DPI, metadata={"Software": None})
    return Picture(vector.getvalue(), pixels.getvalue(), height / WIDTH_IN)


def _plan(block: Chart | AreaMap) -> tuple[Callable[[Axes], None], float]:
    if isinstance(block, AreaMap):
        return lambda axes: draw_map(axes, block), 3.8
    if block.kind == "bars":
        return lambda axes: _bars(axes, block), 0.5 + 0.25 * len(block.labels)
    return lambda axes: _lines(axes, block), 2.6


def _bars(axes: Axes, chart: Chart) -> None:
    """Lying bars, each with its value at its end."""
    values = [value or 0.0 for value in chart.series[0].values]
    places = range(len(values))
    axes.barh(places, values, height=0.62, color=INKS[0])
    axes.set_yticks(list(places), chart.labels)
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    most = 1.0 if chart.unit == "ratio" else max(values, default=0) or 1.0
    axes.set_xlim(0, most * 1.12)
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    for place, value in zip(places, chart.series[0].values, strict=True):
        words = _(NO_CASES) if value is None else _number(value, chart.unit)
        axes.text((value or 0.0) + most * 0.01, place, words, va="center")


def _lines(axes: Axes, chart: Chart) -> None:
    """Lines over time; told apart by their marks as well as by colour."""
    for series, colour, mark in zip(chart.series, INKS, ("o", "s", "^"), strict=False):
        values = [float("nan") if value is None else value for value in series.values]
        look: dict[str, Any] = {"color": colour, "marker": mark, "markersize": 3, "linewidth": 1.4}
        axes.plot(chart.labels, values, label=series.name, **look)
    axes.grid(axis="y")
    axes.set_ylim(bottom=0)
    axes.margins(x=0.02)
    axes.yaxis.set_major_locator(MaxNLocator(integer=chart.unit == "cases", nbins=6))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _place: _number(value, chart.unit)))
    step = -(-len(chart.labels) // 16)
    axes.set_xticks(range(0, len(chart.labels), step), chart.labels[::step])
    axes.legend(
        frameon=False, ncols=len(chart.series), loc="lower right", bbox_to_anchor=(1, 1), borderaxespad=0
    )


def _number(value: float, unit: str) -> str:
    return f"{100 * value:.1f}%" if unit == "ratio" else f"{value:,.0f}"


def draw(sections: Sequence[Section]) -> dict[str, Picture]:
    """All pictures of a report, by caption; captions are numbered and so never the same."""
    found: dict[str, Picture] = {}
    for section in sections:
        for block in section.blocks:
            if isinstance(block, Chart | AreaMap):
                found[block.caption] = picture(block)
        found |= draw(section.parts)
    return found
