// The page of figures on the map: the form asks, the map and the list answer, the address holds all of it.

import { call } from "../js/api.js";
import { fill, icon, make, words, data } from "../js/page_words.js";
import { Explain } from "./explain.js";
import { number } from "./figures.js";
import { Drawing } from "./map_drawing.js";
import { chosenHot, chosenRegion, chosenRepeat, empty, hotList, regionList, repeatList, valueOf } from "./map_lists.js";

const SOON_MS = 250;
const OF_VIEW = { regions: ["object", "indicator", "per", "breaks"], hotspots: ["weeks"], repeats: ["least", "radius_m"] };
const ADDRESS = { regions: "map", hotspots: "hotspots", repeats: "repeats" };

const form = document.getElementById("asked");
const box = Object.fromEntries(["list", "chosen", "legend", "told", "wrong"].map((id) => [id, document.getElementById(id)]));
const value = (name) => form.elements[name].value;

class Page {
  asked = null;

  constructor(drawing) {
    this.drawing = drawing;
    this.explain = new Explain(document.getElementById("explain"));
    document.querySelector("#explain [data-close]").addEventListener("click", () => document.getElementById("explain").close());
    drawing.onpick = (one) => this.choose(one, false);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", (event) => this.change(event.target));
    this.fit();
    this.read();
  }

