"""A choropleth map of areas for paper: classes of one colour from light to dark, no cases hatched."""

from collections.abc import Iterator

import numpy as np
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path
from shapely import Polygon
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from gis.evaluation.report.blocks import AreaMap, MapArea
from gis.i18n import _

# Least value of each class, the worst first and darkest: it is what one looks for.
CLASSES = ((0.0, "#b2182b"), (0.6, "#e58267"), (0.75, "#f6d3bd"), (0.9, "#c6dbef"), (0.95, "#6baed6"))
PAPER, LINE = "#f4f5f6", "#5b666d"
MOST_NAMES = 40  # more would lie on each other


def draw_map(axes: Axes, drawn: AreaMap) -> None:
    """Areas in the city's CRS, filled by class, each with its name and value; scale bar and legend."""
    for area in drawn.areas:
        for patch in _patches(area):
            axes.add_patch(patch)
    if len(drawn.areas) <= MOST_NAMES:
        for area in drawn.areas:
            _name(axes, area, drawn.no_cases)
    axes.set_aspect("equal")
    axes.autoscale_view()
    axes.margins(0.02)
    axes.set_axis_off()
    _scale_bar(axes, drawn.areas)
    axes.legend(
        handles=list(_keys(drawn)),
        title=drawn.title,
        loc="center left",
        bbox_to_anchor=(1.0, 0.5),
        frameon=False,
    )


def class_of(value: float) -> int:
    """The class of a ratio: the last whose least value it reaches."""
    return max(place for place, (least, _colour) in enumerate(CLASSES) if value >= least)


def _patches(area: MapArea) -> Iterator[PathPatch]:
    look = {"edgecolor": LINE, "linewidth": 0.6}
    if area.value is None:
        look |= {"facecolor": PAPER, "hatch": "////"}
    else:
        look |= {"facecolor": CLASSES[class_of(area.value)][1]}
    for polygon in _polygons(area.shape):
        yield PathPatch(_path(polygon), **look)


def _polygons(shape: BaseGeometry) -> Iterator[Polygon]:
    for part in getattr(shape, "geoms", (shape,)):
        if isinstance(part, Polygon) and not part.is_empty:
            # Holes run against the outer ring, so that they stay empty.
            yield orient(part)


def _path(polygon: Polygon) -> Path:
    return Path.make_compound_path(
        *(
            Path(np.asarray(ring.coords)[:, :2], closed=True)
            for ring in (polygon.exterior, *polygon.interiors)
        )
    )


def _name(axes: Axes, area: MapArea, no_cases: str) -> None:
    place = area.shape.representative_point()
    value = no_cases if area.value is None else f"{100 * area.value:.1f}%{'*' if area.is_small else ''}"
    halo = [patheffects.withStroke(linewidth=2, foreground="white")]
    axes.text(
        place.x, place.y, f"{area.name}\n{value}", ha="center", va="center", fontsize=6.5, path_effects=halo
    )  # fmt: skip


def _scale_bar(axes: Axes, areas: tuple[MapArea, ...]) -> None:
    """A bar of a round length, about a fifth of the map's width, below the map."""
    west, south, east, north = _bounds(areas)
    length = _round_length((east - west) / 5)
    y = south - 0.04 * (north - south)
    axes.plot([west, west + length], [y, y], color=LINE, linewidth=2, solid_capstyle="butt")
    words = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    axes.text(west + length, y, f" {words}", va="center", ha="left", fontsize=7)


def _bounds(areas: tuple[MapArea, ...]) -> tuple[float, float, float, float]:
    boxes = np.array([area.shape.bounds for area in areas])
    (west, south), (east, north) = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    return float(west), float(south), float(east), float(north)


def _round_length(wanted: float) -> float:
    """The largest 1, 2 or 5 times a power of ten that is no more than wanted, metres."""
    power = 10 ** np.floor(np.log10(wanted))
    return float(max(step * power for step in (1, 2, 5) if step * power <= wanted))


def _keys(drawn: AreaMap) -> Iterator[Patch]:
    """The legend: the classes from the best down, and what has no cases where there is such an area."""
    ends = [least for least, _colour in CLASSES[1:]] + [None]
    for (least, colour), end in reversed(list(zip(CLASSES, ends, strict=True))):
        if end is None:
            words = _("{least:.0%} and more").format(least=least)
        else:
            words = _("{least:.0%} to under {end:.0%}").format(least=least, end=end)
        yield Patch(facecolor=colour, edgecolor=LINE, linewidth=0.6, label=words)
    if any(area.value is None for area in drawn.areas):
        yield Patch(facecolor=PAPER, edgecolor=LINE, linewidth=0.6, hatch="////", label=drawn.no_cases)
