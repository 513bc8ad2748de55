// Nearer and farther without leaving the page's scrolling alone: Ctrl and wheel, two fingers, + - 0; a drawing
// that was brought nearer is dragged.

const MOST = 40;
const CLICK_PX = 4; // a hand that shakes less has not dragged

export class Zoom {
  constructor(svg, signal) {
    this.svg = svg;
    this.whole = box(svg.viewBox.baseVal);
    this.now = { ...this.whole };
    this.fingers = new Map();
    this.hasMoved = false;
    const on = (name, does, options) => svg.addEventListener(name, does, { signal, ...options });
    on("wheel", (event) => this.wheel(event), { passive: false });
    on("pointerdown", (event) => this.down(event));
    on("pointermove", (event) => this.drag(event));
    for (const name of ["pointerup", "pointercancel", "pointerleave"]) on(name, (event) => this.fingers.delete(event.pointerId));
    on("keydown", (event) => this.key(event));
  }

  get isNear() {
    return this.now.width < this.whole.width * 0.999;
  }

  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.by(Math.exp(-event.deltaY / 300), this.at(event));
  }

  key(event) {
    const { x, y, width, height } = this.now;
    const middle = { x: x + width / 2, y: y + height / 2 };
    if (event.key === "+" || event.key === "=") this.by(1.4, middle);
    else if (event.key === "-") this.by(1 / 1.4, middle);
    else if (event.key === "0") this.by(0, middle);
    else return;
    event.preventDefault();
  }

  down(event) {
    this.fingers.set(event.pointerId, event);
    this.first = event;
    this.hasMoved = false;
  }

  drag(event) {
    const before = this.fingers.get(event.pointerId);
    if (!before) return;
    if (Math.hypot(event.clientX - this.first.clientX, event.clientY - this.first.clientY) > CLICK_PX) this.hasMoved = true;
    const others = [...this.fingers.values()].filter((one) => one.pointerId !== event.pointerId);
    if (others.length) this.by(apart(event, others[0]) / apart(before, others[0]), this.at(event));
    else if (this.isNear && this.hasMoved) {
      const [from, to] = [this.at(before), this.at(event)];
      this.move(from.x - to.x, from.y - to.y);
    }
    this.fingers.set(event.pointerId, event);
  }

  at(event) {
    return new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
  }

  // times 0: all of it again
  by(times, { x, y }) {
    const { whole, now } = this;
    const width = times ? Math.min(whole.width, Math.max(whole.width / MOST, now.width / times)) : whole.width;
    const share = width / now.width;
    this.now = { x: x - (x - now.x) * share, y: y - (y - now.y) * share, width, height: now.height * share };
    this.move(0, 0);
  }

  move(dx, dy) {
    const { whole, now } = this;
    now.x = clamp(now.x + dx, whole.x, whole.x + whole.width - now.width);
    now.y = clamp(now.y + dy, whole.y, whole.y + whole.height - now.height);
    this.svg.setAttribute("viewBox", `${now.x} ${now.y} ${now.width} ${now.height}`);
    this.svg.classList.toggle("is-near", this.isNear);
  }
}

const box = ({ x, y, width, height }) => ({ x, y, width, height });
const apart = (a, b) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY) || 1;
const clamp = (value, least, most) => Math.min(Math.max(value, least), Math.max(least, most));
