// Why a figure changed: split by class, street or department into what came of other rates and what of another mix.

import { call } from "../js/api.js";
import { data, fill, make, words } from "../js/page_words.js";
import { Chart, parts } from "./charts.js";
import { difference, written } from "./figures.js";

const MOST = 10;
const LEAST = { ratio: 5e-5, points: 5e-3 }; // what would be written as nought
const ROW_PX = 30;

// asked: parameters of the figure; onChart is told of each chart drawn, so that it can be ended
export async function causes(box, asked, { isScore, unit, signal, onChart }) {
  const inside = make("div", { class: "stack-2" });
  if (!isScore) box.append(chooser((by) => show(by)));
  box.append(inside);
  await show(data.causes[0].by);

  async function show(by) {
    const told = await call("GET", `/api/v1/evaluation/causes?${new URLSearchParams([...asked, ["by", by]])}`, { signal });
    draw(inside, told, { isScore, unit, onChart });
  }
}

function chooser(onChange) {
  const choice = make("fieldset", { class: "choice small-choice", "aria-label": words.splitBy });
  data.causes.forEach(({ by, title }, at) => choice.append(make("label", {}, make("input", { type: "radio", name: "by", value: by, checked: at === 0 }), title)));
  choice.addEventListener("change", (event) => onChange(event.target.value));
  return choice;
}

function draw(inside, told, { isScore, unit, onChart }) {
  if (told.change === null || told.change === undefined) return inside.replaceChildren(make("p", { class: "quiet", text: words.noCauses }));
  const line = make("p", {}, written(unit, told.before), " → ", make("strong", { text: written(unit, told.after) }), ` (${difference(unit, told.change)})`);
  const rows = told.parts.filter((part) => Math.abs(part.effect ?? 0) >= (LEAST[unit] ?? 5e-2)).slice(0, MOST); // the greatest come first
  if (!rows.length) return inside.replaceChildren(line, make("p", { class: "quiet", text: words.noChange }));
  const box = make("div", { class: "chart-box" });
  box.style.height = `${rows.length * ROW_PX + 70}px`;
  inside.replaceChildren(line, box, table(rows, { isScore, unit }));
  const scale = unit === "ratio" ? 100 : 1;
  const series = isScore ? [[words.cause, (part) => part.effect, "brand"]] : [[words.byRate, (part) => part.rate_effect, "brand"], [words.byMix, (part) => part.mix_effect, "signal"]];
  onChart(
    new Chart(box, {
      label: words.changeCauses,
      options: (look) => ({
        tooltip: parts.tooltip(look, { axisPointer: { type: "shadow" }, valueFormatter: (value) => difference(unit, value / scale) }),
        legend: isScore ? undefined : parts.legend(look),
        grid: parts.grid(isScore ? { top: 8 } : {}),
        xAxis: parts.numbers(look),
        yAxis: parts.names(look, rows.map((part) => part.name), { inverse: true, axisLabel: { color: look.ink, interval: 0, width: Math.min(150, look.width * 0.35), overflow: "truncate" } }),
        series: series.map(([name, of, colour]) => ({ type: "bar", stack: "all", name, barMaxWidth: 18, itemStyle: { color: look[colour] }, data: rows.map((part) => of(part) * scale) })),
      }),
    }),
  );
}

const share = (side) => (side?.d ? `${side.n}/${side.d}` : (side?.n ?? "—"));

function table(rows, { isScore, unit }) {
  const heads = isScore ? [words.part, words.cause] : [words.part, words.before, words.after, words.cause];
  const cell = (text) => make("td", { class: "number", text });
  return make(
    "table",
    { class: "figures-table" },
    make("thead", {}, make("tr", {}, ...heads.map((text, at) => make("th", { scope: "col", class: at && "number", text })))),
    make("tbody", {}, ...rows.map((part) => make("tr", {}, make("td", { text: part.name }), !isScore && cell(share(part.before)), !isScore && cell(share(part.after)), cell(difference(unit, part.effect))))),
  );
}
