// What fits a filter or lies in an area: counted, listed, shown on the map, counted up elsewhere, exported.

import { call } from "../js/api.js";
import { fetchFile, save, whileBusy } from "./files.js";
import { classCondition, classesIn, partsOf } from "./filter_text.js";
import { saidBy } from "./pane.js";
import { writePlaces } from "./state.js";
import { swatch } from "./table.js";
import { feature } from "./work_map.js";
import { classes, figure, fill, make, words } from "./words.js";

const PAGE = 50;
const UNKNOWN = "#8a8f93"; // as the map draws a class that no table has
const byId = (id) => document.getElementById(id);

export class Query {
  onOpen = () => {}; // id of a segment

  constructor(state, map) {
    Object.assign(this, { state, map });
    this.items = [];
    for (const chip of byId("chips").querySelectorAll("[data-class]")) chip.prepend(swatch(classes[chip.dataset.class].colour));
    byId("query-form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.state.set({ filter: byId("filter").value.trim() }, { push: true });
      this.ask();
    });
    byId("filter").addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) byId("query-form").requestSubmit();
    });
    byId("filter").addEventListener("input", () => this.tellChips());
    byId("chips").addEventListener("click", (event) => {
      const chip = event.target.closest(".chip");
      if (!chip) return;
      chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
      byId("filter").value = this.fromChips();
      byId("query-form").requestSubmit();
    });
    byId("filter-help").addEventListener("click", (event) => {
      const example = event.target.closest("[data-example]")?.dataset.example;
      if (!example) return;
      byId("filter").value = example;
      this.tellChips();
      byId("filter").focus();
    });
    byId("area-view").addEventListener("click", () => {
      const [west, south, east, north] = map.box4();
      this.state.set({ area: [[west, south], [east, south], [east, north], [west, north]] }, { push: true });
    });
    byId("area-clear").addEventListener("click", () => this.state.set({ area: null, community: "" }, { push: true }));
    byId("more").addEventListener("click", () => this.more());
    byId("results").addEventListener("click", (event) => {
      const row = event.target.closest("a[data-id]");
      if (!row || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.onOpen(Number(row.dataset.id));
    });
    byId("results").addEventListener("pointerover", (event) => this.map.light(idsOf(event)));
    byId("results").addEventListener("focusin", (event) => this.map.light(idsOf(event)));
    this.menu();
  }

  // Chips of classes widen the answer, all others narrow it; conditions that no chip has are kept.
  fromChips() {
    const chips = [...byId("chips").children];
    const on = chips.filter((chip) => chip.getAttribute("aria-pressed") === "true");
    const known = new Set(chips.map((chip) => chip.dataset.filter));
    const own = partsOf(byId("filter").value).filter((part) => !known.has(part) && !classesIn(part));
    const codes = on.flatMap((chip) => chip.dataset.class ?? []);
    const others = on.filter((chip) => !chip.dataset.class).map((chip) => chip.dataset.filter);
    return [classCondition(codes), ...own, ...others].filter(Boolean).join(" AND ");
  }

  // A chip is lit while the filter says what it says.
  tellChips() {
    const parts = partsOf(byId("filter").value);
    const codes = parts.flatMap((part) => classesIn(part) ?? []);
    for (const chip of byId("chips").children) {
      const isOn = chip.dataset.class ? codes.includes(chip.dataset.class) : parts.includes(chip.dataset.filter);
      chip.setAttribute("aria-pressed", String(isOn));
    }
  }

  get question() {
    const { filter, area, community, as_of: asOf } = this.state.shown;
    return {
      kind: "segments",
      ...(community && { community }),
      ...(filter && { filter }),
      ...(area && { area: { type: "Polygon", coordinates: [[...area, area[0]]] } }),
      ...(asOf && { as_of: asOf }),
    };
  }

  // What the address says stands in the form; nothing is asked before a person does.
  tell() {
    const { filter, area, community, as_of: asOf } = this.state.shown;
    if (byId("filter").value.trim() !== filter) byId("filter").value = filter;
    this.tellChips();
    byId("area-clear").hidden = !area && !community;
    this.map.draw("area", area ? [feature({ type: "Polygon", coordinates: [[...area, area[0]]] })] : []);
    const told = new URLSearchParams();
    if (filter) told.set("filter", filter);
    if (area) told.set("area", writePlaces(area));
    if (community) told.set("community", community);
    if (asOf) told.set("as_of", asOf);
    byId("to-statistics").href = `/pipelines/statistics${told.size ? `?${told}` : ""}`;
  }

  async ask() {
    this.asked?.abort();
    const mine = (this.asked = new AbortController());
    const { question } = this;
    byId("filter-wrong").textContent = "";
    byId("filter").removeAttribute("aria-invalid");
    byId("results").setAttribute("aria-busy", "true");
    byId("query-empty").hidden = true;
    try {
      const [page, counted] = await Promise.all([
        call("POST", "/api/v1/pipelines/query", { body: { ...question, limit: PAGE }, signal: mine.signal }),
        call("POST", "/api/v1/pipelines/statistics", { body: question, signal: mine.signal }),
      ]);
      if (mine.signal.aborted) return;
      this.answered = question;
      this.items = page.items;
      this.next = page.next;
      this.list();
      const { count, length_m: length } = counted.total;
      this.found = count ? fill(words.foundCount, { n: count.toLocaleString(), km: figure(length / 1000, 2) }) : words.nothingFits;
      this.tellCount();
    } catch (problem) {
      if (mine.signal.aborted) return;
      this.items = [];
      this.list();
      byId("query-told").textContent = "";
      byId("filter-wrong").textContent = saidBy(problem);
      byId("filter").setAttribute("aria-invalid", "true");
    } finally {
      if (mine === this.asked) byId("results").removeAttribute("aria-busy");
    }
  }

  async more() {
    const page = await call("POST", "/api/v1/pipelines/query", { body: { ...this.answered, limit: PAGE, cursor: this.next } });
    this.items.push(...page.items);
    this.next = page.next;
    this.list();
    this.tellCount();
  }

  tellCount() {
    byId("query-told").textContent = [this.found, this.next && fill(words.firstShown, { n: this.items.length })].filter(Boolean).join(words.comma);
  }

  list() {
    byId("results").replaceChildren(...this.items.map(row));
    byId("more").hidden = !this.next;
    this.map.draw("found", this.items.filter((one) => one.geometry).map((one) => feature(one.geometry)));
  }

  menu() {
    const [button, menu] = [byId("export"), byId("export-menu")];
    const open = (on) => {
      menu.hidden = !on;
      button.setAttribute("aria-expanded", String(on));
      if (on) menu.firstElementChild.focus();
    };
    button.addEventListener("click", () => open(menu.hidden));
    menu.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape") {
        event.stopPropagation();
        open(false);
        button.focus();
      } else if (step) {
        event.preventDefault();
        const all = [...menu.children];
        all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
      }
    });
    menu.addEventListener("focusout", (event) => menu.contains(event.relatedTarget) || event.relatedTarget === button || open(false));
    menu.addEventListener("click", (event) => {
      const format = event.target.closest("[data-format]")?.dataset.format;
      if (!format) return;
      open(false);
      whileBusy(button, () => this.export(format));
    });
  }

  async export(format) {
    byId("filter-wrong").textContent = "";
    const ending = format === "cjj61" ? "xlsx" : format;
    try {
      save(await fetchFile("/api/v1/pipelines/export", { ...this.question, format }, `pipelines.${ending}`));
    } catch (problem) {
      byId("filter-wrong").textContent = saidBy(problem);
    }
  }
}

const idsOf = (event) => {
  const id = event.target.closest("a[data-id]")?.dataset.id;
  return id ? [Number(id)] : [];
};

function row(one) {
  const look = classes[`${one.class}/${one.sub_class}`] ?? classes[one.class] ?? { name: one.class, colour: UNKNOWN };
  const about = [one.size, one.titles.material, one.road, `${figure(one.length_m, 1)} m`].filter(Boolean).join(" · ");
  return make(
    "li", {},
    make("a", { class: "open", href: `/pipelines?item=segments/${one.id}`, "data-id": one.id }, swatch(look.colour), make("span", { class: "name", text: one.number || words.unnumbered }), make("span", { class: "quiet small", text: look.name })),
    make("span", { class: "quiet small", text: about }),
  );
}
