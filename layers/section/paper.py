"""Scenes as PDF and PNG, true to scale: Cairo draws the shapes themselves, words stay words."""

import io
import subprocess
from collections.abc import Sequence
from functools import lru_cache

import cairocffi as cairo
from PIL import Image

from gis.errors import InvalidInput, SetupError, TooLarge
from gis.i18n import _
from layers.section.scene import Ellipse, Pen, Scene, Shape, Text, on_paper
from layers.section.words import clean

POINTS_PER_MM = 72 / 25.4
MAX_PIXELS = 70_000_000  # an A1 sheet at 300 dpi; 4 bytes each while it is drawn
LEAST_DPI, MOST_DPI = 50, 600


def to_pdf(scene: Scene) -> bytes:
    """One page of the sheet's size, with vector lines and embedded type."""
    return sheets_pdf([scene])


def sheets_pdf(scenes: Sequence[Scene]) -> bytes:
    """One page a scene, each of its own size."""
    out = io.BytesIO()
    surface = cairo.PDFSurface(out, 1, 1)
    for scene in scenes:
        surface.set_size(scene.width * POINTS_PER_MM, scene.height * POINTS_PER_MM)
        context = cairo.Context(surface)
        context.scale(POINTS_PER_MM, POINTS_PER_MM)
        _draw(context, scene)
        context.show_page()
    if scenes:
        surface.set_metadata(cairo.PDF_METADATA_TITLE, clean(scenes[0].title))
    surface.finish()
    return out.getvalue()


def to_png(scene: Scene, dpi: int = 150) -> bytes:
    """A picture that knows its resolution, so that it prints at its scale; TooLarge beyond 70 megapixels."""
    if not LEAST_DPI <= dpi <= MOST_DPI:
        detail = _("Pictures have {least} to {most} dots per inch").format(least=LEAST_DPI, most=MOST_DPI)
        raise InvalidInput(detail, errors=[{"pointer": "/dpi", "detail": detail}])
    dots = dpi / 25.4
    width, height = round(scene.width * dots), round(scene.height * dots)
    if width * height > MAX_PIXELS:
        raise TooLarge(_("The picture would be too large; ask for PDF, or for fewer dots per inch"))
    surface = cairo.ImageSurface(cairo.FORMAT_RGB24, width, height)
    context = cairo.Context(surface)
    context.set_source_rgb(1, 1, 1)
    context.paint()
    context.scale(dots, dots)
    _draw(context, scene)
    surface.flush()
    picture = Image.frombuffer(
        "RGB", (width, height), bytes(surface.get_data()), "raw", "BGRX", surface.get_stride(), 1
    )
    out = io.BytesIO()
    picture.save(out, "PNG", dpi=(dpi, dpi), compress_level=4)
    return out.getvalue()


@lru_cache
def chinese_face() -> str:
    """The family of a Chinese font of this machine; SetupError where there is none."""
    try:
        found = subprocess.run(
            ["fc-match", "--format=%{family[0]}|%{lang}", "sans-serif:lang=zh-cn"],  # noqa: S607
            capture_output=True,
            text=True,
            check=True,
            timeout=20,
        ).stdout
    except (OSError, subprocess.SubprocessError) as problem:
        raise SetupError(_("fontconfig is missing: make system installs it")) from problem
    family, _bar, languages = found.partition("|")
    if "zh-cn" not in languages.split("|"):
        raise SetupError(_("There is no Chinese font here: make system installs one"))
    return family


def _draw(context: cairo.Context, scene: Scene) -> None:
    face = chinese_face()
    context.set_line_cap(cairo.LINE_CAP_BUTT)
    context.set_line_join(cairo.LINE_JOIN_ROUND)
    for shape in scene.ordered():
        if isinstance(shape, Text):
            _write(context, shape, face)
        else:
            _trace(context, shape)
            _paint(context, shape.pen, shape.fill)


def _trace(context: cairo.Context, shape: Shape) -> None:
    context.new_path()
    if isinstance(shape, Ellipse):
        if shape.rx <= 0 or shape.ry <= 0:
            return
        context.save()
        context.translate(*shape.centre)
        context.scale(shape.rx, shape.ry)
        context.arc(0, 0, 1, 0, 6.283185307179586)
        context.close_path()
        context.restore()
    elif not isinstance(shape, Text):
        for first, *others in shape.runs:
            context.move_to(*first)
            for place in others:
                context.line_to(*place)
            if shape.closed:
                context.close_path()


def _paint(context: cairo.Context, pen: Pen | None, fill: str | None) -> None:
    if fill is not None:
        context.set_source_rgb(*_rgb(fill))
        context.fill_preserve()
    if pen is not None:
        context.set_source_rgb(*_rgb(pen.colour))
        context.set_line_width(pen.width)
        context.set_dash(list(pen.dash))
        context.stroke_preserve()
    context.new_path()


def _write(context: cairo.Context, text: Text, face: str) -> None:
    weight = cairo.FONT_WEIGHT_BOLD if text.bold else cairo.FONT_WEIGHT_NORMAL
    context.select_font_face(face, cairo.FONT_SLANT_NORMAL, weight)
    context.set_font_size(text.size)
    context.set_source_rgb(*_rgb(text.colour))
    words = clean(text.words)
    share = {"start": 0.0, "middle": 0.5, "end": 1.0}[text.anchor]
    context.save()
    context.translate(*text.at)
    if text.turn:
        context.rotate(-text.turn * 3.141592653589793 / 180)
    context.move_to(-share * context.text_extents(words)[4] if share else 0, 0)
    context.show_text(words)
    context.restore()


@lru_cache(maxsize=256)
def _rgb(colour: str) -> tuple[float, float, float]:
    code = on_paper(colour).lstrip("#")
    return int(code[0:2], 16) / 255, int(code[2:4], 16) / 255, int(code[4:6], 16) / 255
