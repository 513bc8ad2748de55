"""The sheet of a longitudinal profile 纵断面图."""

from gis.pipeline.section.model import Profile
from layers.section.options import DrawOptions
from layers.section.scene import Scene


def draw_profile(profile: Profile, options: DrawOptions | None = None) -> Scene:
    """A profile on one sheet; paper "auto" is lengthened as far as it must be."""
    raise NotImplementedError


def draw_profile_sheets(profile: Profile, options: DrawOptions | None = None) -> list[Scene]:
    """A profile on as many sheets of the chosen paper as it takes."""
    raise NotImplementedError
