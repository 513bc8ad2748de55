// Bars of how many cases were reported when, and the window over them.

const NAME = "http://www.w3.org/2000/svg";
const HEIGHT = 100;

export class Bars {
  items = []; // { at, count }
  until = null;

  constructor(picture) {
    this.picture = picture;
    this.path = document.createElementNS(NAME, "path");
    this.window = document.createElementNS(NAME, "rect");
    this.window.setAttribute("height", HEIGHT);
    picture.append(this.window, this.path);
  }

  show({ items, until }) {
    this.items = items;
    this.until = until;
    const most = Math.max(1, ...items.map((one) => one.count));
    this.picture.setAttribute("viewBox", `0 0 ${Math.max(1, items.length)} ${HEIGHT}`);
    const bar = ({ count }, place) => `M${place} ${HEIGHT}v${-(count / most) * HEIGHT}h1v${(count / most) * HEIGHT}z`;
    this.path.setAttribute("d", items.map(bar).join(""));
  }

  mark(start, length) {
    this.window.setAttribute("x", start);
    this.window.setAttribute("width", length);
  }

  // The moments a window begins and ends at, and how many cases lie in it.
  span(start, length) {
    const end = this.items[start + length]?.at ?? this.until;
    const count = this.items.slice(start, start + length).reduce((sum, one) => sum + one.count, 0);
    return { from: this.items[start]?.at, to: end, count };
  }
}
