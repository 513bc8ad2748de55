// One field finds cases, grids, areas, roads, components and pipes.

import { call } from "../js/api.js";
import { Combobox } from "../js/combobox.js";

const WAIT_MS = 200;
const stage = document.getElementById("stage");

export class Search extends Combobox {
  constructor(details) {
    super(document.getElementById("find"), document.getElementById("found"), WAIT_MS);
    this.details = details;
  }

  async ask() {
    const words = this.input.value.trim();
    const enough = words.length > 1 || /[^\x00-\x7f]/.test(words);
    if (!enough) return this.close();
    const answer = await call("GET", `/api/v1/find?q=${encodeURIComponent(words)}`).catch(() => ({ items: [] }));
    if (words !== this.input.value.trim()) return;
    this.items = answer.items;
    this.tell(this.items.length ? this.items.map(row) : [nothing()]);
  }

  chosen(item) {
    this.details.show(item.layer, item.id, { move: true });
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
