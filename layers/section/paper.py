"""Scenes as PDF and PNG, true to scale."""

from collections.abc import Sequence

from layers.section.scene import Scene


def to_pdf(scene: Scene) -> bytes:
    """One page of the sheet's size."""
    return sheets_pdf([scene])


def sheets_pdf(scenes: Sequence[Scene]) -> bytes:
    """One page a scene, each of its own size."""
    raise NotImplementedError


def to_png(scene: Scene, dpi: int = 150) -> bytes:
    """A picture that knows its resolution."""
    raise NotImplementedError
