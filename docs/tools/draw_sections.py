"""Draw the two pictures of ``docs/section-drawings.md``: ``python -m docs.tools.draw_sections``.

They show the made-up sections of ``tests/section_examples.py``; no city is needed for them.
"""

import io
from datetime import date
from pathlib import Path

from PIL import Image

from layers.section import DrawOptions, Scene, draw_cross_section, draw_profile
from layers.section.paper import to_png
from tests.section_examples import profile, sparse

PICTURES = Path(__file__).parent.parent / "pictures"
COLOURS = 256  # a line drawing needs no more, and a clone stays small
OPTIONS = DrawOptions(
    locale="zh_CN", drawn_on=date(2026, 11, 23), project="鄂尔多斯大街管线综合", sheet_no="DM-01"
)


def write(name: str, scene: Scene) -> None:
    """One picture, small enough for a page."""
    picture = Image.open(io.BytesIO(to_png(scene, dpi=110)))
    picture.quantize(COLOURS, Image.Quantize.MAXCOVERAGE).save(PICTURES / name, optimize=True)


def main() -> None:
    write("section-cross.png", draw_cross_section(sparse(), OPTIONS))
    write("section-profile.png", draw_profile(profile(), OPTIONS))


if __name__ == "__main__":
    main()
