"""What stands on the ground: kerbs and road edges, the road's axis, buildings cut above and below it."""

from gis.i18n import _
from gis.pipeline.section.model import Surrounding
from layers.section.patterns import height_at, slanted
from layers.section.scene import Frame, Ink, Layer, Line, Pen, Point, Shape, Text

SIZE = 2.2
BUILDING_MM = 13.0  # the most of a building that is shown; above it, a break
FOOT_MM = 3.0
KERB_MM = 2.4


def draw(thing: Surrounding, frame: Frame, ground: list[Point], roof_y: float) -> list[Shape]:
    """One of them. ``ground`` is the ground line on paper; ``roof_y`` the highest place there is room for."""
    left, right = frame.x(thing.from_m), frame.x(thing.to_m)
    foot = _foot(ground, (left + right) / 2, roof_y)
    if thing.kind == "building":
        return _building(thing, frame, left, right, foot, roof_y)
    if thing.kind == "road_axis":
        run = ((left, foot - 9), (left, foot + 2))
        words = thing.name or _("Road centre line")
        return [
            Line(Layer.SURROUNDING, (run,), Pen(0.18, Ink.QUIET, (3.0, 0.6, 0.5, 0.6))),
            Text(Layer.SURROUNDING, (left, foot - 9.6), words, SIZE, "middle", colour=Ink.QUIET),
        ]
    run = ((left, foot), (left, foot - KERB_MM))
    words = _("Road edge") if thing.kind == "road_edge" else _("Kerb")
    flag = ((left - 0.9, foot - KERB_MM), (left + 0.9, foot - KERB_MM))
    return [
        Line(Layer.SURROUNDING, (run, flag), Pen(0.3, Ink.STRONG)),
        Text(Layer.SURROUNDING, (left, foot - KERB_MM - 0.8), words, SIZE, "middle", colour=Ink.QUIET),
    ]


def _foot(ground: list[Point], x: float, roof_y: float) -> float:
    """Where a thing stands: on the ground, or level with the end of the ground that was measured."""
    if not ground:
        return roof_y + BUILDING_MM
    known = height_at(ground, x)
    if known is not None:
        return known
    return ground[0][1] if x < ground[0][0] else ground[-1][1]


def _building(
    thing: Surrounding, frame: Frame, left: float, right: float, foot: float, roof_y: float
) -> list[Shape]:
    """Walls, and a roof at its height or a break where the paper ends; nobody knows how deep it is."""
    room = min(BUILDING_MM, foot - roof_y)
    true = None if thing.height_m is None else thing.height_m * 1000 / frame.scale_v
    top = foot - (room if true is None else min(true, room))
    shapes: list[Shape] = [
        Line(Layer.SURROUNDING, slanted(left, top, right, foot, 2.4), Pen(0.1, Ink.FAINT)),
        Line(Layer.SURROUNDING, (((left, top), (left, foot)), ((right, top), (right, foot))), Pen(0.35)),
    ]
    is_whole = true is not None and true <= room
    if is_whole:
        shapes.append(Line(Layer.SURROUNDING, (((left, top), (right, top)),), Pen(0.35)))
    else:
        shapes.append(Line(Layer.SURROUNDING, (_break(left, right, top),), Pen(0.18)))
    # Below the ground only where its walls stand is known.
    down = tuple(((x, foot), (x, foot + FOOT_MM * 2)) for x in (left, right))
    shapes.append(Line(Layer.SURROUNDING, down, Pen(0.25, Ink.STRONG, (1.2, 0.8))))
    name = thing.name or _("Building")
    if thing.height_m is not None:
        name = _("{building}, {height} m high").format(building=name, height=f"{thing.height_m:.1f}")
    shapes.append(
        Text(Layer.SURROUNDING, ((left + right) / 2, top - (1.0 if is_whole else 2.2)), name, SIZE, "middle")
    )
    return shapes


def _break(left: float, right: float, y: float) -> tuple[Point, ...]:
    """折断线."""
    middle = (left + right) / 2
    bend = min(1.2, (right - left) / 6)
    return (
        (left, y),
        (middle - bend, y),
        (middle - bend / 2, y - 1.4),
        (middle + bend / 2, y + 1.4),
        (middle + bend, y),
        (right, y),
    )
