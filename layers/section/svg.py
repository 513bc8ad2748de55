"""A scene as SVG, put together as text: fast, and each shape keeps its layer as a class.

Colours are presentation attributes, which any stylesheet overrules: a page can draw the same sheet on dark
ground. There is no script, no style and no handler inside, so that it passes every content policy.
"""

import json
from collections.abc import Iterator
from html import escape
from itertools import groupby

from gis.i18n import _, in_locale
from layers.section.scene import Ellipse, Ink, Layer, Line, Pen, Scene, Shape, Target, Text, on_paper
from layers.section.words import clean

FACE = (
    "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','WenQuanYi Micro Hei',sans-serif"
)
HOMES = (Layer.PIPE, Layer.CROSSING, Layer.WELL, Layer.FINDING)
_INKS = frozenset(Ink)


def render(scene: Scene, interactive: bool = False) -> str:
    """The sheet as one ``<svg>``.

    Parameters
    ----------
    scene : what is drawn
    interactive : for a page, with web/static/section/section.js: targets can be focused and say what they
        are, the root carries the frame (``data-x0``, ``data-y0`` mm; ``data-station`` and ``data-level`` m
        there; ``data-mm-per-m-x`` and ``-y``), and the size is the page's to choose. Otherwise the size is
        that of the paper in true millimetres.
    """
    return "".join(_parts(scene, interactive))


def _parts(scene: Scene, interactive: bool) -> Iterator[str]:
    frame = scene.frame
    size = f'viewBox="0 0 {_n(scene.width)} {_n(scene.height)}"'
    plot = scene.plot
    sides = " ".join(map(_n, (plot.left, plot.top, plot.right, plot.bottom)))
    if interactive:
        size += (
            f' class="section-drawing" role="group" aria-label="{_words(scene.title)}"'
            f' data-x0="{_n(frame.origin[0])}" data-y0="{_n(frame.origin[1])}" data-plot="{sides}"'
            f' data-words="{_words(json.dumps(_measured_words(scene), ensure_ascii=False))}"'
            f' data-station="{frame.station_m:.3f}" data-level="{frame.level:.3f}"'
            f' data-mm-per-m-x="{1000 / frame.scale_h:g}" data-mm-per-m-y="{1000 / frame.scale_v:g}"'
        )
    else:
        size += f' width="{_n(scene.width)}mm" height="{_n(scene.height)}mm"'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" {size} lang="{scene.language}" font-family="{FACE}">'
    yield f"<title>{_words(scene.title)}</title>"
    yield f'<rect class="sheet-paper" width="{_n(scene.width)}" height="{_n(scene.height)}" fill="#ffffff"/>'
    homes = _homes(scene)
    for layer, in_layer in groupby(scene.ordered(), key=lambda shape: shape.layer):
        yield f'<g class="layer-{layer}">'
        for name, shapes in groupby(in_layer, key=lambda shape: shape.target):
            if name is None:
                yield from map(_shape, shapes)
            elif homes.get(name) is layer:
                del homes[name]
                yield _open(name, scene.targets[name], interactive)
                yield from map(_shape, shapes)
                yield "</g>"
            else:
                # Labels and cells of the table follow their target's state by its name.
                mark = f' class="target" data-target="{_words(name)}"' if interactive else ""
                for shape in shapes:
                    yield _shape(shape, mark)
        yield "</g>"
    yield "</svg>"


def _homes(scene: Scene) -> dict[str, Layer]:
    """In which layer each target takes the focus: where the thing itself is drawn, not what leads to it."""
    homes: dict[str, Layer] = {}
    for shape in scene.shapes:
        if shape.target and _rank(shape.layer) < _rank(homes.get(shape.target)):
            homes[shape.target] = shape.layer
    return homes


def _rank(layer: Layer | None) -> int:
    return HOMES.index(layer) if layer in HOMES else len(HOMES) + (layer is None)


def _measured_words(scene: Scene) -> dict[str, str]:
    """What the measure says, in the language of the drawing."""
    with in_locale("en" if scene.language == "en" else "zh_CN"):
        return {
            "horizontal": _("Across"),
            "vertical": _("Up"),
            "distance": _("Straight"),
            "clear": _("Clear distance"),
        }


def _open(name: str, target: Target, interactive: bool) -> str:
    """The group of a target that takes the focus and carries what is told of it."""
    title = f"<title>{_words(chr(10).join((target.title, *target.lines)), keep=True)}</title>"
    if not interactive:
        return f"<g>{title}"
    data = "".join(f' data-{key}="{_words(value)}"' for key, value in target.data.items())
    said = _words(", ".join((target.title, *target.lines)))
    lines = _words("\n".join(target.lines), keep=True).replace("\n", "&#10;")
    return (
        f'<g class="target target-{target.kind}" data-target="{_words(name)}"'
        f' tabindex="-1" role="button" aria-label="{said}"{data}'
        f' data-title="{_words(target.title)}" data-lines="{lines}">{title}'
    )


def _shape(shape: Shape, mark: str = "") -> str:
    if isinstance(shape, Text):
        return _text(shape, mark)
    look = mark + _pen(shape.pen) + _colour("fill", shape.fill)
    if isinstance(shape, Ellipse):
        (x, y), rx, ry = shape.centre, shape.rx, shape.ry
        return f'<ellipse cx="{_n(x)}" cy="{_n(y)}" rx="{_n(rx)}" ry="{_n(ry)}"{look}/>'
    return f'<path d="{_path(shape)}"{look}/>'


def _path(line: Line) -> str:
    end = "Z" if line.closed else ""
    return "".join("M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in run) + end for run in line.runs)


def _text(text: Text, mark: str) -> str:
    x, y = text.at
    turn = f' transform="rotate({_n(-text.turn)} {_n(x)} {_n(y)})"' if text.turn else ""
    anchor = "" if text.anchor == "start" else f' text-anchor="{text.anchor}"'
    bold = ' font-weight="700"' if text.bold else ""
    return (
        f'<text{mark} x="{_n(x)}" y="{_n(y)}" font-size="{_n(text.size)}"{anchor}{bold}{turn}'
        f"{_colour('fill', text.colour)}>{_words(text.words)}</text>"
    )


def _pen(pen: Pen | None) -> str:
    if pen is None:
        return ""
    dash = f' stroke-dasharray="{" ".join(map(_n, pen.dash))}"' if pen.dash else ""
    return f'{_colour("stroke", pen.colour)} stroke-width="{_n(pen.width)}"{dash}'


def _colour(what: str, colour: str | None) -> str:
    """The attribute, and for an ink the class by which a page gives it another colour."""
    if colour is None:
        return ' fill="none"' if what == "fill" else ""
    # A shape may have an ink for its stroke and one for its fill: one attribute each, no class twice.
    name = f' data-{what}="{colour}"' if colour in _INKS else ""
    return f'{name} {what}="{on_paper(colour)}"'


def _n(value: float) -> str:
    return f"{value:.6g}"


def _words(words: str, keep: bool = False) -> str:
    """Escaped, without what XML cannot hold; ``keep`` keeps the line breaks."""
    return escape("\n".join(map(clean, words.split("\n"))) if keep else clean(words))
