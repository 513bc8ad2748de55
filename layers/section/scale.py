"""Which scale and which paper: the chosen ones, or the first that hold the drawing; never squeezed."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import product

from gis.errors import InvalidInput
from gis.i18n import _
from layers.section.drawing import Drawing
from layers.section.options import SHEETS, DrawOptions, Paper
from layers.section.sheet import Sheet, bare, lengthened, named

Build = Callable[[int, int], Drawing]
Fits = Callable[[Paper, int, int], bool]
BARE_WIDTH_MM = 560.0  # of a drawing in a page, where its scale is left open
SMALL, LARGE = (Paper.A4, Paper.A3), (Paper.A2, Paper.A1)
MOST_LENGTHENED_MM = 5000.0  # PDF ends at 200 inches


def choose(
    options: DrawOptions,
    scales: Sequence[int],
    length_m: float,
    build: Build,
    default_h: int | None = None,
) -> tuple[Drawing, Sheet]:
    """The drawing and a sheet that holds it.

    Parameters
    ----------
    options : what the reader chose; None and "auto" are open
    scales : those that may be taken, largest picture first
    length_m : of the section: what is longer than the paper alone need not be drawn to see that
    build : the drawing at a horizontal and a vertical scale
    default_h : the horizontal scale where it is left open; None: the first of ``scales`` that fits

    Raises
    ------
    InvalidInput
        It does not fit what was chosen; the text says what would do.
    """
    at = lru_cache(build)

    def fits(paper: Paper, scale_h: int, scale_v: int) -> bool:
        sheet = named(paper)
        return length_m * 1000 / scale_h < sheet.inner.width and sheet.holds(at(scale_h, scale_v))

    open_h = [default_h] if default_h else list(scales)
    wanted_h = [options.scale_h] if options.scale_h else open_h
    if not options.is_sheet:
        return _bare(options, wanted_h, length_m, at)
    for paper, scale_h in _order(options, wanted_h):
        for scale_v in _vertical(options, scale_h, scales):
            if fits(paper, scale_h, scale_v):
                return at(scale_h, scale_v), named(paper)
    if options.paper is Paper.AUTO:
        scale_h = wanted_h[-1]
        for scale_v in _vertical(options, scale_h, scales):
            drawing = at(scale_h, scale_v)
            longer = lengthened(drawing)
            if longer is not None and longer.width <= MOST_LENGTHENED_MM:
                return drawing, longer
    raise _unfit(options, scales, fits)


def _bare(options: DrawOptions, wanted_h: Sequence[int], length_m: float, at: Build) -> tuple[Drawing, Sheet]:
    """Without a sheet there is no end of the paper, only a size that is handy on a screen."""
    scale_h = next((scale for scale in wanted_h if length_m * 1000 / scale <= BARE_WIDTH_MM), wanted_h[-1])
    drawing = at(scale_h, options.scale_v or _handy(scale_h))
    return drawing, bare(drawing)


def _order(options: DrawOptions, wanted_h: Sequence[int]) -> Iterator[tuple[Paper, int]]:
    """Papers and scales to try: a large picture on an office sheet before any on a large sheet."""
    if options.paper is not Paper.AUTO:
        yield from ((options.paper, scale) for scale in wanted_h)
        return
    for papers in (SMALL, LARGE):
        yield from ((paper, scale) for scale, paper in product(wanted_h, papers))


def _handy(scale_h: int) -> int:
    return min(scale_h, 100)


def _vertical(options: DrawOptions, scale_h: int, scales: Sequence[int]) -> list[int]:
    """Vertical scales to try: like the horizontal one as far as 1:100, which is the trade's usual."""
    if options.scale_v:
        return [options.scale_v]
    return [scale for scale in scales if _handy(scale_h) <= scale <= scale_h]


def _unfit(options: DrawOptions, scales: Sequence[int], fits: Fits) -> InvalidInput:
    """What would do instead: another paper for these scales, or other scales for this paper."""
    ways = []
    if options.scale_h:
        for paper in SHEETS:
            if any(
                fits(paper, options.scale_h, scale_v)
                for scale_v in _vertical(options, options.scale_h, scales)
            ):
                ways.append(_("paper {paper}").format(paper=paper))
                break
    papers = list(SHEETS) if options.paper is Paper.AUTO else [options.paper]
    for scale_h, paper in product(scales, papers):
        scale_v = next((v for v in _vertical(options, scale_h, scales) if fits(paper, scale_h, v)), None)
        if scale_v is not None:
            ways.append(
                _("scale 1:{scale_h}, vertical 1:{scale_v}, on {paper}").format(
                    scale_h=scale_h, scale_v=scale_v, paper=paper
                )
            )
            break
    chosen = _("any paper") if options.paper is Paper.AUTO else options.paper.value
    scale = f"1:{options.scale_h}" if options.scale_h else _("any scale")
    detail = _("The drawing does not fit on {paper} at {scale}").format(paper=chosen, scale=scale)
    if not ways and options.paper is Paper.AUTO and not options.scale_h:
        detail = _(
            "The drawing is too long for one sheet at any scale; a profile as PDF goes on over further"
            " sheets, and DXF has no edge"
        )
    elif ways:
        detail += _("; this would do: {ways}").format(ways=_(" or ").join(ways))
    else:
        detail += _("; draw a shorter line, or ask for DXF")
    pointer = "/paper" if options.paper is not Paper.AUTO else "/scale_h"
    return InvalidInput(detail, errors=[{"pointer": pointer, "detail": detail}])
