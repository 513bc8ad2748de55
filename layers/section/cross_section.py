"""The drawing of a cross-section 横断面图: what is cut, at its true place."""

from math import atan2, degrees

from gis.i18n import _, get_locale, in_locale
from gis.pipeline.section.model import CrossSection
from layers.section import axes, findings, labels, pipes, surroundings, table_rows, wells
from layers.section.cross_rows import label_of, lines_of, rows_of, target_of
from layers.section.drawing import Drawing, LegendEntry
from layers.section.labels import Label, Room
from layers.section.options import CROSS_SCALES, DrawOptions
from layers.section.patterns import earth, height_at
from layers.section.scale import choose
from layers.section.scene import Box, Frame, Ink, Layer, Line, Pen, Point, Scene, Shape, Target, Text
from layers.section.sheet import placed
from layers.section.words import clean

SKY_MM = 20.0  # above the ground: buildings, kerbs, names
SIDE_MM = 10.0  # right and left of the section's ends
DUCK_MM = 3.0  # from the highest thing on the ground up to the labels


def draw_cross_section(section: CrossSection, options: DrawOptions | None = None) -> Scene:
    """The sheet of a cross-section.

    Raises InvalidInput, with the scales and papers that would do, where it does not fit what was chosen.
    """
    options = (options or DrawOptions()).checked(CROSS_SCALES)
    with in_locale(options.locale or get_locale()):
        drawing, sheet = choose(
            options,
            CROSS_SCALES,
            section.length_m,
            lambda scale_h, scale_v: across(section, scale_h, scale_v),
        )
        return placed(drawing, sheet, options)


def across(section: CrossSection, scale_h: float, scale_v: float) -> Drawing:
    """A cross-section at a pair of scales, about station 0 at the datum."""
    return _Cross(section, scale_h, scale_v).drawing()


