// One field finds cases, grids, areas, roads, components and pipes: a combobox with its list below.

import { call } from "../js/api.js";

const WAIT_MS = 200;
const stage = document.getElementById("stage");

export class Search {
  constructor(details) {
    this.details = details;
    this.input = document.getElementById("find");
    this.list = document.getElementById("found");
    this.items = [];
    this.at = -1;
    this.input.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), WAIT_MS);
    });
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.take(Math.max(this.at, 0));
    });
    this.list.addEventListener("pointerdown", (event) => {
      const row = event.target.closest("[role=option]");
      if (row) {
        event.preventDefault();
        this.take([...this.list.children].indexOf(row));
      }
    });
    this.input.addEventListener("blur", () => this.close());
  }

  async ask() {
    const words = this.input.value.trim();
    const enough = words.length > 1 || /[^\x00-\x7f]/.test(words);
    if (!enough) return this.close();
    const answer = await call("GET", `/api/v1/find?q=${encodeURIComponent(words)}`).catch(() => ({ items: [] }));
    if (words !== this.input.value.trim()) return;
    this.items = answer.items;
    this.at = -1;
    this.list.replaceChildren(...this.items.map((item, number) => row(item, number)));
    if (!this.items.length) this.list.append(nothing());
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }

  key(event) {
    if (event.key === "Escape") {
      this.close();
      this.input.blur();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !this.items.length) return;
    event.preventDefault();
    this.at = (this.at + step + this.items.length) % this.items.length;
    [...this.list.children].forEach((option, number) => option.setAttribute("aria-selected", String(number === this.at)));
    this.input.setAttribute("aria-activedescendant", `found-${this.at}`);
    this.list.children[this.at].scrollIntoView({ block: "nearest" });
  }

  take(number) {
    const item = this.items[number];
    if (!item) return;
    this.close();
    this.details.show(item.layer, item.id, { move: true });
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

function row(item, number) {
  const option = document.createElement("li");
  option.id = `found-${number}`;
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  const kind = document.createElement("span");
  kind.className = "quiet small";
  kind.textContent = item.kind;
  option.append(item.title, kind);
  return option;
}

function nothing() {
  const line = document.createElement("li");
  line.className = "quiet";
  line.textContent = stage.dataset.nothingFound;
  return line;
}
