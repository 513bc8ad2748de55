"""The rows under a cross-section, and what is told of each of its pipes."""

from gis.i18n import N_, _
from gis.pipeline.section.model import Crossing, CrossSection, Form
from gis.standard.vocabulary import DepthReference
from layers.section.table_rows import Cell, Row
from layers.section.words import MISSING, clean, level, level_m, metres, metres_m

REFERENCES = {
    DepthReference.CROWN_OUTSIDE: N_("outer top"),
    DepthReference.INVERT_INSIDE: N_("inside bottom"),
    DepthReference.BLOCK_TOP: N_("top of block"),
    DepthReference.TRENCH_BOTTOM_INSIDE: N_("inside bottom of trench"),
}
AT_BOTTOM = (DepthReference.INVERT_INSIDE, DepthReference.TRENCH_BOTTOM_INSIDE)


def size_of(
    form: Form, size: str, width_mm: int | None, height_mm: int | None, is_cable: bool = False
) -> str:
    """A section in millimetres as drawings write it: DN300, φ110, 1200×800; empty where it is unknown."""
    if form is Form.ROUND:
        if width_mm is None:
            return clean(size)
        return f"φ{width_mm}" if is_cable else f"DN{width_mm}"
    if width_mm is None or height_mm is None:
        return clean(size)
    return f"{width_mm}×{height_mm}"


def size_of_crossing(crossing: Crossing) -> str:
    """The size of a line in a cross-section."""
    is_cable = crossing.depth_reference == DepthReference.BLOCK_TOP
    return size_of(crossing.form, crossing.size, crossing.width_mm, crossing.height_mm, is_cable)


def holes_of(crossing: Crossing) -> str:
    """Holes of a block, all and used ones; empty where it is none."""
    if crossing.form is not Form.DUCTS and crossing.total_holes is None:
        return ""
    total, used = (
        _(MISSING) if count is None else str(count) for count in (crossing.total_holes, crossing.used_holes)
    )
    return f"{total}/{used}"


def label_of(crossing: Crossing) -> tuple[str, ...]:
    """Two lines: class, size, material; and the level of the face that its class is measured to."""
    size = size_of_crossing(crossing) or _("size missing")
    first = " ".join(
        filter(None, (crossing.class_code, clean(crossing.class_name), size, clean(crossing.material_name)))
    )
    if crossing.invert_level is None and crossing.crown_level is None:
        return first, _("level missing")
    if crossing.depth_reference in AT_BOTTOM and crossing.invert_level is not None:
        return first, _("bottom {level}").format(level=level(crossing.invert_level))
    if crossing.crown_level is not None:
        return first, _("top {level}").format(level=level(crossing.crown_level))
    return first, _("bottom {level}").format(level=level(crossing.invert_level))


def lines_of(crossing: Crossing) -> tuple[str, ...]:
    """What a hover tells."""
    reference = REFERENCES.get(DepthReference(crossing.depth_reference)) if crossing.depth_reference else None
    lines = [
        _("Station {station}").format(station=metres_m(crossing.station_m)),
        _("Size {size}").format(size=size_of_crossing(crossing) or _(MISSING)),
        _("Material {material}").format(material=clean(crossing.material_name) or _(MISSING)),
        _("Ground level {level}").format(level=level_m(crossing.ground_level)),
        _("Top {level}").format(level=level_m(crossing.crown_level)),
        _("Inside bottom {level}").format(level=level_m(crossing.invert_level)),
        _("Depth {depth}").format(depth=metres_m(crossing.depth_m))
        + (f" ({_(reference)})" if reference else ""),
        _("Crossing angle {angle}°").format(angle=f"{crossing.angle_deg:.0f}"),
    ]
    if holes := holes_of(crossing):
        lines.append(_("Holes (all/used)") + f" {holes}")
    if crossing.owner:
        lines.append(_("Owner {owner}").format(owner=clean(crossing.owner)))
    if crossing.road_name:
        lines.append(clean(crossing.road_name))
    return tuple(lines)


def rows_of(section: CrossSection) -> list[Row]:
    """横断面图's table. A level in brackets follows from the surveyed face and the size."""
    crossings = section.crossings

    def row(head: str, words: list[str], between: bool = False) -> Row:
        targets = [target_of(crossing) for crossing in crossings]
        # What stands between two columns belongs to neither of them.
        names: list[str | None] = [None] * len(words) if between else list(targets)
        missing = _(MISSING)
        cells = [Cell(word, word == missing, name) for word, name in zip(words, names, strict=True)]
        return Row(head, cells, between)

    rows = [
        row(_("Line code"), [f"{item.class_code}/{item.sub_code}" for item in crossings]),
        row(_("Line number"), [clean(item.segment_no) or _(MISSING) for item in crossings]),
        row(_("Ground level (m)"), [level(item.ground_level) for item in crossings]),
        row(_("Top level (m)"), [_face(item.crown_level, _is_at_bottom(item)) for item in crossings]),
        row(_("Bottom level (m)"), [_face(item.invert_level, not _is_at_bottom(item)) for item in crossings]),
        row(_("Depth (m)"), [metres(item.depth_m) for item in crossings]),
        row(_("Size (mm)"), [size_of_crossing(item) or _(MISSING) for item in crossings]),
        row(_("Material"), [clean(item.material_name) or _(MISSING) for item in crossings]),
        row(_("Owner"), [clean(item.owner) or _(MISSING) for item in crossings]),
        row(_("Axis spacing (m)"), [metres(item.axis_to_next_m) for item in crossings[:-1]], between=True),
        row(_("Clear spacing (m)"), [metres(item.clear_to_next_m) for item in crossings[:-1]], between=True),
        row(_("Distance (m)"), [metres(item.station_m) for item in crossings]),
    ]
    holes = [holes_of(item) for item in crossings]
    if any(holes):
        rows.insert(7, row(_("Holes (all/used)"), holes))
    return rows


def target_of(crossing: Crossing) -> str:
    """A line may be cut more than once: the station tells the places apart."""
    return f"pipe-{crossing.segment_id}-{crossing.station_m:.3f}"


def _is_at_bottom(crossing: Crossing) -> bool:
    return crossing.depth_reference in AT_BOTTOM


def _face(value: float | None, is_derived: bool) -> str:
    return f"({level(value)})" if is_derived and value is not None else level(value)
