// What accepting an import would change: rows that are new, that change (field by field), that go.

import { call } from "../js/api.js";
import { fill, icon, make, words } from "../js/page_words.js";
import { className, number, swatch, told } from "./parts.js";

const PAGE = 50;
// The first three are always there to choose; the others where there are any.
const KINDS = { new: "circle-plus", changed: "pencil-line", gone: "circle-minus", moved: "move", refused: "ban", same: "equal" };
const ALWAYS = ["new", "changed", "gone"];

// What has gone lies where it lay.
const placeOf = (one) => one.geometry ?? one.geometry_before;

export class Differences {
  constructor(root, map, path, { onKind }) {
    this.root = root;
    this.map = map;
    this.path = path;
    this.onKind = onKind;
    this.items = new Map();
    this.turn = 0;
    this.part("list").addEventListener("click", (event) => {
      const link = event.target.closest("a.open");
      if (!link || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      const { id } = link.closest("li").dataset;
      this.choose(id === this.chosen ? null : id);
    });
    this.part("kinds").addEventListener("click", (event) => {
      const chip = event.target.closest("[data-kind]");
      if (chip) this.open(this.counts, chip.dataset.kind);
    });
    this.part("more").addEventListener("click", () => this.more());
  }

  part(name) {
    return this.root.querySelector(`[data-part=${name}]`);
  }

  // replaces: what the files do not name ends; else it stays, and is told for completeness
  async open(counts, kind, { replaces = this.replaces } = {}) {
    this.replaces = replaces;
    this.turn += 1;
    this.counts = counts;
    this.kind = kind in KINDS ? kind : (Object.keys(KINDS).find((one) => counts[one]) ?? "new");
    this.onKind(this.kind);
    this.chosen = null;
    this.items.clear();
    this.part("list").replaceChildren();
    this.part("kinds").replaceChildren(
      ...Object.entries(KINDS).filter(([name]) => ALWAYS.includes(name) || this.counts[name]).map(([name, symbol]) =>
        make("li", {}, make("button", { type: "button", class: "chip", "data-kind": name, "aria-pressed": String(name === this.kind) }, icon(symbol), name === "gone" && !replaces ? words.kind_missing : words[`kind_${name}`], make("span", { class: "count", text: number(counts[name] ?? 0) })))),
    );
    this.next = `${this.path}/difference?kind=${this.kind}&limit=${PAGE}`;
    await this.more();
    this.map.fit();
  }

  async more() {
    const { turn } = this;
    const button = this.part("more");
    button.setAttribute("aria-busy", "true");
    try {
      const page = await call("GET", this.next);
      if (turn !== this.turn) return;
      for (const one of page.items) this.items.set(this.key(one), one);
      this.part("list").append(...page.items.map((one) => this.row(one)));
      this.next = page.next;
      this.part("told").textContent = fill(words.shownOf, { n: number(this.items.size), all: number(Math.max(this.items.size, this.counts[this.kind] ?? 0)) });
      this.part("empty").hidden = this.items.size > 0;
      this.map.draw("marked", this.features());
    } catch (problem) {
      if (turn === this.turn) this.part("told").textContent = told(problem);
    }
    button.removeAttribute("aria-busy");
    button.parentElement.hidden = !this.next;
  }

  key(one) {
    return [one.subject, one.number, one.living_id, one.sheet, one.row_no].join("-");
  }

  features() {
    return [...this.items.values()].filter(placeOf).map((one) => ({ type: "Feature", geometry: placeOf(one), properties: { id: this.key(one), look: this.kind, class_code: one.class_code } }));
  }

  row(one) {
    const key = this.key(one);
    const where = [one.file, one.sheet, one.row_no && fill(words.rowNo, { n: one.row_no })].filter(Boolean).join(" · ");
    return make("li", { "data-id": key },
      make("a", { class: "open", href: `#${encodeURIComponent(key)}` }, swatch(one.class_code), make("strong", { text: one.number }), make("span", { class: "quiet small", text: [words[`subject_${one.subject}`], className(one.class_code)].filter(Boolean).join(" · ") })),
      one.moved_m && make("p", { class: "small", text: fill(words.movedBy, { distance: one.moved_m }) }),
      one.changes.length > 0 && make("dl", { class: "change" }, ...one.changes.flatMap((change) => [make("dt", { text: change.title }), this.beforeAfter(change)])),
      where && make("p", { class: "quiet small", text: where }));
  }

  beforeAfter({ before, after }) {
    const said = (value) => (value === null || value === undefined || value === "" ? words.unknown : String(value));
    return make("dd", {}, make("del", { text: said(before) }), " → ", make("ins", { text: said(after) }));
  }

  choose(id, { scroll = false } = {}) {
    this.chosen = id;
    for (const row of this.part("list").children) {
      const isIt = row.dataset.id === id;
      row.toggleAttribute("data-chosen", isIt);
      if (isIt && scroll) row.scrollIntoView({ block: "center" });
    }
    const one = this.items.get(id);
    this.map.choose(one ? placeOf(one) : null);
  }
}
