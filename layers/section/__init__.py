"""Drawings of sections: one scene on paper, written as SVG, PDF and PNG; DXF in metres."""

from layers.section.cross_section import draw_cross_section
from layers.section.options import DrawOptions, Paper
from layers.section.profile import draw_profile, draw_profile_sheets
from layers.section.scene import Scene

__all__ = ["DrawOptions", "Paper", "Scene", "draw_cross_section", "draw_profile", "draw_profile_sheets"]
