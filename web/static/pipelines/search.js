// One field finds pipes, wells, roads and owners by their number or name: a combobox with its list below.

import { call } from "../js/api.js";
import { make, words } from "./words.js";

const WAIT_MS = 180;

export class Search {
  // onTake(item): what to do with a row that was chosen
  constructor(onTake) {
    this.onTake = onTake;
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
      this.enter();
    });
    this.list.addEventListener("pointerdown", (event) => {
      const row = event.target.closest("[role=option]");
      if (!row) return;
      event.preventDefault(); // the field keeps the focus until something is taken
      this.take([...this.list.children].indexOf(row));
    });
    this.input.addEventListener("blur", () => this.close());
  }

  async ask() {
    const asked = this.input.value.trim();
    if (!asked) return this.close();
    this.turn?.abort();
    const mine = (this.turn = new AbortController());
    try {
      const answer = await call("GET", `/api/v1/pipelines/find?q=${encodeURIComponent(asked)}`, { signal: mine.signal });
      if (mine.signal.aborted) return;
      this.items = answer.items;
      this.asked = asked;
    } catch (problem) {
      if (mine.signal.aborted) return;
      this.items = [];
      return this.tell([make("li", { class: "quiet", text: problem.problem ? problem.message : words.noAnswer })]);
    }
    this.at = -1;
    this.tell(this.items.length ? this.items.map(row) : [make("li", { class: "quiet", text: words.nothingFound })]);
  }

  // Enter before the list has come waits for it: who knows the number does not wait for a list.
  async enter() {
    clearTimeout(this.timer);
    if (this.asked !== this.input.value.trim()) await this.ask();
    this.take(Math.max(this.at, 0));
  }

  tell(rows) {
    this.list.replaceChildren(...rows);
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
    [...this.list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === this.at)));
    this.input.setAttribute("aria-activedescendant", `found-${this.at}`);
    this.list.children[this.at].scrollIntoView({ block: "nearest" });
  }

  take(i) {
    const item = this.items[i];
    if (!item) return;
    this.close();
    this.input.blur();
    this.onTake(item);
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

function row(item, i) {
  return make("li", { id: `found-${i}`, role: "option", "aria-selected": "false" }, make("span", { text: item.title }), make("span", { class: "quiet small", text: [item.kind === "owner" ? "" : item.subtitle, item.kind_title].filter(Boolean).join(" · ") }));
}
