// The tools of the map: one panel is open at a time, and its script is loaded when it is first opened.

import { part } from "./address.js";
import { drawnKey } from "./keys.js";
import { notice } from "./notice.js";

const PANELS = {
  list: () => import("./list_view.js"),
  draw: () => import("./draw.js"),
  compare: () => import("./compare.js"),
  bookmarks: () => import("./bookmarks.js"),
};
const stage = document.getElementById("stage");

export class Toolbar {
  made = new Map();
  shown = null;

  // city: { map, gl, options, layers, details }
  constructor(city) {
    this.city = city;
    this.buttons = [...document.querySelectorAll("[data-tool]")];
    for (const button of this.buttons) {
      button.addEventListener("click", () => this.toggle(button.dataset.tool));
      panelOf(button.dataset.tool).querySelector("[data-close]").addEventListener("click", () => this.close(true));
    }
    // Pages of their own begin with the view that is seen here.
    for (const link of document.querySelectorAll("[data-leads]")) {
      link.addEventListener("click", () => (link.hash = location.hash));
    }
    document.querySelector('[data-act="whole"]').addEventListener("click", () => city.map.fitBounds(city.options.bounds, { padding: [8, 8] }));
    document.querySelector('[data-skip="list"]').addEventListener("click", (event) => {
      event.preventDefault();
      this.open("list");
    });
    document.addEventListener("keydown", (event) => this.key(event));
    if (part("compare")) this.open("compare");
    if (localStorage.getItem(drawnKey())) this.load("draw");
  }

  key(event) {
    if (event.key === "Escape" && this.shown && panelOf(this.shown).contains(event.target)) return this.close(true);
    const typing = event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable], wa-dialog[open]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const button = this.buttons.find((one) => one.dataset.key === event.key);
    if (button) this.toggle(button.dataset.tool);
  }

  toggle(name) {
    return this.shown === name ? this.close(true) : this.open(name);
  }

  async open(name) {
    this.close();
    this.shown = name;
    panelOf(name).hidden = false;
    stage.dataset.panel = name;
    this.mark();
    panelOf(name).focus();
    const tool = await this.load(name);
    if (this.shown === name) tool?.opened?.();
  }

  // A tool once made stays; it is told when its panel is opened and closed.
  load(name) {
    if (!this.made.has(name)) {
      this.made.set(
        name,
        PANELS[name]()
          .then((module) => new module.default(this.city, panelOf(name)))
          .catch((error) => {
            this.made.delete(name);
            console.warn(error);
            notice(stage.dataset.failed);
          }),
      );
    }
    return this.made.get(name);
  }

  async close(andFocus = false) {
    const name = this.shown;
    if (!name) return;
    this.shown = null;
    panelOf(name).hidden = true;
    delete stage.dataset.panel;
    this.mark();
    if (andFocus) this.buttons.find((one) => one.dataset.tool === name)?.focus();
    (await this.made.get(name))?.closed?.();
  }

  mark() {
    for (const button of this.buttons) button.setAttribute("aria-expanded", String(button.dataset.tool === this.shown));
  }
}

const panelOf = (name) => document.getElementById(`panel-${name}`);
