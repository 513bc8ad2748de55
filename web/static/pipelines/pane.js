// The drawing and its table below or beside the map: one at a time, a section or a profile.

import { Problem } from "../js/api.js";
import { words } from "./words.js";

const byId = (id) => document.getElementById(id);
const LEAST = 20;
const MOST = 85;

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
    byId("files").hidden = true;
  }

  busy(on) {
    byId("pane").toggleAttribute("aria-busy", on);
    if (on && this.bench.dataset.pane === "closed") {
      this.bench.dataset.pane = "open";
      byId("pane-empty").hidden = true;
      this.head(words.drawing, "");
    }
  }

  // svg: text of the service; table: an element. What was here stays until this moment.
  show({ owner, title, facts, svg, table }) {
    const drawn = document.importNode(new DOMParser().parseFromString(svg, "image/svg+xml").documentElement, true);
    const { scrollLeft, scrollTop } = byId("pane-body");
    const isSame = this.owner === owner;
    this.owner = owner;
    this.bench.dataset.pane = "open";
    byId("pane-empty").hidden = true;
    byId("pane-body").hidden = false;
    byId("files").hidden = false;
    this.drawing.replaceChildren(drawn);
    this.table.replaceChildren(table);
    this.head(title, facts);
    this.wrong("");
    if (isSame) byId("pane-body").scrollTo(scrollLeft, scrollTop);
    return drawn;
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
