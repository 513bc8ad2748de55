"""The outline of a line's section, from what a survey says of its size."""

from gis.pipeline.section.model import Form

DUCTED = frozenset({"DL", "TX"})


def form_of(
    class_code: str, size: str, width_mm: int | None, height_mm: int | None, holes: int | None
) -> Form:
    """Round, rectangular, or a block of ducts.

    A size written "1200X800" is a rectangle, and so is one whose two measures differ. Cables of power and
    telecommunication in a rectangle, or with holes counted, lie in a block of ducts.
    """
    is_rect = any(sign in size.upper() for sign in "X×*") or (
        width_mm is not None and height_mm is not None and width_mm != height_mm
    )
    if class_code in DUCTED and (is_rect or (holes or 0) > 1):
        return Form.DUCTS
    return Form.RECT if is_rect else Form.ROUND


def height_for_levels(form: Form, width_mm: int | None, height_mm: int | None) -> int | None:
    """The height that separates crown and invert; a round pipe of one measure is as high as it is wide."""
    if height_mm is None and form is Form.ROUND:
        return width_mm
    return height_mm
