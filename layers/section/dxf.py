"""Sections as DXF in metres: x the station, y the level times the exaggeration."""

from collections.abc import Sequence

from gis.pipeline.section.model import CrossSection, Profile
from layers.section.options import DrawOptions


def cross_section(
    section: CrossSection, options: DrawOptions | None = None, exaggeration: float = 1.0
) -> bytes:
    """A cross-section."""
    raise NotImplementedError


def profile(profile: Profile, options: DrawOptions | None = None, exaggeration: float = 1.0) -> bytes:
    """A longitudinal profile."""
    raise NotImplementedError


def series(
    sections: Sequence[CrossSection], options: DrawOptions | None = None, exaggeration: float = 1.0
) -> bytes:
    """Cross-sections side by side, each with its own origin."""
    raise NotImplementedError
