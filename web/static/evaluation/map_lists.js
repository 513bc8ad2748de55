// What the map shows, as lists and as one chosen line: for the keyboard, for screen readers, for who wants the number.

import { fill, icon, make, words } from "../js/page_words.js";
import { number, pageOf, points, written } from "./figures.js";

const FIRST = 200; // lines at once; unit grids go into the thousands
const tenth = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 });

// A value as it is painted: of a count set against something a quotient.
export function valueOf(told, value) {
  if (value === null) return words.noCases;
  if (told.unit === "score") return points(value);
  return told.per === "none" ? written(told.unit, value) : tenth.format(value);
}

const missing = (one) => (one.missing === "unknown" ? words.unknown : words.noCases);
const few = () => make("span", { class: "few-mark" }, icon("triangle-alert"), words.few);
const head = (...titles) => make("thead", {}, make("tr", {}, ...titles.map((text, at) => make("th", { scope: "col", class: at > 0 && "number", text }))));
const link = (href, text) => make("a", { class: "button", href }, text, icon("arrow-right"));

// told: what is said above, or null; cells: what stands in a line; onpick: (the item of a line that was pressed)
function list(box, told, heads, items, cells, onpick) {
  const body = make("tbody");
  const row = (one) => {
    const [name, ...others] = cells(one);
    const button = make("button", { type: "button" }, name);
    button.addEventListener("click", () => onpick(one));
    const line = make("tr", { "data-key": one.key }, make("td", {}, button), ...others.map((cell) => make("td", { class: "number" }, cell)));
    return line;
  };
  body.append(...items.slice(0, FIRST).map(row));
  const parts = [...(told ? [told] : []), make("table", { class: "list" }, head(...heads), body)];
  if (items.length > FIRST) {
    const more = make("button", { class: "button more", type: "button" }, fill(words.more, { n: number(items.length - FIRST) }));
    more.addEventListener("click", () => {
      body.append(...items.slice(FIRST).map(row));
      more.remove();
    });
    parts.push(more);
  }
  box.replaceChildren(...parts);
}

export function empty(box, title) {
  box.replaceChildren(make("div", { class: "empty" }, icon("layers"), make("h2", { text: title }), make("p", { text: words.otherwise })));
}

export function regionList(box, told, onpick) {
  const items = [...told.items].sort((a, b) => (b.value ?? -Infinity) - (a.value ?? -Infinity) || a.code.localeCompare(b.code));
  const value = (one) => (one.value === null ? make("span", { class: "quiet", text: missing(one) }) : make("span", {}, valueOf(told, one.value), one.few && " ", one.few && few()));
  const rest = (one) => (one.denominator === null ? (told.per === "none" || one.raw === null ? "" : number(one.raw)) : fill(words.fraction, { top: number(one.numerator), bottom: number(one.denominator) }));
  const hasRest = told.unit === "ratio" || told.per !== "none";
  const titles = [words.region, told.per === "none" ? told.title : told.per_title, ...(hasRest ? [words.cases] : [])];
  list(box, null, titles, items, (one) => [one.name, value(one), ...(hasRest ? [rest(one)] : [])], onpick);
}

export function hotList(box, told, onpick) {
  const title = new Map(told.categories.map((one) => [one.code, one.title]));
  const kinds = told.categories.filter((one) => one.count).map((one) => make("li", {}, make("span", { class: "badge", text: one.title }), ` ${one.count} · ${one.explanation}`));
  const note = make("div", { class: "told small" }, make("p", { class: "quiet", text: told.method }), make("ul", { class: "kinds" }, ...kinds));
  list(box, note, [words.grid, words.kind, fill(words.hotOf, { weeks: told.weeks.length })], told.items, (one) => [one.name, title.get(one.category), String(one.hot.filter(Boolean).length)], onpick);
}

export function repeatList(box, told, onpick) {
  const where = (one) => (one.component_code ? `${one.class_name} · ${one.component_code}` : `${one.class_name} · ${one.address || one.unit_grid_code}`);
  list(box, null, [words.place, words.cases, words.lastCase], told.items, (one) => [where(one), number(one.cases), one.last_at.slice(0, 10)], onpick);
}

// ---- One line, chosen ----

export function chosenRegion(told, one, { period, onexplain }) {
  const explain = make("button", { class: "button", type: "button" }, words.explain);
  explain.addEventListener("click", () => onexplain(one));
  const cases = told.cases && one.numerator ? link(pageOf(told.cases.replace("{code}", encodeURIComponent(one.code))), words.showCases) : null;
  return [
    make("p", { class: "big", text: one.value === null ? missing(one) : valueOf(told, one.value) }),
    make("p", { class: "quiet small", text: told.per === "none" ? told.title : `${told.title}, ${told.per_title}` }),
    one.denominator !== null && make("p", { text: fill(words.fraction, { top: number(one.numerator), bottom: number(one.denominator) }) }),
    one.per !== null && one.raw !== null && make("p", { text: fill(words.perAmount, { value: number(one.raw), amount: tenth.format(one.per) }) }),
    one.few && make("p", {}, few(), ` ${words.fewHatched}`),
    make("p", { class: "links" }, cases, explain, link(`/evaluation/profile/${told.object}/${encodeURIComponent(one.code)}?${new URLSearchParams({ period })}`, words.profile)),
  ];
}

export function chosenHot(told, one) {
  const kind = told.categories.find((each) => each.code === one.category);
  const line = (title, values, tag = "td") => make("tr", {}, make("th", { scope: "row", text: title }), ...values.map((text) => make(tag, { text })));
  const way = { 1: words.rising, "-1": words.falling }[one.trend];
  return [
    make("p", {}, make("span", { class: "badge", text: kind.title }), ` ${kind.explanation}`),
    make("p", { text: `${fill(words.weeksHot, { hot: one.hot.filter(Boolean).length, weeks: told.weeks.length })}${way ? ` · ${way}` : ""}` }),
    make("div", { class: "weeks", tabindex: "0", role: "group", "aria-label": words.week }, make("table", {}, make("tbody", {}, line(words.week, told.weeks.map((week) => week.code.slice(5)), "th"), line(words.cases, one.counts.map(number)), line(words.statistic, one.z.map((z) => z.toFixed(1))), line(words.hot, one.hot.map((hot) => (hot ? "●" : "–")))))),
    make("p", { class: "links" }, link(pageOf(told.cases.replace("{code}", encodeURIComponent(one.code))), words.showCases)),
  ];
}

export function chosenRepeat(one) {
  return [
    make("p", { class: "big", text: one.component_code ? fill(words.timesOfOne, { n: one.cases, code: one.component_code }) : fill(words.timesInM, { n: one.cases, m: Math.ceil(one.reach_m) }) }),
    make("p", { class: "quiet small", text: fill(words.between, { first: one.first_at.slice(0, 10), last: one.last_at.slice(0, 10) }) }),
    one.reworked > 0 && make("p", { text: fill(words.again, { n: one.reworked }) }),
    make("ul", { class: "nos" }, ...one.case_nos.map((no) => make("li", {}, make("a", { class: "code", href: `/cases/${encodeURIComponent(no)}`, text: no })))),
  ];
}
