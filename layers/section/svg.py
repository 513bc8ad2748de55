"""A scene as SVG."""

from layers.section.scene import Scene


def render(scene: Scene, interactive: bool = False) -> str:
    """The sheet in true millimetres; ``interactive``: with what web/static/section/section.js needs."""
    raise NotImplementedError