  change(field) {
    if (field.name === "object") return this.reload();
    if (!field.checkValidity()) return field.reportValidity();
    this.fit();
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.read(), SOON_MS);
  }

  // Another kind of region has indicators and a card of its own: the server writes these.
  reload() {
    location.search = this.words().toString();
  }

  // Only counts are set against something: a rate is a quotient already.
  fit() {
    for (const one of form.querySelectorAll("[data-for]")) one.hidden = one.dataset.for !== value("view");
    const indicator = data.indicators[value("indicator")];
    const isCount = indicator?.unit === "cases";
    if (!isCount) form.elements.per.value = "none";
    form.elements.per.disabled = !isCount;
  }

  words() {
    return new URLSearchParams({ period: value("period"), view: value("view"), ...Object.fromEntries(OF_VIEW.regions.concat(OF_VIEW.hotspots, OF_VIEW.repeats).map((name) => [name, value(name)])) });
  }

  keep() {
    const said = this.words();
    history.replaceState(history.state, "", `?${said}${location.hash}`);
    said.delete("period");
    for (const one of document.querySelectorAll(".period a[href]")) {
      const there = new URL(one.href);
      for (const [name, text] of said) there.searchParams.set(name, text);
      one.href = there.pathname + there.search;
    }
    for (const hidden of document.querySelectorAll(".period input[type=hidden]")) if (said.has(hidden.name)) hidden.value = said.get(hidden.name);
  }

  async read() {
    this.asked?.abort();
    this.asked = new AbortController();
    const view = value("view");
    const question = new URLSearchParams({ period: value("period"), ...Object.fromEntries(OF_VIEW[view].map((name) => [name, value(name)])) });
    box.list.setAttribute("aria-busy", "true");
    this.keep();
    try {
      const told = await call("GET", `/api/v1/evaluation/${ADDRESS[view]}?${question}`, { signal: this.asked.signal });
      told.items.forEach((one, at) => (one.key = one.code ?? String(at)));
      this.isDrawn = await this.drawing.ready;
      this.told = told;
      box.wrong.hidden = true;
      this[view](told);
    } catch (problem) {
      if (problem.name === "AbortError") return;
      box.wrong.querySelector("span").textContent = fill(words.wrongMap, { why: problem.message });
      box.wrong.hidden = false;
    }
    box.list.removeAttribute("aria-busy");
    box.list.dataset.view = view;
  }

  regions(told) {
    this.close();
    if (this.isDrawn) this.drawing.regions(told);
    this.legend(told);
    box.told.textContent = fill(words.regionsTold, { n: number(told.total), indicator: told.per === "none" ? told.title : `${told.title}, ${told.per_title}` });
    if (!told.items.length) return empty(box.list, words.noRegions);
    this.details = (one) => chosenRegion(told, one, { period: value("period"), onexplain: (each) => this.explain.open(each.code, each.name, told.indicator) });
    regionList(box.list, told, (one) => this.choose(one, true));
  }

  hotspots(told) {
    this.close();
    if (this.isDrawn) this.drawing.hotspots(told);
    const [first, last] = [told.weeks[0], told.weeks.at(-1)];
    box.told.textContent = fill(words.hotTold, { n: number(told.total), cells: number(told.cells), weeks: told.weeks.length, first: first.code, last: last.code });
    box.legend.replaceChildren(...told.categories.filter((one) => one.count).map((one) => this.line(`var(--spot-${one.code})`, one.title, one.count)));
    box.legend.hidden = !told.total;
    if (!told.items.length) return empty(box.list, words.noHot);
    this.details = (one) => chosenHot(told, one);
    hotList(box.list, told, (one) => this.choose(one, true));
  }

  repeats(told) {
    this.close();
    if (this.isDrawn) this.drawing.repeats(told.items);
    box.told.textContent = fill(words.repeatsTold, { n: number(told.total), least: told.least });
    box.legend.hidden = true;
    if (!told.items.length) return empty(box.list, words.noRepeats);
    this.details = (one) => chosenRepeat(one);
    repeatList(box.list, told, (one) => this.choose(one, true));
  }

  line(colour, text, count, mark = "") {
    const swatch = make("span", { class: "swatch", ...(mark ? { [`data-${mark}`]: true } : {}), "aria-hidden": "true" });
    if (colour) swatch.style.background = colour;
    return make("span", {}, swatch, text, count === null ? null : make("span", { class: "quiet", text: `(${number(count)})` }));
  }

  legend(told) {
    const colours = this.isDrawn ? this.drawing.colours(told) : [];
    const range = (one) => {
      if (one.most === 0 && one.above === 0) return valueOf(told, 0);
      const ends = { from: valueOf(told, one.above), to: valueOf(told, one.most) };
      return one.above === one.most ? ends.to : fill(one.first ? words.range : words.over, ends);
    };
    const lines = told.legend.filter((one) => one.count || (one.most === 0 && told.unlisted === "zero" && told.object === "unit_grid")).map((one) => this.line(colours[one.no], range(one), one.count || null));
    const nothing = told.items.filter((one) => one.value === null);
    if (nothing.length || told.unlisted !== "zero") lines.push(this.line("", nothing.some((one) => one.missing === "unknown") || told.unlisted === "unknown" ? words.unknown : words.noCases, nothing.length || null, "none"));
    if (told.items.some((one) => one.few)) lines.push(this.line("", words.fewHatched, null, "few"));
    box.legend.replaceChildren(make("strong", { text: told.per === "none" ? told.title : `${told.title}, ${told.per_title}` }), ...lines);
    box.legend.hidden = !told.items.length;
  }

  choose(one, move) {
    const close = make("button", { class: "button plain", type: "button", "aria-label": words.close }, icon("x"));
    close.addEventListener("click", () => this.close(one));
    const title = one.name ?? `${one.class_name} · ${one.address || one.unit_grid_code}`;
    box.chosen.replaceChildren(make("header", {}, make("h2", { text: title }), close), ...this.details(one).filter(Boolean));
    box.chosen.hidden = false;
    for (const line of box.list.querySelectorAll("tr[data-key]")) line.toggleAttribute("data-chosen", line.dataset.key === one.key);
    if (this.isDrawn) this.drawing.choose(one, move);
    box.chosen.scrollIntoView({ block: "nearest" });
  }

  // from: the item whose line gets the focus again
  close(from = null) {
    box.chosen.hidden = true;
    for (const line of box.list.querySelectorAll("tr[data-chosen]")) line.removeAttribute("data-chosen");
    if (this.isDrawn) this.drawing.choose(null);
    if (from) box.list.querySelector(`tr[data-key="${CSS.escape(from.key)}"] button`)?.focus();
  }
}

// Folium's script calls this with its map; see layers/folium_map.py.
export function figuresMap(map, options) {
  window.figures = new Page(new Drawing(map, options)); // for tests and for people at the console
}
