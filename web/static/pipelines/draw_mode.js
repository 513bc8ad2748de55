// Places given on the map by mouse, finger or keyboard: two for a line, three or more for an area.
// Click and click, or press and drag for a line; by keyboard Enter takes the place under the cross.

const DRAG_PX = 8; // less is a click by a hand that is not quite still

export class DrawMode {
  onSketch = () => {}; // places so far, the last one still moving
  onDone = () => {};
  onEnd = () => {}; // finished or given up

  constructor(map) {
    this.map = map;
    this.wanted = null; // "line" or "area"
    this.places = [];
    this.pressed = null;
    const box = map.gl?.getCanvasContainer();
    if (!box) return;
    box.addEventListener("pointerdown", (event) => this.down(event), true);
    addEventListener("pointermove", (event) => this.move(event));
    addEventListener("pointerup", (event) => this.up(event));
    addEventListener("pointercancel", () => (this.pressed = null));
    box.addEventListener("dblclick", (event) => this.wanted && event.stopPropagation(), true);
    box.addEventListener("keydown", (event) => this.key(event), true);
    map.gl.on("move", () => this.wanted && this.places.length && this.byKeys && this.onSketch([...this.places, map.centre()]));
  }

  start(wanted) {
    this.stop();
    this.wanted = wanted;
    this.map.box.dataset.armed = wanted;
    const { gl } = this.map;
    gl.dragPan.disable();
    gl.doubleClickZoom.disable();
    gl.getCanvas().style.cursor = "crosshair";
    gl.getCanvas().focus({ preventScroll: true });
  }

  stop() {
    if (!this.wanted) return;
    this.wanted = null;
    this.places = [];
    this.pressed = null;
    this.byKeys = false;
    delete this.map.box.dataset.armed;
    const { gl } = this.map;
    gl.dragPan.enable();
    gl.doubleClickZoom.enable();
    gl.getCanvas().style.cursor = "";
    this.onEnd();
  }

  at(event) {
    const box = this.map.gl.getCanvas().getBoundingClientRect();
    const { lng, lat } = this.map.gl.unproject([event.clientX - box.left, event.clientY - box.top]);
    return [lng, lat];
  }

  down(event) {
    if (!this.wanted || event.button) return;
    // Two fingers move the map: what the first began is not meant.
    if (!event.isPrimary) return void (this.pressed = null);
    this.byKeys = false;
    this.pressed = { x: event.clientX, y: event.clientY, at: this.at(event), isFirst: !this.places.length };
    if (this.pressed.isFirst && this.wanted === "line") this.places = [this.pressed.at];
  }

  move(event) {
    if (!this.wanted || !this.places.length || !event.isPrimary) return;
    this.onSketch([...this.places, this.at(event)]);
  }

  up(event) {
    if (!this.wanted || !this.pressed || !event.isPrimary) return;
    const { x, y, isFirst } = this.pressed;
    const isDragged = Math.hypot(event.clientX - x, event.clientY - y) > DRAG_PX;
    this.pressed = null;
    if (this.wanted === "line" && isFirst && !isDragged) return; // the second click is still to come
    this.take(this.at(event));
  }

  take(place) {
    const last = this.places.at(-1);
    const isAgain = last && this.pixels(last, place) < DRAG_PX;
    if (this.wanted === "area" && isAgain) return this.finish();
    if (isAgain) return;
    this.places.push(place);
    if (this.wanted === "line" && this.places.length === 2) return this.finish();
    this.onSketch([...this.places]);
  }

  pixels(one, other) {
    const [a, b] = [this.map.gl.project(one), this.map.gl.project(other)];
    return Math.hypot(a.x - b.x, a.y - b.y);
  }

  key(event) {
    if (!this.wanted) return;
    if (event.key === "Enter") {
      this.byKeys = true;
      this.take(this.map.centre());
    } else if (event.key === "Backspace" && this.places.length) {
      this.places.pop();
      this.onSketch([...this.places]);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  finish() {
    const least = this.wanted === "line" ? 2 : 3;
    if (this.places.length < least) return;
    const { places } = this;
    this.stop();
    this.onDone(places);
  }
}
