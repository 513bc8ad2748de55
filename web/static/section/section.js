// A section drawing of the service in a page: what is pointed at says what it is, a click chooses it, keys go
// from pipe to pipe in the order of stations, two points measure. The drawing is an <svg class="section-drawing">.
//
// Events on the svg, all bubbling: "section-hover" and "section-select" with { target, kind, segmentId, pointId,
// station } (null for nothing), "section-measure" with { horizontal, vertical, distance, clear } in metres.

import { Measure } from "./measure.js";
import { Zoom } from "./zoom.js";

const ORDERED = ["pipe", "reach", "well", "station", "crossing"];
const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export function bindSection(svg) {
  return new Section(svg);
}

class Section {
  constructor(svg) {
    this.svg = svg;
    this.words = JSON.parse(svg.dataset.words);
    this.bound = new AbortController();
    this.zoom = new Zoom(svg, this.bound.signal);
    this.measuring = new Measure(svg, this.words);
    this.stops = [...svg.querySelectorAll(".target[tabindex]")]
      .filter((one) => ORDERED.includes(kindOf(one)))
      .sort((a, b) => a.dataset.station - b.dataset.station);
    this.stops[0]?.setAttribute("tabindex", "0");
    // With listeners for focus, Chromium would make the whole drawing a stop of its own.
    svg.setAttribute("tabindex", "-1");
    // The browser would show its own box over ours; the words stay in aria-label and data-title.
    for (const title of svg.querySelectorAll(".target > title")) title.remove();
    this.card = document.createElement("div");
    this.card.className = "section-card";
    this.card.hidden = true;
    svg.after(this.card);
    this.listen();
  }

  listen() {
    const on = (name, does) => this.svg.addEventListener(name, does, { signal: this.bound.signal });
    on("pointerover", (event) => this.hover(targetOf(event)));
    on("pointerleave", () => this.hover(null));
    on("focusin", (event) => this.hover(targetOf(event)));
    on("focusout", () => this.hover(null));
    on("click", (event) => {
      if (this.zoom.hasMoved) return;
      if (this.measuring.isOn) this.tell("section-measure", this.measuring.click(event, targetOf(event)));
      else this.select(targetOf(event));
    });
    on("pointermove", (event) => this.measuring.move(event));
    on("keydown", (event) => this.key(event));
  }

  key(event) {
    const target = targetOf(event);
    if (event.key === "Escape" && this.measuring.isOn) this.measure(false);
    else if (target && (event.key === "Enter" || event.key === " ")) this.select(target);
    else if (target && event.key in STEPS) this.stop(this.stops.indexOf(target) + STEPS[event.key]);
    else if (target && event.key === "Home") this.stop(0);
    else if (target && event.key === "End") this.stop(this.stops.length - 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  stop(at) {
    const next = this.stops[at];
    if (!next) return;
    for (const one of this.stops) one.setAttribute("tabindex", one === next ? "0" : "-1");
    next.focus();
  }

  hover(target) {
    if (target === this.hovered) return;
    this.hovered = target;
    this.mark("is-hovered", target ? [target.dataset.target] : []);
    this.show(target);
    this.tell("section-hover", told(this.first(target)));
  }

  select(target) {
    this.mark("is-selected", target ? [target.dataset.target] : []);
    this.tell("section-select", told(this.first(target)));
  }

  // From outside: every place where a segment is cut, and what is said of it there.
  light(segmentId, name = "is-selected") {
    const found = segmentId == null ? [] : [...this.svg.querySelectorAll(`[data-segment-id="${CSS.escape(segmentId)}"]`)];
    this.mark(name, found.map((one) => one.dataset.target));
    return found;
  }

  reveal(segmentId) {
    const [first] = this.light(segmentId);
    first?.scrollIntoView({ block: "nearest", inline: "center" });
  }

  measure(on) {
    this.measuring.turn(on);
  }

  destroy() {
    this.bound.abort();
    this.measuring.turn(false);
    this.card.remove();
  }

  mark(name, targets) {
    for (const one of this.svg.querySelectorAll(`.${name}`)) one.classList.remove(name);
    for (const target of targets) {
      for (const one of this.svg.querySelectorAll(`[data-target="${CSS.escape(target)}"]`)) one.classList.add(name);
    }
  }

  // The group that carries the data: labels and cells of the table only carry its name.
  first(target) {
    return target && this.svg.querySelector(`[data-target="${CSS.escape(target.dataset.target)}"][tabindex]`);
  }

  show(target) {
    const from = this.first(target);
    this.card.hidden = !from;
    if (!from) return;
    const title = document.createElement("strong");
    title.textContent = from.dataset.title;
    const lines = (from.dataset.lines || "").split("\n").filter(Boolean).map((line) => {
      const row = document.createElement("span");
      row.textContent = line;
      return row;
    });
    this.card.replaceChildren(title, ...lines);
    this.place(target.getBoundingClientRect());
  }

  // Beside what it tells of, inside the window.
  place(box) {
    const { width, height } = this.card.getBoundingClientRect();
    const right = box.right + 12;
    const left = right + width < innerWidth ? right : Math.max(8, box.left - width - 12);
    const top = Math.min(Math.max(8, (box.top + box.bottom - height) / 2), innerHeight - height - 8);
    this.card.style.left = `${left}px`;
    this.card.style.top = `${top}px`;
  }

  tell(name, detail) {
    this.svg.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  }
}

const targetOf = (event) => event.target.closest?.(".target") ?? null;
const kindOf = (element) => element.getAttribute("class").match(/target-(\w+)/)?.[1];
const number = (text) => (text === undefined ? null : Number(text));

function told(element) {
  if (!element) return null;
  const { target, segmentId, pointId, station } = element.dataset;
  return { target, kind: kindOf(element), segmentId: number(segmentId), pointId: number(pointId), station: number(station) };
}
