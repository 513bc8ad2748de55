// Two clicks measure in metres of the ground: across, up, straight; and between two pipes their clear distance,
// outer face to outer face. A pipe is taken as the ellipse or the rectangle that is drawn.

const SVG = "http://www.w3.org/2000/svg";

export class Measure {
  constructor(svg, words) {
    this.svg = svg;
    this.words = words;
    this.isOn = false;
    const { x0, y0, station, level, mmPerMX, mmPerMY } = svg.dataset;
    this.frame = { x0: +x0, y0: +y0, station: +station, level: +level, mx: +mmPerMX, my: +mmPerMY };
  }

  turn(on) {
    this.isOn = on;
    this.svg.classList.toggle("is-measuring", on);
    this.clear();
  }

  clear() {
    this.layer?.remove();
    this.layer = null;
    this.start = null;
  }

  // The first click begins, the second ends; null until then.
  click(event, target) {
    const end = this.spot(event, target);
    if (!this.start) {
      this.clear();
      this.start = end;
      this.layer = this.svg.appendChild(document.createElementNS(SVG, "g"));
      this.layer.setAttribute("class", "section-measure");
      return null;
    }
    const found = this.between(this.start, end);
    this.draw(this.start, end, found);
    this.start = null;
    return found;
  }

  move(event) {
    if (!this.isOn || !this.start) return;
    const end = this.spot(event, null);
    this.draw(this.start, end, this.between(this.start, end));
  }

  // Where a pointer is: on the sheet, in the ground, and which pipe it is on.
  spot(event, target) {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
    const { x0, y0, station, level, mx, my } = this.frame;
    return { at, x: station + (at.x - x0) / mx, y: level - (at.y - y0) / my, face: target && this.face(target) };
  }

  // Centre and half sizes in metres of the pipe that a target draws.
  face(target) {
    const name = CSS.escape(target.dataset.target);
    const shape = this.svg.querySelector(
      `.layer-pipe [data-target="${name}"] > :is(ellipse, path), .layer-crossing [data-target="${name}"] > :is(ellipse, path)`,
    );
    if (!shape) return null;
    const box = shape.getBBox();
    const { x0, y0, station, level, mx, my } = this.frame;
    return {
      isRound: shape.tagName === "ellipse",
      x: station + (box.x + box.width / 2 - x0) / mx,
      y: level - (box.y + box.height / 2 - y0) / my,
      rx: box.width / 2 / mx,
      ry: box.height / 2 / my,
    };
  }

  between(a, b) {
    const horizontal = Math.abs(b.x - a.x);
    const vertical = Math.abs(b.y - a.y);
    const clear = a.face && b.face && (a.face.x !== b.face.x || a.face.y !== b.face.y) ? clearOf(a.face, b.face) : null;
    return { horizontal, vertical, distance: Math.hypot(horizontal, vertical), clear };
  }

  draw(a, b, found) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", `M${a.at.x} ${a.at.y}H${b.at.x}V${b.at.y}L${a.at.x} ${a.at.y}`);
    const said = [
      [this.words.horizontal, found.horizontal],
      [this.words.vertical, found.vertical],
      [this.words.distance, found.distance],
      [this.words.clear, found.clear],
    ].filter(([, value]) => value !== null);
    const texts = said.map(([word, value], row) => {
      const text = document.createElementNS(SVG, "text");
      text.setAttribute("x", Math.max(a.at.x, b.at.x) + 1.5);
      text.setAttribute("y", (a.at.y + b.at.y) / 2 + row * 3.4);
      text.setAttribute("font-size", "2.8");
      text.textContent = `${word} ${value.toFixed(3)} m`;
      return text;
    });
    this.layer.replaceChildren(path, ...texts);
  }
}

// Negative where they lie into each other along the line of their centres.
function clearOf(a, b) {
  if (a.isRound || b.isRound) {
    const [round, other] = a.isRound ? [a, b] : [b, a];
    const to = other.isRound ? other : nearest(other, round);
    const dx = to.x - round.x;
    const dy = to.y - round.y;
    const distance = Math.hypot(dx, dy);
    return distance - reach(round, dx, dy) - (other.isRound ? reach(other, dx, dy) : 0);
  }
  const dx = Math.abs(a.x - b.x) - a.rx - b.rx;
  const dy = Math.abs(a.y - b.y) - a.ry - b.ry;
  return dx > 0 && dy > 0 ? Math.hypot(dx, dy) : Math.max(dx, dy);
}

// From the centre of an ellipse to its edge in a direction.
function reach({ rx, ry }, dx, dy) {
  const length = Math.hypot(dx, dy) || 1;
  return 1 / Math.hypot(dx / length / (rx || 1e-9), dy / length / (ry || 1e-9));
}

// The point of a rectangle nearest to another's centre.
function nearest({ x, y, rx, ry }, to) {
  return { x: Math.min(Math.max(to.x, x - rx), x + rx), y: Math.min(Math.max(to.y, y - ry), y + ry) };
}
