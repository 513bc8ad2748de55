"""The drawing of a longitudinal profile: ground, line, wells and what crosses, at their true levels."""

from gis.i18n import _
from gis.pipeline.section.model import Finding, Profile, Reach, Station
from layers.section import axes, findings, labels, pipes, profile_rows, table_rows
from layers.section.cross_section import azimuth_of
from layers.section.drawing import Drawing, LegendEntry, Note
from layers.section.labels import Label, Room
from layers.section.patterns import earth, height_at
from layers.section.scene import Box, Frame, Ink, Layer, Line, Pen, Point, Shape, Target, Text
from layers.section.window import is_cut_end

SIDE_MM = 10.0
SKY_MM = 5.0
WELL_MM = 0.8  # half of a well's width on paper: its chamber's length along the line is not in a profile


def along(profile: Profile, scale_h: float, scale_v: float, start_m: float = 0.0) -> Drawing:
    """A profile, or a part of one from ``start_m`` on, at a pair of scales."""
    return _Along(profile, scale_h, scale_v, start_m).drawing()


class _Along:
    def __init__(self, profile: Profile, scale_h: float, scale_v: float, start_m: float) -> None:
        self.profile = profile
        self.cuts = [pipes.of_crossing_pipe(pipe) for pipe in profile.crossing_pipes]
        self.levels = axes.levels_for(_levels_of(profile, self.cuts), scale_v)
        self.frame = Frame((0.0, 0.0), start_m, self.levels.datum, scale_h, scale_v)
        self.ground = [self.frame.at(point.station_m, point.level) for point in profile.ground]
        self.boxes = [pipes.box_of(cut, self.frame) for cut in self.cuts]
        self.wanted = [self.frame.x(station.distance_m) for station in profile.stations]
        self.end = self.frame.x(start_m + profile.length_m)
        room = max(self.end, len(self.wanted) * table_rows.UPRIGHT_MM)
        self.left = -SIDE_MM - (room - self.end) / 2
        self.right = self.end + SIDE_MM + (room - self.end) / 2
        rows = profile_rows.rows_of(profile)
        columns, upright = table_rows.columns_of(rows, self.wanted, self.left + 0.5, self.right - 0.5)
        self.table = table_rows.Table(rows, columns, upright)
        self.shapes: list[Shape] = []
        self.targets: dict[str, Target] = {}

    def drawing(self) -> Drawing:
        """Everything, and how much room it takes."""
        profile, frame = self.profile, self.frame
        highest = min((y for _x, y in self.ground), default=frame.y(self.levels.top))
        room = Room([box for box in self.boxes if box] + labels.ground_boxes(self.ground))
        self._take_line(room)
        for reach in profile.reaches:
            self._reach(reach)
        for station in profile.stations:
            self._station(station)
        self._draw_ground()
        marked = [self._finding(number, one, room) for number, one in self._ranked()]
        roof = self._crossings(room, highest)
        top = min(roof, frame.y(self.levels.top) - 3, highest - SKY_MM)
        plot = Box(self.left, top, self.right, 0.0)
        head = self.left - axes.AXIS_MM - table_rows.HEAD_MM
        table_top = table_rows.KNEE_MM
        drawing = Drawing(
            frame,
            plot,
            Box(head, top - 2, self.right, table_top + self.table.height),
            title=_("Profile {name}").format(name=profile.name).strip(),
            name=profile.name,
            place=profile.place,
            data_date=profile.as_of.isoformat() if profile.as_of else "",
            azimuth_deg=azimuth_of(profile.line),
            targets=self.targets,
        )
        for note, near in marked:
            at = findings.find_place(near, room)
            self.shapes += findings.mark(note, at, Layer.FINDING, f"finding-{note.mark}")
            drawing.notes.append(note)
        drawing.unlisted = len(profile.findings) - len(marked)
        self.shapes += axes.draw(self.levels, frame, plot)
        self.shapes.append(table_rows.drops(self.wanted, self.table.columns, 0.0))
        self.shapes += self.table.draw(head, table_top, self.right)
        drawing.shapes = self.shapes
        drawing.legend = self._legend()
        drawing.remarks = self._remarks()
        return drawing

    def _ranked(self) -> list[tuple[int, Finding]]:
        return findings.ranked(self.profile.findings)

    def _take_line(self, room: Room) -> None:
        """Labels keep off the line itself."""
        for reach in self.profile.reaches:
            for face in ((reach.start_crown, reach.end_crown), (reach.start_invert, reach.end_invert)):
                if face[0] is not None and face[1] is not None:
                    ends = [self.frame.at(reach.from_m, face[0]), self.frame.at(reach.to_m, face[1])]
                    for box in labels.ground_boxes(ends, hatch=0.4):
                        room.take(box)
        for station in self.profile.stations:
            x, side = self.frame.x(station.distance_m), WELL_MM + 0.4 if station.is_well else 0.2
            top = 0.0 if station.ground_level is None else self.frame.y(station.ground_level)
            room.take(Box(x - side, top, x + side, self._foot(station)))
        for pipe, cut in zip(self.profile.crossing_pipes, self.cuts, strict=True):
            if not cut.is_placed:
                x = self.frame.x(pipe.distance_m)
                room.take(Box(x - 0.3, self.frame.y(self.levels.top), x + 0.3, 0.0))

    def _reach(self, reach: Reach) -> None:
        name = profile_rows.reach_target(reach)
        data = {
            "segment-id": str(reach.segment_id),
            "station": f"{(reach.from_m + reach.to_m) / 2:.3f}",
            "class-code": reach.class_code,
        }
        title = " ".join(filter(None, (self.profile.class_name, reach.segment_no)))
        self.targets[name] = Target("reach", title, profile_rows.reach_lines(reach), data)
        crown = self._run(reach, reach.start_crown, reach.end_crown)
        invert = self._run(reach, reach.start_invert, reach.end_invert)
        if crown and invert:
            fill = pipes.tint(self.profile.rgb_hex, 0.55)
            self.shapes.append(Line(Layer.PIPE, ((*crown, *reversed(invert)),), None, True, fill, name))
        runs = tuple(run for run in (crown, invert) if run)
        if runs:
            # One face alone is dash-dotted: the size is not known.
            pen = Pen(0.35, Ink.STRONG, () if len(runs) == 2 else (2.5, 0.8, 0.6, 0.8))
            self.shapes.append(Line(Layer.PIPE, runs, pen, target=name))
            return
        x0, x1 = self.frame.x(reach.from_m), self.frame.x(reach.to_m)
        top = min((y for _x, y in self.ground), default=self.frame.y(self.levels.top))
        middle = (x0 + x1) / 2, top / 2
        # Over the datum, how far the gap reaches: no line at a level nobody knows.
        bracket = ((x0, -1.0), (x0, -3.0), (x1, -3.0), (x1, -1.0))
        self.shapes.append(Line(Layer.PIPE, (bracket,), Pen(0.25, Ink.WARNING, (1.5, 1.0)), target=name))
        words = f"? {_('level missing')}" if x1 - x0 > 16 else "?"
        self.shapes.append(Text(Layer.PIPE, middle, words, 2.6, "middle", 0, Ink.WARNING, True, name))

    def _run(self, reach: Reach, start: float | None, end: float | None) -> tuple[Point, ...] | None:
        if start is None or end is None:
            return None
        return self.frame.at(reach.from_m, start), self.frame.at(reach.to_m, end)

    def _station(self, station: Station) -> None:
        x = self.frame.x(station.distance_m)
        faces = [one for one in (station.invert_in, station.invert_out) if one is not None]
        lowest = min(
            [*faces, *([station.well_bottom_level] if station.well_bottom_level is not None else [])],
            default=None,
        )
        foot = 0.0 if lowest is None else self.frame.y(lowest)
        self.shapes.append(Line(Layer.GRID, (((x, foot), (x, 0.0)),), Pen(0.1, Ink.FAINT)))
        if is_cut_end(station):
            self._match_line(x)
            return
        name = profile_rows.station_target(station)
        data = {
            "point-id": str(station.point_id),
            "station": f"{station.distance_m:.3f}",
            "class-code": self.profile.class_code,
        }
        title = " ".join(filter(None, (station.point_no, station.kind_name)))
        kind = "well" if station.is_well else "station"
        self.targets[name] = Target(kind, title, profile_rows.station_lines(station), data)
        if station.ground_level is None:
            run = ((x, min(foot, -10.0) - 6), (x, foot))
            self.shapes.append(Line(Layer.WELL, (run,), Pen(0.25, Ink.WARNING, (1.5, 1.0)), target=name))
            return
        top = self.frame.y(station.ground_level)
        if not station.is_well:
            self.shapes.append(
                Line(Layer.WELL, (((x, top), (x, foot)),), Pen(0.13, Ink.QUIET, (1.0, 0.7)), target=name)
            )
            return
        self._well(station, x, top, foot, name)

    def _foot(self, station: Station) -> float:
        """The lowest that is known of a node, on the sheet; the datum where nothing is."""
        below = (station.invert_in, station.invert_out, station.well_bottom_level)
        lowest = min((one for one in below if one is not None), default=None)
        return 0.0 if lowest is None else self.frame.y(lowest)

    def _match_line(self, x: float) -> None:
        """接图线: the reach goes on, on the next sheet."""
        top = self.frame.y(self.levels.top)
        run = ((x, top), (x, 0.0))
        self.shapes.append(Line(Layer.SHEET, (run,), Pen(0.25, Ink.QUIET, (4.0, 1.0, 0.8, 1.0))))
        words = _("Match line")
        self.shapes.append(Text(Layer.SHEET, (x - 0.8, top / 2), words, 2.2, "middle", 90, Ink.QUIET))

    def _well(self, station: Station, x: float, top: float, foot: float, name: str) -> None:
        left, right = x - WELL_MM, x + WELL_MM
        if station.well_bottom_level is None:
            walls = tuple(((side, top), (side, foot)) for side in (left, right))
            self.shapes.append(Line(Layer.WELL, walls, Pen(0.25, Ink.STRONG, (1.2, 0.8)), target=name))
        else:
            bottom = self.frame.y(station.well_bottom_level)
            chamber = ((left, top), (left, bottom), (right, bottom), (right, top))
            # Over the ends of the line: it is seen to enter and to leave.
            self.shapes.append(Line(Layer.CROSSING, (chamber,), Pen(0.3), True, Ink.PAPER, name))
        lid = Box(left - 0.5, top - 0.7, right + 0.5, top)
        self.shapes.append(
            Line(Layer.CROSSING, (lid.corners(),), Pen(0.18), True, self.profile.rgb_hex, name)
        )

    def _draw_ground(self) -> None:
        if len(self.ground) < 2:
            at, words = ((self.left + self.right) / 2, -6.0), _("Ground levels missing")
            self.shapes.append(Text(Layer.GROUND, at, words, 2.6, "middle", colour=Ink.WARNING))
            return
        self.shapes.append(Line(Layer.GROUND, (tuple(self.ground),), Pen(0.5, Ink.STRONG)))
        self.shapes.append(Line(Layer.GROUND, earth(self.ground, 14.0), Pen(0.15, Ink.GROUND)))

    def _crossings(self, room: Room, highest: float) -> float:
        """Crossing pipes with their labels; and the upper end of these."""
        wanted = []
        for pipe, cut, box in zip(self.profile.crossing_pipes, self.cuts, self.boxes, strict=True):
            name = f"crossing-{pipe.segment_id}-{pipe.distance_m:.3f}"
            title = " ".join(filter(None, (pipe.class_code, pipe.class_name, pipe.segment_no)))
            data = {
                "segment-id": str(pipe.segment_id),
                "station": f"{pipe.distance_m:.3f}",
                "class-code": pipe.class_code,
            }
            self.targets[name] = Target("crossing", title, profile_rows.crossing_lines(pipe), data)
            x = self.frame.x(pipe.distance_m)
            ground = (height_at(self.ground, x) if self.ground else None) or highest
            if box is None:
                run = ((x, ground), (x, 0.0))
                pen = Pen(0.25, Ink.WARNING, (2.0, 1.2))
                self.shapes.append(Line(Layer.CROSSING, (run,), pen, target=name))
            else:
                self.shapes += pipes.draw(cut, self.frame, Layer.CROSSING, name)
            box = box or Box(x - 0.5, ground / 2 - 1, x + 0.5, ground / 2 + 1)
            colour = Ink.STRONG if cut.is_placed else Ink.WARNING
            wanted.append(Label(name, box, profile_rows.label_of_crossing(pipe), colour))
        taken = list(room.boxes)
        inside = Box(self.left + 1, highest - SKY_MM, self.right - 1, -0.5)
        shapes = labels.beside(wanted, room, inside)
        if shapes is not None:
            self.shapes += shapes
            return highest - SKY_MM
        room.reset(taken)
        wanted.sort(key=lambda label: label.box.left + label.box.right)
        shapes, roof = labels.above(wanted, highest - SKY_MM, self.left + 3, self.right - 3)
        self.shapes += shapes
        return roof

    def _finding(self, number: int, finding: Finding, room: Room) -> tuple[Note, Box]:
        """Its drawing, and where its mark shall be near."""
        name = f"finding-{number}"
        note = findings.note_of(number, finding)
        data = {"segment-ids": " ".join(map(str, finding.segment_ids)), "code": finding.code}
        self.targets[name] = Target("finding", note.words, (), data)
        x = self.frame.x(finding.station_m if finding.station_m is not None else self.frame.station_m)
        reach = self._reach_at(finding)
        invert = self._run(reach, reach.start_invert, reach.end_invert) if reach else None
        crown = self._run(reach, reach.start_crown, reach.end_crown) if reach else None
        if finding.code == "reverse_slope" and invert:
            pen = Pen(0.7, findings.ink_of(finding))
            self.shapes.append(Line(Layer.FINDING, (invert,), pen, target=name))
        if finding.code == "cover" and crown and self.ground:
            ground, y = height_at(self.ground, x), height_at(list(crown), x)
            if ground is not None and y is not None:
                shapes, near = findings.down_to(Box(x, y, x, y), ground, finding, name)
                self.shapes += shapes
                room.take(near)
                return note, near
        y = height_at(list(invert), x) if invert else None
        return note, Box(x - 0.5, y - 0.5, x + 0.5, y + 0.5) if y is not None else Box(
            x - 0.5, -5, x + 0.5, -4
        )

    def _reach_at(self, finding: Finding) -> Reach | None:
        """The reach a finding is about, nearest to its station."""
        about = [reach for reach in self.profile.reaches if reach.segment_id in finding.segment_ids]
        station = finding.station_m or 0.0
        return min(about, key=lambda one: max(one.from_m - station, station - one.to_m), default=None)

    def _legend(self) -> list[LegendEntry]:
        profile = self.profile
        found = {
            (pipe.class_code, pipe.sub_code): LegendEntry(
                pipe.class_name, f"{pipe.class_code}/{pipe.sub_code}", pipe.rgb_hex, ""
            )
            for pipe in profile.crossing_pipes
        }
        own = LegendEntry(profile.class_name, f"{profile.class_code}/{profile.sub_code}", profile.rgb_hex, "")
        found.pop((profile.class_code, profile.sub_code), None)
        return [own, *(found[key] for key in sorted(found))]

    def _remarks(self) -> list[str]:
        said = [
            _("Levels and lengths in metres, sizes in millimetres, slopes in per mille; data as surveyed.")
        ]
        without = sum(
            reach.start_invert is None or reach.end_invert is None for reach in self.profile.reaches
        )
        if without:
            said.append(_("{count} reaches without levels are left open.").format(count=without))
        if any(one.is_well and one.well_bottom_level is None for one in self.profile.stations):
            said.append(_("Dashed wells: their depth was not surveyed."))
        return said


def _levels_of(profile: Profile, cuts: list[pipes.Cut]) -> list[float]:
    values = [point.level for point in profile.ground]
    for station in profile.stations:
        values += [one for one in (station.ground_level, station.well_bottom_level) if one is not None]
    for reach in profile.reaches:
        ends = (reach.start_crown, reach.end_crown, reach.start_invert, reach.end_invert)
        values += [one for one in ends if one is not None]
    for cut in cuts:
        if cut.centre_level is not None:
            half = (cut.height_m or 0.0) / 2
            values += [cut.centre_level - half, cut.centre_level + half]
    return values
