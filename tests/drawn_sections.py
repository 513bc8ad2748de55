"""Reading drawings back: what stands on a scene, and what a file of it says."""

from typing import Any
from xml.etree import ElementTree

import shapely

from layers.section.labels import box_of
from layers.section.scene import Ellipse, Layer, Line, Scene, Shape, Text

SVG = "{http://www.w3.org/2000/svg}"


def parsed(drawing: str) -> ElementTree.Element:
    """The elements of an SVG of our own."""
    return ElementTree.fromstring(drawing)  # noqa: S314


def words_of(scene: Scene, layer: Layer | None = None) -> list[str]:
    """All words on a sheet, or those of a layer."""
    return [one.words for one in scene.shapes if isinstance(one, Text) and layer in (None, one.layer)]


def target_of(scene: Scene, kind: str, segment_id: int) -> str:
    """The name of the first target of a segment."""
    return next(
        name
        for name, target in scene.targets.items()
        if target.kind == kind and target.data.get("segment-id") == str(segment_id)
    )


def shapes_of(scene: Scene, name: str, layer: Layer) -> list[Any]:
    """What is drawn of a target in a layer."""
    return [one for one in scene.shapes if one.target == name and one.layer is layer]


def lines_of(scene: Scene, name: str, layer: Layer) -> list[Line]:
    return [one for one in shapes_of(scene, name, layer) if isinstance(one, Line)]


def ellipses_of(scene: Scene, name: str, layer: Layer) -> list[Ellipse]:
    return [one for one in shapes_of(scene, name, layer) if isinstance(one, Ellipse)]


def outline(shape: Shape) -> shapely.Geometry:
    """The rectangle that a shape takes on the sheet."""
    if isinstance(shape, Text):
        box = box_of(shape)
        return shapely.box(box.left, box.top, box.right, box.bottom)
    if isinstance(shape, Ellipse):
        (x, y), rx, ry = shape.centre, shape.rx, shape.ry
        return shapely.box(x - rx, y - ry, x + rx, y + ry)
    return shapely.MultiPoint([place for run in shape.runs for place in run]).envelope
