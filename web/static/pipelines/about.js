// Everything known of a pipe or a well, over the tools: facts, levels at both ends, neighbours, findings, its past.

import { call } from "../js/api.js";
import { saidBy } from "./pane.js";
import { opener, swatch } from "./table.js";
import { feature } from "./work_map.js";
import { classes, figure, fill, icon, level, make, metres, words } from "./words.js";

const TOLD_ABOVE = new Set(["number", "class", "sub_class"]);
const LEVELS = new Set(["start_no", "end_no", "start_ground", "end_ground", "start_depth_m", "end_depth_m", "start_level", "end_level"]); // in the table of ends
const part = (name) => document.querySelector(`#about [data-part="${name}"]`);

export class About {
  onShow = () => {}; // the item and what to draw of it
  onGo = () => {}; // kind and id of another pipe or well
  onCut = () => {}; // a place to cut across
  onWell = () => {}; // id and number of a point to begin a profile at

  constructor(onClose) {
    this.box = document.getElementById("about");
    document.getElementById("about-close").addEventListener("click", onClose);
    this.box.addEventListener("click", (event) => {
      const link = event.target.closest("[data-go]");
      if (link) this.onGo(...link.dataset.go.split("/").map((one, i) => (i ? Number(one) : one)));
    });
  }

  async show(item, asOf) {
    this.asked?.abort();
    this.box.hidden = !item;
    if (!item) return;
    const mine = (this.asked = new AbortController());
    this.box.setAttribute("aria-busy", "true");
    try {
      const query = asOf ? `?as_of=${asOf}` : "";
      const found = await call("GET", `/api/v1/pipelines/${item.kind}/${item.id}${query}`, { signal: mine.signal });
      if (mine.signal.aborted) return;
      this.write(item, found);
      this.onShow(item, [feature(found.geometry)]);
    } catch (problem) {
      if (!mine.signal.aborted) this.fail(saidBy(problem));
    } finally {
      if (mine === this.asked) this.box.removeAttribute("aria-busy");
    }
  }

  fail(text) {
    part("kind").replaceChildren();
    part("title").textContent = "";
    part("doing").replaceChildren();
    part("body").replaceChildren(make("p", { class: "notice", "data-kind": "wrong" }, icon("circle-alert"), make("span", { text })));
  }

  write(item, found) {
    const look = classes[`${found.class}/${found.sub_class}`] ?? classes[found.class];
    part("kind").replaceChildren(make("span", { class: "classed" }, look && swatch(look.colour), [found.titles.class, found.titles.sub_class].filter(Boolean).join(" · ")));
    part("title").textContent = found.number || words.unnumbered;
    part("doing").replaceChildren(...this.doing(item, found));
    part("body").replaceChildren(
      ...(found.valid_to ? [make("p", { class: "notice" }, icon("history"), make("span", { text: fill(words.endedOn, { day: found.valid_to }) }))] : []),
      ...this.findings(found.findings),
      ...(item.kind === "segments" ? this.ends([found.start, found.end]) : this.neighbours(found.segments)),
      ...this.facts(item, found),
      ...this.past(found.history),
    );
    this.box.scrollTop = 0;
  }

  doing({ kind, id }, { geometry, number, start }) {
    const button = (symbol, text, run) => {
      const made = make("button", { type: "button", class: "button" }, icon(symbol), text);
      made.addEventListener("click", run);
      return made;
    };
    const { type, coordinates } = geometry;
    const place = type === "Point" ? coordinates : halfway(coordinates);
    const point = kind === "points" ? { id, number } : start.point;
    return [button("scissors", words.cutAcross, () => this.onCut(place)), button("waypoints", words.profileFrom, () => this.onWell(point.id, point.number))];
  }

  findings(found) {
    if (!found?.length) return [];
    return [
      make("h3", { text: words.checksFound }),
      make("ul", { class: "about-findings" }, ...found.map((one) => make("li", { "data-severity": one.severity }, icon(one.severity === "note" ? "info" : "triangle-alert"), make("span", { text: one.title })))),
    ];
  }

  // Both ends side by side: what was surveyed and what follows from it.
  ends(both) {
    const told = [
      ["point", (end) => go("points", end.point.id, end.point.number)],
      ["kind", (end) => end.point.kind ?? "—"],
      ["ground", (end) => level(end.levels.ground)],
      ["depth", (end) => metres(end.levels.depth_m)],
      ["crown", (end) => level(end.levels.crown)],
      ["centre", (end) => level(end.levels.centre)],
      ["invert", (end) => level(end.levels.invert)],
      ["cover", (end) => metres(end.levels.cover_m)],
    ];
    const rows = told.map(([name, value]) => make("tr", {}, make("th", { scope: "row", class: "quiet", text: words[name] }), ...both.map((end) => make("td", { class: "number" }, value(end)))));
    const head = make("tr", {}, make("td"), make("th", { scope: "col", class: "number", text: words.start }), make("th", { scope: "col", class: "number", text: words.end }));
    const others = both.flatMap((end) => end.neighbours);
    return [make("h3", { text: words.levels }), make("table", { class: "figures ends" }, make("thead", {}, head), make("tbody", {}, ...rows)), ...this.neighbours(others)];
  }

  neighbours(others) {
    if (!others.length) return [];
    const rows = others.map((one) => make("li", {}, go("segments", one.id, one.number), make("span", { class: "quiet", text: [one.class_title, one.size, one.material_title, `${figure(one.length_m, 1)} m`].filter(Boolean).join(" · ") })));
    return [make("h3", { text: words.neighbours }), make("ul", { class: "about-others" }, ...rows)];
  }

  facts(item, { attributes, extra }) {
    const isToldAbove = (name) => TOLD_ABOVE.has(name) || (item.kind === "segments" && LEVELS.has(name));
    const known = attributes.filter((one) => one.value !== null && !isToldAbove(one.name));
    const pairs = [...known.map((one) => [one.title, one.text ?? said(one.value, one.unit)]), ...extra.map((one) => [one.title, one.value])];
    return [make("h3", { text: words.facts }), make("dl", { class: "facts" }, ...pairs.flatMap(([title, value]) => [make("dt", { text: title }), make("dd", { text: value })]))];
  }

  past(history) {
    const rows = history.map((state) =>
      make(
        "li", {},
        make("strong", { class: "nowrap", text: [state.valid_from, state.valid_to].filter(Boolean).join(" – ") }),
        state.changed.length
          ? make("ul", {}, ...state.changed.map((one) => make("li", { text: one.moved_m !== undefined ? fill(words.moved, { n: one.moved_m }) : fill(words.changed, { what: one.title, before: one.before ?? "—", after: one.after ?? "—" }) })))
          : make("p", { class: "quiet", text: words.firstState }),
      ));
    return [make("h3", { text: words.history }), make("ol", { class: "steps small" }, ...rows)];
  }
}

function go(kind, id, text) {
  const link = opener(text);
  link.dataset.go = `${kind}/${id}`;
  return link;
}

// Numbers as they were surveyed, without the tail of a sum in binary.
function said(value, unit) {
  const text = typeof value === "number" && !Number.isInteger(value) ? String(Number(value.toFixed(3))) : String(value);
  return unit ? `${text} ${unit}` : text;
}

function halfway(line) {
  const at = (line.length - 1) / 2;
  const [one, other] = [line[Math.floor(at)], line[Math.ceil(at)]];
  return one.map((value, i) => (value + other[i]) / 2);
}
