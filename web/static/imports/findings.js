// The findings of one run: how many of what, a list that goes on, each explained and shown on the map.

import { call } from "../js/api.js";
import { data, fill, icon, make, words } from "../js/page_words.js";
import { className, measure, number, severity, swatch, told } from "./parts.js";

const PAGE = 50;
const MAP_PAGE = 1000;
const MOST_ON_MAP = 5000; // findings; of more the first are shown, and said so
const ORDER = ["fatal", "error", "warning", "note"];

// root holds [data-part=severities|codes|list|told|more|csv|empty]. Tells by callbacks: onNarrow(asked), onChoose(id).
export class Findings {
  constructor(root, map, { onNarrow, onChoose }) {
    this.root = root;
    this.map = map;
    this.onNarrow = onNarrow;
    this.onChoose = onChoose;
    this.checks = new Map(); // code: a row of the table of checks
    this.items = new Map();
    this.turn = 0;
    this.part("list").addEventListener("click", (event) => this.clicked(event));
    this.part("more").addEventListener("click", () => this.more());
    this.part("codes").addEventListener("change", (event) => this.narrow({ code: event.target.value }));
    this.part("severities").addEventListener("click", (event) => {
      const chip = event.target.closest("[data-severity]");
      if (chip) this.narrow({ severity: chip.dataset.severity === this.asked.severity ? "" : chip.dataset.severity });
    });
  }

  part(name) {
    return this.root.querySelector(`[data-part=${name}]`);
  }

  // path: the call that lists findings; counts: {code: n}; asked: { severity, code }; chosen: an id to open
  async open(path, { counts, checks, asked, chosen = null }) {
    this.path = path;
    this.counts = counts;
    for (const check of checks) this.checks.set(check.code, check);
    this.asked = asked;
    this.chosen = chosen;
    await this.read();
  }

  narrow(patch) {
    this.asked = { ...this.asked, ...patch };
    this.chosen = null;
    this.onNarrow(this.asked);
    this.read();
  }

  query(more = {}) {
    const told = new URLSearchParams();
    for (const [name, value] of Object.entries({ ...this.asked, ...more })) if (value) told.set(name, value);
    return `${this.path}?${told}`;
  }

  async read() {
    const turn = ++this.turn;
    this.items.clear();
    this.drawHead();
    this.part("list").replaceChildren();
    this.next = this.query({ limit: PAGE });
    this.map.choose(null);
    await Promise.all([this.more(), this.drawOnMap(turn)]);
    if (turn === this.turn && this.chosen) this.choose(this.chosen);
  }

  drawHead() {
    const bySeverity = Object.fromEntries(ORDER.map((code) => [code, 0]));
    const present = [];
    for (const [code, count] of Object.entries(this.counts)) {
      const check = this.checks.get(code);
      bySeverity[check?.severity ?? "note"] += count;
      if (!this.asked.severity || check?.severity === this.asked.severity) present.push({ code, count, title: check?.title ?? code });
    }
    this.total = Object.values(bySeverity).reduce((sum, count) => sum + count, 0);
    this.part("severities").replaceChildren(
      ...ORDER.filter((code) => bySeverity[code]).map((code) =>
        make("li", {}, make("button", { type: "button", class: "chip", "data-severity": code, "aria-pressed": String(this.asked.severity === code) }, icon(data.severities[code].icon), data.severities[code].title, make("span", { class: "count", text: number(bySeverity[code]) }))),
      ),
    );
    const select = this.part("codes");
    present.sort((one, other) => other.count - one.count);
    if (this.asked.code && !present.some((one) => one.code === this.asked.code)) present.push({ code: this.asked.code, count: 0, title: this.checks.get(this.asked.code)?.title ?? this.asked.code });
    select.replaceChildren(
      make("option", { value: "", text: words.allChecks }),
      ...present.map((one) => make("option", { value: one.code, selected: one.code === this.asked.code, text: `${one.title} (${number(one.count)})` })),
    );
    select.value = this.asked.code ?? "";
    const csv = this.part("csv");
    csv.href = this.query({ f: "csv" });
    csv.hidden = !this.total;
  }

