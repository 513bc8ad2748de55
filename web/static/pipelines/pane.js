// The drawing and its table below or beside the map: one at a time, a section or a profile.

import { Problem } from "../js/api.js";
import { Drawing } from "./drawing.js";
import { words } from "./words.js";

const byId = (id) => document.getElementById(id);
const LEAST = 20; // hundredths of the height
const MOST = 85;
const READABLE_PX = 3.3; // of a millimetre on paper: words 2.5 mm high are read at that
const HEADS_MM = 45; // of the table, left of the drawing
const NEARER = 1.5;

export class Pane {
  onFormat = () => {};

  constructor() {
    this.bench = byId("bench");
    this.drawing = byId("drawing");
    this.table = byId("pane-table");
    this.owner = null; // the tool whose drawing stands here
    byId("files").addEventListener("click", (event) => {
      const button = event.target.closest("[data-format]");
      if (button) this.onFormat(button.dataset.format, button);
    });
    byId("pane-large").addEventListener("click", () => this.large());
    byId("zoom-in").addEventListener("click", () => this.bound?.zoom(NEARER));
    byId("zoom-out").addEventListener("click", () => this.bound?.zoom(1 / NEARER));
    byId("measure").addEventListener("click", () => this.measure(byId("measure").getAttribute("aria-pressed") !== "true"));
    this.split(byId("split"));
    this.empty();
  }

  // Nothing to show: the words say how to begin.
  empty() {
    this.owner = null;
    this.bench.dataset.pane = "closed";
    byId("pane-empty").hidden = false;
    byId("pane-body").hidden = true;
    this.drawing.replaceChildren();
    this.table.replaceChildren();
    this.head("", "");
    this.wrong("");
    byId("files").hidden = byId("zooms").hidden = true;
  }

  busy(on) {
    byId("pane").toggleAttribute("aria-busy", on);
    if (on && this.bench.dataset.pane === "closed") {
      this.bench.dataset.pane = "open";
      byId("pane-empty").hidden = true;
      this.head(words.drawing, "");
    }
  }

  // svg: text of the service; table: an element; onHover, onSelect: what is pointed at in the drawing. What was
  // here stays until this moment.
  show({ owner, title, facts, svg, table, onHover, onSelect }) {
    const drawn = document.importNode(new DOMParser().parseFromString(svg, "image/svg+xml").documentElement, true);
    const { scrollTop } = byId("pane-body");
    const { scrollLeft } = this.drawing;
    const isSame = this.owner === owner;
    this.owner = owner;
    this.bench.dataset.pane = "open";
    byId("pane-empty").hidden = true;
    byId("pane-body").hidden = false;
    byId("files").hidden = byId("zooms").hidden = false;
    this.bound?.destroy();
    this.drawing.replaceChildren(drawn);
    this.bound = new Drawing(drawn, { onHover, onSelect });
    this.table.replaceChildren(table);
    this.head(title, facts);
    this.wrong("");
    this.drawing.style.setProperty("--mm", drawn.viewBox.baseVal.width);
    byId("pane-body").scrollTop = isSame ? scrollTop : 0;
    this.drawing.scrollLeft = isSame ? scrollLeft : 0;
    this.measure(byId("measure").getAttribute("aria-pressed") === "true");
    return this.bound;
  }

  measure(on) {
    byId("measure").setAttribute("aria-pressed", String(on));
    this.bound?.measure(on);
  }

  // The scale at which a section of some metres fills the pane and its words can be read.
  scaleFor(metres) {
    const width = this.drawing.clientWidth || this.bench.clientWidth;
    const least = (metres * 1000) / Math.max(60, width / READABLE_PX - HEADS_MM);
    const scales = [...byId("scale-h").options].map((one) => Number(one.value)).filter(Boolean);
    return scales.find((scale) => scale >= least * 0.8) ?? scales.at(-1);
  }

  head(title, facts) {
    byId("pane-title").textContent = title;
    byId("pane-facts").textContent = facts;
  }

  // The last good drawing stays below the words: it is not lost to a slip of the hand.
  fail(problem) {
    this.bench.dataset.pane = "open";
    byId("pane-empty").hidden = true;
    this.wrong(saidBy(problem));
  }

  wrong(text) {
    byId("pane-wrong").hidden = !text;
    byId("pane-wrong").lastElementChild.textContent = text;
  }

  large(on = this.bench.dataset.pane !== "large") {
    if (this.bench.dataset.pane === "closed") return;
    this.bench.dataset.pane = on ? "large" : "open";
    byId("pane-large").setAttribute("aria-pressed", String(on));
  }

  split(bar) {
    const set = (part) => {
      const height = Math.round(Math.max(LEAST, Math.min(MOST, part)));
      this.bench.style.setProperty("--pane", height);
      bar.setAttribute("aria-valuenow", height);
    };
    bar.addEventListener("pointerdown", (event) => bar.setPointerCapture(event.pointerId));
    bar.addEventListener("pointermove", (event) => {
      if (!bar.hasPointerCapture(event.pointerId)) return;
      const { top, height } = this.bench.getBoundingClientRect();
      set(100 - ((event.clientY - top) / height) * 100);
    });
    bar.addEventListener("keydown", (event) => {
      const step = { ArrowUp: 5, ArrowDown: -5 }[event.key];
      if (!step) return;
      event.preventDefault();
      set(Number(bar.getAttribute("aria-valuenow")) + step);
    });
  }
}

// What went wrong, with what to do about it, in the service's own words.
export function saidBy(problem) {
  if (!(problem instanceof Problem)) return words.noAnswer;
  const details = (problem.problem.errors ?? []).map((one) => one.detail).filter(Boolean);
  return [problem.message, ...details.filter((one) => one !== problem.message)].join(" ");
}
