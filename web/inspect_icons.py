"""The phone app's icons as PNG, drawn from the same squares as ``web/static/mark.svg``."""

import io
from functools import lru_cache

from PIL import Image, ImageDraw

GROUND, CELL, LIT = "#12232d", "#5d7a88", "#f2a33a"
UNITS = 24  # of the drawing's side, as in the SVG
CELLS = tuple((x, y) for y in (4.0, 9.7, 15.4) for x in (4.0, 9.7, 15.4) if (x, y) != (9.7, 9.7))
SIDE, LIT_AT, LIT_SIDE = 4.6, 9.2, 5.6
FINER = 4  # drawn larger and scaled down: smooth corners


@lru_cache
def app_icon(size_px: int, maskable: bool = False) -> bytes:
    """A square PNG. ``maskable``: it may be cut to any shape: the ground fills it, the cells are small."""
    side = size_px * FINER
    picture = Image.new("RGBA", (side, side), GROUND if maskable else (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    unit = side / UNITS
    shrink = 0.8 if maskable else 1.0

    def square(x: float, y: float, width: float, radius: float, colour: str) -> None:
        low_x, low_y = ((UNITS / 2 + (at - UNITS / 2) * shrink) * unit for at in (x, y))
        wide = width * shrink * unit
        draw.rounded_rectangle((low_x, low_y, low_x + wide, low_y + wide), radius * unit, colour)

    if not maskable:
        square(0, 0, UNITS, 5, GROUND)
    for x, y in CELLS:
        square(x, y, SIDE, 0.8, CELL)
    square(LIT_AT, LIT_AT, LIT_SIDE, 1, LIT)
    out = io.BytesIO()
    picture.resize((size_px, size_px), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()
