// The queues of the person's role with what waits in each, and the filters they have saved.

import { call } from "../js/api.js";
import { ALL, WATCHED, addressOf } from "./address.js";
import { fill, icon, make, words } from "./words.js";

export class Queues {
  constructor(box, onChoose) {
    this.list = box.querySelector("#queues");
    this.saved = box.querySelector("#filters");
    this.none = box.querySelector("#no-filters");
    this.items = [];
    this.filters = [];
    this.chosen = null;
    box.addEventListener("click", (event) => {
      const remove = event.target.closest("[data-remove]");
      if (remove) return this.remove(remove.dataset.remove);
      const link = event.target.closest("a[data-asked]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      onChoose(JSON.parse(link.dataset.asked));
    });
  }

  async load() {
    const { items } = await call("GET", "/api/v1/queues");
    const found = [...items, ...Object.keys(WATCHED).map((code) => ({ code, title: words.watched[code] }))];
    this.items = found.map((one, index) => ({ ...one, letter: letterOf(found, index) }));
    this.draw();
    return this.items;
  }

  async loadFilters() {
    this.filters = (await call("GET", "/api/v1/filters")).items;
    this.drawFilters();
  }

  title(code) {
    return this.items.find((one) => one.code === code)?.title ?? words.watched[ALL];
  }

  get(code) {
    return this.items.find((one) => one.code === code);
  }

  byLetter(letter) {
    return this.items.find((one) => one.letter === letter);
  }

  choose(code) {
    this.chosen = code;
    this.draw();
  }

  draw() {
    const focused = this.list.contains(document.activeElement) ? document.activeElement.dataset.asked : null;
    this.list.replaceChildren(...this.items.map((one) => this.row(one)));
    if (focused) [...this.list.querySelectorAll("a")].find((one) => one.dataset.asked === focused)?.focus();
  }

  row(one) {
    const asked = { queue: one.code };
    // How many of them are late is a list of its own, one click away.
    const late = (count, lamp, symbol, text) => {
      if (!count) return null;
      const narrowed = { ...asked, lamp };
      const said = fill(text, { n: count });
      return make("a", { class: "lamp", href: addressOf(narrowed, null), "data-asked": JSON.stringify(narrowed), "data-lamp": lamp, title: said, "aria-label": `${one.title}: ${said}` }, icon(symbol), make("span", { text: count }));
    };
    const link = make(
      "a",
      { href: addressOf(asked, null), "data-asked": JSON.stringify(asked), "aria-current": one.code === this.chosen ? "page" : null, title: one.letter ? `g ${one.letter}` : null },
      make("span", { class: "name", text: one.title }),
      make("span", { class: "count", text: countOf(one) }),
    );
    const isFirstWatched = one.code === Object.keys(WATCHED)[0] && this.items[0] !== one;
    return make("li", { class: isFirstWatched && "watched", "data-late": Boolean(one.red || one.yellow) }, link, late(one.red, "red", "octagon-alert", words.redCount), late(one.yellow, "yellow", "hourglass", words.yellowCount));
  }

  drawFilters() {
    this.none.hidden = this.filters.length > 0;
    this.saved.replaceChildren(
      ...this.filters.map((one) => {
        const label = fill(words.removeFilter, { name: one.name });
        return make(
          "li",
          {},
          make("a", { href: addressOf(one.query, null), "data-asked": JSON.stringify(one.query) }, icon("bookmark"), make("span", { class: "name", text: one.name })),
          make("button", { type: "button", class: "remove", "data-remove": one.id, "aria-label": label, title: label }, icon("x")),
        );
      }),
    );
  }

  async save(name, query) {
    await call("POST", "/api/v1/filters", { body: { name, query } });
    await this.loadFilters();
  }

  async remove(id) {
    await call("DELETE", `/api/v1/filters/${id}`);
    await this.loadFilters();
  }
}

// Empty where nobody counts.
export function countOf(one) {
  if (one?.count === undefined || one.count === null) return "";
  return `${one.count.toLocaleString()}${one.count_is_capped ? "+" : ""}`;
}

// g and a letter choose a queue: the first letter of its code that no queue above it has taken.
function letterOf(all, index) {
  const taken = [];
  for (const one of all.slice(0, index + 1)) {
    taken.push([...one.code.replace(/[^a-z]/g, ""), ..."abcdefghijklmnopqrstuvwxyz"].find((letter) => letter !== "g" && !taken.includes(letter)));
  }
  return taken[index];
}
