"""The sheet of a cross-section 横断面图."""

from gis.pipeline.section.model import CrossSection
from layers.section.options import DrawOptions
from layers.section.scene import Scene


def draw_cross_section(section: CrossSection, options: DrawOptions | None = None) -> Scene:
    """The sheet of a cross-section; InvalidInput says which scale or paper would do where it does not fit."""
    raise NotImplementedError
