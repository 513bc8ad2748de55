// Figures of the network in groups: table, chart and map of the same answer.

import { answerTo, call } from "../js/api.js";
import { data, fill, words } from "../js/page_words.js";
import { toast } from "../js/toast.js";
import { say, told } from "../imports/parts.js";
import { Chart } from "./chart.js";
import { both, textOf } from "./conditions.js";
import { figure, keyText } from "./figures.js";
import { Filters } from "./filters.js";
import { GroupsMap } from "./groups_map.js";
import { groupBy, question, readAddress, writeAddress } from "./state.js";
import { Table } from "./table.js";

const part = (name) => document.querySelector(`[data-part=${name}]`);
const controls = document.getElementById("controls");
const attribute = (name) => data.attributes.find((one) => one.name === name);
const NARROWS = ["by", "filter", "community", "bbox", "area", "as_of"];
let shown = readAddress();
let answer = null;
let turn = 0;

const table = new Table(document.getElementById("groups"), {
  onSort: (sort) => set({ sort }),
  onChoose: (row) => set({ row }),
  linkOf: (group) => benchOf(filterOf(group)),
});
const chart = new Chart(document.getElementById("chart"));
const map = new GroupsMap(document.getElementById("map"), part("map-told"));
const filters = new Filters(document.getElementById("filters"), { onChange: (patch) => set(patch) });

// ---- A group's own question ----

function filterOf(group) {
  const said = groupBy(shown).map((name) => {
    const value = group.key[name];
    return textOf(value === null ? { name, op: "null" } : { name, op: "=", value: String(value) }, attribute(name)?.type);
  });
  return both(shown.filter, said.join(" AND "));
}

function benchOf(filter) {
  const asked = new URLSearchParams({ tool: "query" });
  if (filter) asked.set("filter", filter);
  for (const name of ["area", "as_of", "community"]) if (shown[name]) asked.set(name, shown[name]);
  return `/pipelines?${asked}`;
}

// ---- What is shown ----

function set(patch, { push = true } = {}) {
  const before = shown;
  shown = { ...shown, ...patch };
  if (NARROWS.some((name) => name in patch)) shown.row = patch.row ?? "";
  writeAddress(shown, { push });
  if (NARROWS.some((name) => before[name] !== shown[name])) read();
  else draw();
}

function drawControls() {
  const [first, second = ""] = groupBy(shown);
  controls.elements.first.value = first;
  controls.elements.second.value = second;
  for (const option of controls.elements.second.options) option.disabled = option.value === first;
  controls.elements.measure.value = shown.measure;
  controls.elements.chart.value = shown.chart;
  filters.show(shown);
}

async function read() {
  const now = ++turn;
  drawControls();
  document.getElementById("figures").setAttribute("aria-busy", "true");
  try {
    const found = await call("POST", "/api/v1/pipelines/statistics", { body: { ...question(shown), group_by: groupBy(shown) } });
    if (now !== turn) return;
    answer = found;
    say(part("wrong"), "");
    draw();
    const by = groupBy(shown);
    map.show({ groups: answer.groups, by, question: question(shown) });
  } catch (problem) {
    if (now === turn) say(part("wrong"), told(problem));
  }
  if (now === turn) document.getElementById("figures").removeAttribute("aria-busy");
}

function draw() {
  drawControls();
  if (!answer) return;
  const by = groupBy(shown);
  const titles = Object.fromEntries(by.map((name) => [name, attribute(name)?.title ?? name]));
  const { groups, others, total } = answer;
  const none = groups.length === 0;
  part("none").hidden = !none;
  document.getElementById("figures").hidden = none;
  table.show({ groups, others, total, by, titles, measure: shown.measure, sort: shown.sort, chosen: shown.row });
  part("told").textContent = fill(words.groupsTold, { n: figure("count", groups.length), count: figure("count", total.count), length: figure("length_m", total.length_m / 1000) });
  part("volume-told").textContent = total.unknown_volume_count ? fill(words.volumeTold, { n: figure("count", total.unknown_volume_count), length: figure("length_m", total.unknown_volume_length_m) }) : "";
  part("print-told").textContent = filters.words().join(" · ");
  if (!none) chart.show({ groups, by, measure: shown.measure, chosen: shown.chart, titles });
  const chosen = groups.find((group) => keyText(group, by) === shown.row);
  if (chosenBefore !== shown.row) {
    chosenBefore = shown.row;
    map.choose(chosen ? { ...question(shown), filter: filterOf(chosen) } : null);
  }
}

let chosenBefore = "";

controls.addEventListener("change", (event) => {
  const { first, second, measure, chart: kind } = controls.elements;
  if (event.target === measure) return set({ measure: measure.value, sort: "" });
  if (event.target === kind) return set({ chart: kind.value });
  const by = [first.value, second.value === first.value ? "" : second.value].filter(Boolean).join(",");
  set({ by, sort: "" });
});
controls.addEventListener("submit", (event) => event.preventDefault());
addEventListener("popstate", () => {
  shown = readAddress();
  read();
});

// ---- Only what the map shows; the whole thing as a file; on paper ----

document.getElementById("in-view").addEventListener("click", () => {
  const bounds = map.map?.getBounds().toArray().flat().map((one) => one.toFixed(6)).join(",");
  set(shown.bbox ? { bbox: "" } : { bbox: bounds ?? "" });
});

document.getElementById("export").addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = event.submitter;
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  try {
    const format = event.target.elements.format.value;
    const got = await answerTo("POST", "/api/v1/pipelines/export", { body: { ...question(shown), format } });
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await got.blob());
    link.download = /filename="?([^";]+)/.exec(got.headers.get("content-disposition") ?? "")?.[1] ?? `pipelines.${format}`;
    link.click();
    URL.revokeObjectURL(link.href);
  } catch (problem) {
    toast(told(problem), "danger");
  }
  button.removeAttribute("aria-busy");
});

document.getElementById("print").addEventListener("click", () => print());

read();