class _Cross:
    """One cross-section at one pair of scales, in millimetres about station 0 at the datum."""

    def __init__(self, section: CrossSection, scale_h: float, scale_v: float) -> None:
        self.section = section
        self.cuts = [pipes.of_crossing(crossing) for crossing in section.crossings]
        self.targets = [target_of(crossing) for crossing in section.crossings]
        self.levels = axes.levels_for(_levels_of(section, self.cuts), scale_v)
        self.frame = Frame((0.0, 0.0), 0.0, self.levels.datum, scale_h, scale_v)
        self.ground = [self.frame.at(point.station_m, point.level) for point in section.ground]
        self.boxes = [pipes.box_of(cut, self.frame) for cut in self.cuts]
        self.rows = rows_of(section)
        self.wanted = [self.frame.x(cut.station_m) for cut in self.cuts]
        self.ranked = findings.ranked(section.findings)
        self._lay_out_columns()

    def _lay_out_columns(self) -> None:
        right = self.frame.x(self.section.length_m)
        room = max(right, len(self.wanted) * table_rows.UPRIGHT_MM)
        # Wider than the section where its columns need it; the section stays in the middle.
        self.left = -SIDE_MM - (room - right) / 2
        self.right = right + SIDE_MM + (room - right) / 2
        self.columns, upright = table_rows.columns_of(
            self.rows, self.wanted, self.left + 0.5, self.right - 0.5
        )
        self.table = table_rows.Table(self.rows, self.columns, upright)

    def drawing(self) -> Drawing:
        """Everything, and how much room it takes."""
        section, frame = self.section, self.frame
        top_y = frame.y(self.levels.top)
        highest = min((y for _x, y in self.ground), default=top_y)
        sky = self._sky(highest)
        on_ground = [
            shape
            for thing in section.surroundings
            for shape in surroundings.draw(thing, frame, self.ground, sky)
        ]
        room = Room([box for box in self.boxes if box] + labels.ground_boxes(self.ground))
        room.take_words(on_ground)
        marked = self._dimensions(room)
        shapes, roof = self._labels(room, highest, sky)
        plot = Box(self.left, min(roof, top_y - 3, sky), self.right, 0.0)
        table_top = table_rows.KNEE_MM
        drawing = Drawing(
            frame,
            plot,
            Box(self.left - axes.AXIS_MM - table_rows.HEAD_MM, plot.top - 2, self.right, 0.0),
            title=_("Cross-section {name}").format(name=section.name).strip(),
            name=section.name,
            place=section.place,
            data_date=section.as_of.isoformat() if section.as_of else "",
            azimuth_deg=azimuth_of(section.line),
        )
        drawing.shapes = shapes + on_ground
        drawing.shapes += axes.draw(self.levels, frame, plot)
        self._draw_ground(drawing)
        self._draw_pipes(drawing)
        self._draw_findings(drawing, room, marked)
        head = self.left - axes.AXIS_MM
        if self.rows[0].cells:
            drawing.shapes.append(table_rows.drops(self.wanted, self.columns, 0.0))
        drawing.shapes += self.table.draw(head - table_rows.HEAD_MM, table_top, self.right)
        drawing.bounds = Box(
            head - table_rows.HEAD_MM, plot.top - 2, self.right, table_top + self.table.height
        )
        drawing.legend = legend_of(section)
        drawing.remarks = self._remarks()
        return drawing

    def _sky(self, highest: float) -> float:
        """How far up things on the ground reach, and no farther."""
        kinds = {thing.kind for thing in self.section.surroundings}
        if "building" in kinds:
            return highest - SKY_MM
        return highest - (13.0 if "road_axis" in kinds else 8.0 if kinds else 5.0)

    def _labels(self, room: Room, highest: float, sky: float) -> tuple[list[Shape], float]:
        """All labels beside their pipes, or all in a band above everything; and the upper end of them."""
        wanted = []
        for crossing, box, name, x in zip(
            self.section.crossings, self.boxes, self.targets, self.wanted, strict=True
        ):
            colour = Ink.STRONG if box else Ink.WARNING
            wanted.append(Label(name, box or self._question(x), label_of(crossing), colour))
        wanted += self._well_labels()
        inside = Box(self.left + 1, sky, self.right - 1, -0.5)
        taken = list(room.boxes)
        for well in self.section.wells:
            room.take(wells.box_of(well, self.frame))
        for box, x in zip(self.boxes, self.wanted, strict=True):
            if box is None:
                room.take(Box(x - 0.3, highest, x + 0.3, 0.0))
                room.take(self._question(x))
        if (shapes := labels.beside(wanted, room, inside)) is not None:
            return shapes, sky
        room.reset(taken)
        wanted.sort(key=lambda label: label.box.left + label.box.right)
        return labels.above(wanted, sky - DUCK_MM, self.left + 3, self.right - 3)

    def _well_labels(self) -> list[Label]:
        found = []
        for number, well in enumerate(self.section.wells):
            box = wells.box_of(well, self.frame)
            lid = Box(box.left, box.top, box.right, box.top)
            words = " ".join(filter(None, (clean(well.point_no), clean(well.kind_name))))
            found.append(Label(f"well-{well.point_id}-{number}", lid, (words,), is_above=True))
        return found

    def _question(self, x: float) -> Box:
        """Where the mark of a line without a level stands: half way down."""
        top = (height_at(self.ground, x) if self.ground else None) or self.frame.y(self.levels.top)
        return Box(x - 1.6, top / 2 - 1.9, x + 1.6, top / 2 + 1.9)

    def _draw_ground(self, drawing: Drawing) -> None:
        if len(self.ground) > 1:
            drawing.shapes.append(Line(Layer.GROUND, (tuple(self.ground),), Pen(0.5, Ink.STRONG)))
            drawing.shapes.append(Line(Layer.GROUND, earth(self.ground), Pen(0.15, Ink.GROUND)))
        else:
            at = (self.left + 2, drawing.plot.top + 4)
            drawing.shapes.append(Text(Layer.GROUND, at, _("Ground levels missing"), 2.6, colour=Ink.WARNING))
        for number, well in enumerate(self.section.wells):
            name = f"well-{well.point_id}-{number}"
            title = " ".join(filter(None, (well.point_no, well.kind_name)))
            data = {"point-id": str(well.point_id), "station": f"{well.station_m:.3f}"}
            drawing.targets[name] = Target("well", title, wells.lines_of(well), data)
            drawing.shapes += wells.draw(well, self.frame, 0.0, name)

    def _draw_pipes(self, drawing: Drawing) -> None:
        down = tuple(
            ((x, box.bottom), (x, 0.0)) for x, box in zip(self.wanted, self.boxes, strict=True) if box
        )
        drawing.shapes.append(Line(Layer.GRID, down, Pen(0.1, Ink.FAINT)))
        for crossing, cut, name in zip(self.section.crossings, self.cuts, self.targets, strict=True):
            title = " ".join(filter(None, (crossing.class_code, crossing.class_name, crossing.segment_no)))
            data = {
                "segment-id": str(crossing.segment_id),
                "station": f"{crossing.station_m:.3f}",
                "class-code": crossing.class_code,
            }
            drawing.targets[name] = Target("pipe", title, lines_of(crossing), data)
            if cut.is_placed:
                drawing.shapes += pipes.draw(cut, self.frame, Layer.PIPE, name)
            else:
                drawing.shapes += self._without_level(cut, name)

    def _without_level(self, cut: pipes.Cut, name: str) -> list[Shape]:
        """A dashed line from the ground down: it lies here, nobody knows how deep."""
        x = self.frame.x(cut.station_m)
        box = self._question(x)
        run: tuple[Point, ...] = ((x, box.top + box.bottom), (x, 0.0))
        return [
            Line(Layer.PIPE, (run,), Pen(0.35, Ink.WARNING, (2.0, 1.2)), target=name),
            Line(Layer.PIPE, (box.corners(),), Pen(0.2, Ink.WARNING), True, Ink.PAPER, name),
            Text(Layer.PIPE, (x, box.bottom - 0.8), "?", 3.2, "middle", 0, Ink.WARNING, True, name),
        ]

    def _dimensions(self, room: Room) -> list[tuple[list[Shape], Box]]:
        """Of each finding its distance, drawn, and where its mark shall be near."""
        by_segment: dict[int, list[int]] = {}
        for number, crossing in enumerate(self.section.crossings):
            by_segment.setdefault(crossing.segment_id, []).append(number)
        drawn = []
        for number, finding in self.ranked:
            name = f"finding-{number}"
            found = [self._nearest(by_segment.get(one, []), finding.station_m) for one in finding.segment_ids]
            boxes = [box for place in found if place is not None and (box := self.boxes[place])]
            shapes: list[Shape] = []
            near = boxes[0] if boxes else self._at(finding.station_m, found)
            if finding.code.startswith("clearance") and len(boxes) > 1:
                shapes, near = findings.between(boxes[0], boxes[1], finding, name)
            elif finding.code == "cover" and boxes and self.ground:
                ground = height_at(self.ground, (near.left + near.right) / 2)
                if ground is not None:
                    shapes, near = findings.down_to(near, ground, finding, name)
            if shapes:
                room.take(near)
                shapes += findings.value_beside(near, finding, room, name)
            drawn.append((shapes, near))
        return drawn

    def _draw_findings(self, drawing: Drawing, room: Room, drawn: list[tuple[list[Shape], Box]]) -> None:
        drawing.unlisted = len(self.section.findings) - len(self.ranked)
        for (number, finding), (shapes, near) in zip(self.ranked, drawn, strict=True):
            name = f"finding-{number}"
            note = findings.note_of(number, finding)
            drawing.notes.append(note)
            data = {"segment-ids": " ".join(map(str, finding.segment_ids)), "code": finding.code}
            drawing.targets[name] = Target("finding", note.words, (), data)
            at = findings.find_place(near, room)
            drawing.shapes += shapes
            drawing.shapes += findings.mark(note, at, Layer.FINDING, name)

    def _nearest(self, places: list[int], station_m: float | None) -> int | None:
        """Of the places where a line is cut, the one nearest to the finding."""
        if not places:
            return None
        return min(places, key=lambda one: abs(self.cuts[one].station_m - (station_m or 0.0)))

    def _at(self, station_m: float | None, found: list[int | None]) -> Box:
        """Where a mark goes that has no pipe with a level: above the datum, at its station."""
        known = next((place for place in found if place is not None), None)
        x = self.wanted[known] if known is not None else self.frame.x(station_m or 0.0)
        return Box(x - 0.5, -5.0, x + 0.5, -4.0)

    def _remarks(self) -> list[str]:
        said = [
            _("Levels and lengths in metres, sizes in millimetres. Levels in brackets follow from the size.")
        ]
        without = sum(not cut.is_placed for cut in self.cuts)
        if without:
            said.append(_("{count} lines without a level: dashed, at no depth.").format(count=without))
        if any(well.is_size_assumed for well in self.section.wells):
            said.append(_("Dashed wells: the size of the chamber was not surveyed."))
        ends = [point.station_m for point in self.section.ground]
        if ends and any(
            thing.from_m < ends[0] or thing.to_m > ends[-1] for thing in self.section.surroundings
        ):
            said.append(_("Beyond the measured ground, things stand level with its end."))
        if any(not finding.is_firm for finding in self.section.findings):
            said.append(_("Hollow marks: the limit is not verified against the standard's text."))
        return said


def _levels_of(section: CrossSection, cuts: list[pipes.Cut]) -> list[float]:
    values = [point.level for point in section.ground]
    for cut in cuts:
        if cut.centre_level is not None:
            half = (cut.height_m or 0.0) / 2
            values += [cut.centre_level - half, cut.centre_level + half]
    for well in section.wells:
        values += [level for level in (well.ground_level, well.bottom_level) if level is not None]
    return values


def azimuth_of(line: tuple[tuple[float, float], ...]) -> float | None:
    """From the first to the last point, degrees clockwise from grid north."""
    if len(line) < 2 or line[0] == line[-1]:
        return None
    east, north = line[-1][0] - line[0][0], line[-1][1] - line[0][1]
    return degrees(atan2(east, north)) % 360


def legend_of(section: CrossSection) -> list[LegendEntry]:
    """The classes that are cut, each once, in the order of their codes."""
    found = {
        (item.class_code, item.sub_code): LegendEntry(
            item.class_name or item.class_code, f"{item.class_code}/{item.sub_code}", item.rgb_hex, item.dash
        )
        for item in section.crossings
    }
    return [found[key] for key in sorted(found)]
