// The line of the section on the map: a handle at each end and one in the middle, for mouse, finger and keys.

import { lengthM, middle, plane, shifted } from "./geo.js";
import { feature, lineOf } from "./work_map.js";
import { fill, make, words } from "./words.js";

const STEP_M = 1;
const STRIDE_M = 10; // with Shift

const ARROWS = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

export class CutLine {
  onMove = () => {}; // the line while it moves
  onDone = () => {}; // and where it was let go
  onAlong = () => {}; // metres along the street

  static async on(map) {
    const made = new CutLine(map);
    if (map.gl) ({ Marker: made.Marker } = await import("maplibre-gl"));
    return made;
  }

  constructor(map) {
    this.map = map;
    this.line = null;
    this.name = "";
    this.handles = [];
    this.listenToLine();
  }

  show(line, name) {
    const isSame = line && this.line && line.length === this.line.length;
    this.line = line;
    this.name = name;
    if (!this.map.gl) return;
    this.map.draw("cut", line ? [feature(lineOf(line))] : []);
    if (!isSame) this.rebuild();
    this.place();
  }

  rebuild() {
    for (const one of this.handles) one.remove();
    this.handles = [];
    if (!this.line) return;
    this.line.forEach((_place, i) => this.handles.push(this.handle("end", (to) => this.line.map((old, j) => (i === j ? to : old)), (line) => line[i])));
    this.handles.push(this.handle("middle", (to) => this.carried(to), middle));
  }

  // changed: from a new place to the new line; where: the handle's place on a line
  handle(kind, changed, where) {
    const element = make("button", { type: "button", class: `cut-handle ${kind}` }, make("span"));
    const marker = new this.Marker({ element, draggable: true }).setLngLat(where(this.line)).addTo(this.map.gl);
    marker.where = where;
    marker.kind = kind;
    const dragged = () => {
      const { lng, lat } = marker.getLngLat();
      this.line = changed([lng, lat]);
      this.map.draw("cut", [feature(lineOf(this.line))]);
      this.place(marker);
    };
    marker.on("drag", () => {
      dragged();
      this.onMove(this.line);
    });
    marker.on("dragend", () => this.onDone(this.line));
    element.addEventListener("keydown", (event) => this.key(event, marker, changed));
    element.addEventListener("click", (event) => event.stopPropagation());
    return marker;
  }

  // The handles where the line has them; their letters are those of the section, as on a plan.
  place(but = null) {
    this.handles.forEach((marker, i) => {
      if (marker !== but) marker.setLngLat(marker.where(this.line));
      const element = marker.getElement();
      const [first, last] = (this.name || words.sectionMark).split("-");
      const isLast = i === this.handles.length - 2;
      const letter = marker.kind === "middle" ? "" : isLast ? last || first : i === 0 ? first : "";
      element.firstChild.textContent = letter.slice(0, 3);
      const title = marker.kind === "middle" ? words.moveLine : isLast ? words.moveEnd : words.moveStart;
      element.setAttribute("aria-label", fill(title, { n: lengthM(this.line).toFixed(1) }));
      element.title = element.getAttribute("aria-label");
    });
  }

  carried([lon, lat]) {
    const [east, north] = plane(middle(this.line)).to([lon, lat]);
    return shifted(this.line, [east, north]);
  }

  key(event, marker, changed) {
    const way = ARROWS[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation(); // the map would move, too
    const step = event.shiftKey ? STRIDE_M : STEP_M;
    if (marker.kind === "middle") return this.onAlong((way[0] + way[1]) * step);
    const place = marker.where(this.line);
    this.onDone(changed(plane(place).back(way.map((one) => one * step))));
  }

  // The line itself can be taken, not only its handles.
  listenToLine() {
    const { gl } = this.map;
    if (!gl) return;
    const isOn = ({ x, y }) => this.line && !this.map.box.dataset.armed && gl.queryRenderedFeatures([[x - 7, y - 7], [x + 7, y + 7]], { layers: ["cut"] }).length > 0;
    let from = null;
    gl.on("mousedown", (event) => {
      const isHandle = event.originalEvent.target.closest(".cut-handle"); // which is dragged by itself
      if (isHandle || event.originalEvent.button || !isOn(event.point)) return;
      event.preventDefault(); // the map stays
      from = { at: [event.lngLat.lng, event.lngLat.lat], line: this.line };
    });
    gl.on("mousemove", (event) => {
      if (!from) return void (isOn(event.point) && (gl.getCanvas().style.cursor = "move"));
      const way = plane(from.at).to([event.lngLat.lng, event.lngLat.lat]);
      this.show(shifted(from.line, way), this.name);
      this.onMove(this.line);
    });
    addEventListener("mouseup", () => {
      if (from && from.line !== this.line) this.onDone(this.line);
      from = null;
    });
  }
}
