// The parts of the wall: each is made once and written over, so that a week of news leaves no more than an hour.

import { fill, make, words } from "../js/page_words.js";
import { Chart, parts } from "./charts.js";

export const LAMPS = ["red", "yellow", "green"];
const lang = document.documentElement.lang;
const by = (id) => document.getElementById(id);

export const count = (number) => number.toLocaleString(lang);
const percent = (value) => (value === null || value === undefined ? "–" : `${(value * 100).toFixed(1)}%`);

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// ---- Today, and how the open cases stand: of /evaluation/now ----

export function showNow(told) {
  for (const act of told.acts) {
    const box = document.querySelector(`[data-count="${act.code}"]`);
    write(box.querySelector("dd"), count(act.today));
    write(box.querySelector(".before"), fill(words.yesterday, { n: count(act.yesterday) }));
  }
  write(by("open"), count(told.open));
  for (const lamp of LAMPS) write(by(`lamp-${lamp}`), count(told.lamps[lamp]));
  const rows = by("stages");
  const most = Math.max(...told.stages.map((one) => one.open), 1);
  for (const stage of told.stages) {
    const row = rows.querySelector(`[data-stage="${stage.stage}"]`);
    for (const lamp of [...LAMPS, "none"]) row.querySelector(`[data-lamp="${lamp}"]`).style.flexGrow = stage.lamps[lamp];
    row.querySelector(".rest").style.flexGrow = most - stage.open;
    write(row.querySelector(".late"), stage.lamps.red ? count(stage.lamps.red) : "");
    write(row.querySelector(".all"), count(stage.open));
  }
}

// ---- The last days: of /evaluation/now/days ----

let trend;

export function showDays({ items }) {
  const last = items.at(-1);
  const done = items.reduce((sum, one) => sum + one.counts.disposed_in_time, 0);
  const due = items.reduce((sum, one) => sum + one.counts.should_dispose, 0);
  write(by("in-time"), due ? percent(done / due) : words.noCases);
  // Letters as large as the page's own: they grow with the screen.
  const options = (look) => {
    const size = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const text = { color: look.ink, fontFamily: look.font, fontSize: size * 1.1 };
    const quiet = { ...text, color: look.inkQuiet };
    const line = (name, code, colour, more = {}) => ({ name, type: "line", data: items.map((one) => (one === last ? null : one.counts[code])), showSymbol: false, lineStyle: { color: colour, width: size / 5 }, itemStyle: { color: colour }, ...more });
    return {
      textStyle: text,
      tooltip: { show: false },
      legend: parts.legend(look, { type: "plain", right: 0, itemGap: size, textStyle: quiet }),
      grid: parts.grid({ left: 0, right: 0, top: size * 2, bottom: size / 3 }),
      xAxis: parts.names(look, items.map((one) => (one === last ? words.today : one.day.slice(5))), { axisLabel: { ...quiet, hideOverlap: true, showMaxLabel: true } }),
      yAxis: parts.numbers(look, { axisLabel: quiet, splitNumber: 3, minInterval: 1 }),
      series: [
        { name: words.reported, type: "bar", barCategoryGap: "35%", data: items.map((one) => ({ value: one.counts.reported, itemStyle: { opacity: one === last ? 0.55 : 1 } })), itemStyle: { color: "#2d6f8d" } },
        line(words.filed, "filed", "#f2a33a"),
        line(words.closed, "closed", "#7fd3a3"),
      ],
    };
  };
  if (trend) trend.draw(options);
  else trend = new Chart(by("trend"), { options, label: words.trend });
}

// ---- The ranking, a page at a time: of /evaluation/regions and /evaluation/departments ----

const ROWS = 6;
const ranked = { street: [], department: [] };
let page = 0;

export function rank(kind, { items, period }) {
  const place = (one) => (one.score === null || one.score === undefined ? -1 : one.score);
  ranked[kind] = [...items].sort((one, other) => place(other) - place(one) || one.name.localeCompare(other.name, lang));
  ranked.period = period?.code ?? "";
  showRanking();
}

export function turn(step = 1) {
  page += step;
  showRanking();
}

function pages() {
  return ["street", "department"].flatMap((kind) => {
    const number = Math.ceil(ranked[kind].length / ROWS);
    return Array.from({ length: number }, (_none, at) => ({ kind, at, of: number }));
  });
}

function showRanking() {
  const all = pages();
  const shown = all.length ? all[((page % all.length) + all.length) % all.length] : null;
  write(by("rank-title"), shown ? fill(words[`rank_${shown.kind}`], { period: ranked.period }) : words.noRanking);
  write(by("rank-page"), shown ? `${all.indexOf(shown) + 1} / ${all.length}` : "");
  const rows = by("ranking").children;
  for (let at = 0; at < ROWS; at += 1) {
    const one = shown && ranked[shown.kind][shown.at * ROWS + at];
    const [place, name, grade, score, filed, inTime] = rows[at].children;
    const isScored = one && one.score !== null && one.score !== undefined;
    rows[at].toggleAttribute("data-empty", !one);
    write(place, isScored ? String(one.rank ?? shown.at * ROWS + at + 1) : "");
    write(name, one ? one.name : "");
    write(grade.firstElementChild, isScored ? one.grade : "");
    grade.firstElementChild.dataset.colour = isScored ? one.grade_colour ?? "" : "";
    grade.firstElementChild.hidden = !isScored;
    write(score, isScored ? one.score.toFixed(1) : one ? words.noCases : "");
    write(filed, one ? count(one.indicators.filed?.value ?? 0) : "");
    write(inTime, one ? percent(one.indicators.on_time_disposal?.value) : "");
  }
}

// ---- What has just happened: of /evaluation/now/steps ----

export function showSteps({ items }, frame) {
  const rows = by("steps").children;
  const dayOf = (at) => at.toLocaleDateString(lang, { month: "2-digit", day: "2-digit", timeZone: frame.timeZone });
  const today = dayOf(new Date());
  for (const [place, row] of [...rows].entries()) {
    const one = items[place];
    row.hidden = !one;
    if (!one) continue;
    const [time, action, what, where] = row.children;
    const at = new Date(one.at);
    write(time, dayOf(at) === today ? frame.clock(at) : dayOf(at));
    write(action, one.action_title);
    action.dataset.lamp = one.lamp ?? "none";
    write(what, one.class_name);
    write(where, [one.street, one.department].filter(Boolean).join(" · "));
    row.toggleAttribute("data-new", showSteps.seen !== undefined && one.id > showSteps.seen);
  }
  if (items.length) showSteps.seen = items[0].id;
}

// Rows of the list and of the ranking, empty, made once.
export function makeRows(steps) {
  by("steps").replaceChildren(...Array.from({ length: steps }, () => make("li", { hidden: true }, make("time"), make("b"), make("span", { class: "what" }), make("span", { class: "where" }))));
  by("ranking").replaceChildren(...Array.from({ length: ROWS }, () => make("tr", { "data-empty": true }, make("td", { class: "number" }), make("td", { class: "name" }), make("td", {}, make("span", { class: "grade", hidden: true })), make("td", { class: "number" }), make("td", { class: "number" }), make("td", { class: "number" }))));
}
