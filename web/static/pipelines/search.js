// One field finds pipes, wells, roads and owners by their number or name.

import { call } from "../js/api.js";
import { Combobox } from "../js/combobox.js";
import { make, words } from "./words.js";

const WAIT_MS = 180;

export class Search extends Combobox {
  // onTake(item): what to do with a row that was chosen
  constructor(onTake) {
    super(document.getElementById("find"), document.getElementById("found"), WAIT_MS);
    this.onTake = onTake;
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
    this.tell(this.items.length ? this.items.map(row) : [make("li", { class: "quiet", text: words.nothingFound })]);
  }

  // Enter before the list has come waits for it: who knows the number does not wait for a list.
  async enter() {
    clearTimeout(this.timer);
    if (this.asked !== this.input.value.trim()) await this.ask();
    super.enter();
  }

  chosen(item) {
    this.input.blur();
    this.onTake(item);
  }
}

function row(item, i) {
  return make("li", { id: `found-${i}`, role: "option", "aria-selected": "false" }, make("span", { text: item.title }), make("span", { class: "quiet small", text: [item.kind === "owner" ? "" : item.subtitle, item.kind_title].filter(Boolean).join(" · ") }));
}