  async more() {
    const turn = this.turn;
    const button = this.part("more");
    button.setAttribute("aria-busy", "true");
    try {
      const page = await call("GET", this.next);
      if (turn !== this.turn) return;
      for (const one of page.items) this.items.set(String(one.id), one);
      this.part("list").append(...page.items.map((one) => this.row(one)));
      this.next = page.next;
      this.drawTold();
    } catch (problem) {
      if (turn === this.turn) this.part("told").textContent = told(problem);
    }
    button.removeAttribute("aria-busy");
    button.parentElement.hidden = !this.next;
  }

  drawTold() {
    const shown = this.items.size;
    const all = this.asked.code ? (this.counts[this.asked.code] ?? 0) : this.asked.severity ? this.countOf(this.asked.severity) : this.total;
    this.part("told").textContent = fill(words.shownOf, { n: number(shown), all: number(Math.max(all, shown)) });
    this.part("empty").hidden = shown > 0;
  }

  countOf(wanted) {
    return Object.entries(this.counts).reduce((sum, [code, count]) => sum + (this.checks.get(code)?.severity === wanted ? count : 0), 0);
  }

  row(one) {
    const where = [one.file, one.sheet, one.row_no && fill(words.rowNo, { n: one.row_no })].filter(Boolean).join(" · ");
    return make("li", { "data-id": one.id },
      make("a", { class: "open", href: `#finding-${one.id}` }, severity(one.severity), make("strong", { text: one.title })),
      make("p", { class: "small tags" }, swatch(one.class_code), one.class_code && className(one.class_code), one.number && make("span", { class: "code", text: one.number }), !one.geometry && make("span", { class: "quiet no-place" }, icon("map-pin-off"), words.noPlace)),
      make("p", { text: one.text }),
      where && make("p", { class: "quiet small", text: where }),
    );
  }

  explained(one) {
    const check = this.checks.get(one.code);
    const said = (value) => `${measure(value)} ${one.unit}`.trim();
    const measured = one.value !== null && fill(one.limit === null ? words.measured : words.measuredAgainst, { value: said(one.value), limit: said(one.limit ?? 0) });
    return make("div", { class: "why" }, measured && make("p", { text: measured }), check?.explanation && make("p", { text: check.explanation }), check?.source && make("p", { class: "quiet small", text: check.source }));
  }

  clicked(event) {
    const link = event.target.closest("a.open");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const { id } = link.closest("li").dataset;
    this.choose(id === this.chosen ? null : id);
  }

  // From the map too: what is not in the list yet is only shown there.
  choose(id, { scroll = false } = {}) {
    this.chosen = id;
    for (const row of this.part("list").children) {
      const isIt = row.dataset.id === id;
      row.toggleAttribute("data-chosen", isIt);
      row.querySelector("a.open").setAttribute("aria-expanded", String(isIt));
      row.querySelector(".why")?.remove();
      if (isIt) row.append(this.explained(this.items.get(id)));
      if (isIt && scroll) row.scrollIntoView({ block: "center" });
    }
    this.map.choose((this.items.get(id) ?? this.onMap?.get(id))?.geometry ?? null);
    this.onChoose(id);
  }

  // Each finding with its mark where it lies; lines and areas with their shape under it.
  async drawOnMap(turn) {
    this.onMap = new Map();
    let next = this.query({ limit: MAP_PAGE });
    try {
      for (let asked = 0; next && asked < MOST_ON_MAP; asked += MAP_PAGE) {
        const page = await call("GET", next);
        if (turn !== this.turn) return;
        for (const one of page.items) if (one.geometry) this.onMap.set(String(one.id), one);
        next = page.next;
        await this.map.draw("marked", [...this.onMap.values()].flatMap(features));
      }
      this.part("map-told").textContent = next ? fill(words.firstOnMap, { n: number(this.onMap.size) }) : "";
      if (turn === this.turn && !this.chosen) this.map.fit();
    } catch {
      // The list tells what went wrong; a map without findings is no reason to lose it.
    }
  }
}

function features(one) {
  const properties = { id: String(one.id), look: one.severity, class_code: one.class_code };
  const mark = { type: "Feature", geometry: { type: "Point", coordinates: [one.lon, one.lat] }, properties };
  return one.geometry.type === "Point" ? [mark] : [{ type: "Feature", geometry: one.geometry, properties }, mark];
}
