// The groups as a chart: bars for names, columns for bands, stacked for two attributes, a ring for few shares.
// It says nothing that the table does not: for readers of tables and screen readers the table is the same data.

import { fill, words } from "../js/page_words.js";
import { token } from "../js/tokens.js";
import { ORDERED, UNKNOWN, beginning, coloursOf } from "./colours.js";
import { figure, titleOf } from "./figures.js";

const MOST_BARS = 15;
const MOST_LAYERS = 9;
const FEW = 6;
const NARROW = 460; // px
const MOST_UPRIGHT = 4; // labels that stand side by side; more are turned

export function kindFor(chosen, by, groups) {
  if (by.length > 1 || ORDERED.has(by[0])) return "bars";
  if (chosen === "ring" || chosen === "bars") return chosen;
  return groups.length <= FEW && groups.length > 1 ? "ring" : "bars";
}

const valueOf = (measure) => (group) => (measure === "length_m" ? group.length_m / 1000 : group[measure]);

// Values of one attribute in the order they are drawn, with their sums; beyond the most, one part for all others.
function axis(groups, name, measure, most) {
  const sums = new Map();
  const titles = new Map();
  for (const group of groups) {
    const value = group.key[name];
    sums.set(value, (sums.get(value) ?? 0) + (valueOf(measure)(group) ?? 0));
    titles.set(value, titleOf(group, name));
  }
  const order = ORDERED.has(name)
    ? (one, other) => (one === null) - (other === null) || beginning(one) - beginning(other)
    : (one, other) => sums.get(other) - sums.get(one);
  const values = [...sums.keys()].sort(order);
  return { values: values.slice(0, most), others: values.slice(most), titles, sums };
}

// width: of the box, px
function options({ groups, by, measure, chosen, titles }, width) {
  const [ink, quiet, line, surface] = ["ink", "ink-quiet", "line", "surface"].map(token);
  const kind = kindFor(chosen, by, groups);
  const first = axis(groups, by[0], measure, kind === "ring" ? FEW + 2 : MOST_BARS);
  const unit = words[`unit_${measure}`];
  const text = { color: ink, fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 13 };
  const edge = { borderColor: surface === ink ? line : quiet, borderWidth: 0.75 };
  const written = (value) => `${figure(measure === "length_m" ? "length_m" : measure, value)} ${unit}`.trim();
  const common = {
    animation: false,
    textStyle: text,
    aria: { enabled: true, label: { description: fill(words.chartSays, { measure: words[`column_${measure}`], by: by.map((name) => titles[name]).join(" · ") }) }, decal: { show: by.length > 1 || kind === "ring" } },
    tooltip: { backgroundColor: surface, borderColor: line, textStyle: text, confine: true, valueFormatter: written },
  };
  const colours = coloursOf(by[0], first.values);
  if (kind === "ring") {
    const parts = first.values.map((value) => ({ key: value, name: first.titles.get(value), value: first.sums.get(value), itemStyle: { color: colours.get(value), ...edge } }));
    if (first.others.length) parts.push({ key: undefined, name: words.others, value: first.others.reduce((sum, value) => sum + first.sums.get(value), 0), itemStyle: { color: UNKNOWN, ...edge } });
    // Where there is no room beside the ring its parts are named below.
    const isNarrow = width < NARROW;
    return {
      ...common,
      tooltip: { ...common.tooltip, trigger: "item" },
      legend: isNarrow ? { bottom: 0, textStyle: { color: ink } } : undefined,
      series: [{ type: "pie", radius: isNarrow ? ["38%", "62%"] : ["45%", "72%"], center: ["50%", isNarrow ? "38%" : "52%"], label: { show: !isNarrow, color: ink, formatter: "{b}  {d}%" }, labelLine: { lineStyle: { color: quiet } }, data: parts }],
    };
  }
  const isUpright = ORDERED.has(by[0]);
  const second = by.length > 1 ? axis(groups, by[1], measure, MOST_LAYERS) : null;
  const layers = second ? coloursOf(by[1], second.values) : null;
  const at = (one, other) => groups.find((group) => group.key[by[0]] === one && (!second || group.key[by[1]] === other));
  const bar = { type: "bar", barMaxWidth: 34, emphasis: { focus: second ? "series" : "none" } };
  const series = second
    ? second.values.map((layer) => ({ ...bar, name: second.titles.get(layer), stack: "all", itemStyle: { color: layers.get(layer), ...edge }, data: first.values.map((value) => (at(value, layer) ? valueOf(measure)(at(value, layer)) : 0)) }))
    : [{ ...bar, name: words[`column_${measure}`], data: first.values.map((value) => ({ value: first.sums.get(value), itemStyle: { color: colours.get(value), ...edge } })) }];
  if (second?.others.length) {
    const rest = (value) => second.others.reduce((sum, layer) => sum + (at(value, layer) ? valueOf(measure)(at(value, layer)) : 0), 0);
    series.push({ ...bar, name: words.others, stack: "all", itemStyle: { color: UNKNOWN, ...edge }, data: first.values.map(rest) });
  }
  const names = { type: "category", data: first.values.map((value) => first.titles.get(value)), inverse: !isUpright, axisLabel: { color: ink, width: isUpright ? undefined : 130, overflow: "truncate", interval: 0, rotate: isUpright && first.values.length > MOST_UPRIGHT ? 32 : 0 }, axisLine: { lineStyle: { color: line } }, axisTick: { show: false } };
  const numbers = { type: "value", name: unit, nameTextStyle: { color: quiet }, axisLabel: { color: quiet }, splitLine: { lineStyle: { color: line } } };
  return {
    ...common,
    tooltip: { ...common.tooltip, trigger: "axis", axisPointer: { type: "shadow" } },
    legend: second ? { type: "scroll", top: 0, textStyle: { color: ink }, pageTextStyle: { color: ink }, pageIconColor: quiet } : undefined,
    grid: { left: 8, right: 24, top: second ? 40 : isUpright ? 32 : 12, bottom: isUpright ? 8 : 24, outerBounds: { left: 8, right: 16, top: second ? 40 : isUpright ? 32 : 8, bottom: 8 }, outerBoundsMode: "same", outerBoundsContain: "all" },
    xAxis: isUpright ? names : numbers,
    yAxis: isUpright ? numbers : names,
    series,
  };
}

export class Chart {
  constructor(box) {
    this.box = box;
    this.ready = this.begin();
    for (const [target, name] of [[document, "citygrid:theme"], [matchMedia("(prefers-color-scheme: dark)"), "change"]]) target.addEventListener(name, () => this.draw());
  }

  async begin() {
    const { init } = await import("echarts");
    this.chart = init(this.box, null, { renderer: "svg", locale: document.documentElement.lang.startsWith("zh") ? "ZH" : "EN" });
    this.box.shown = this.chart; // for tests and for people at the console
    new ResizeObserver(() => this.chart.resize()).observe(this.box);
  }

  async show(data) {
    this.data = data;
    await this.ready;
    this.draw();
  }

  draw() {
    if (!this.chart || !this.data) return;
    const isRing = kindFor(this.data.chosen, this.data.by, this.data.groups) === "ring";
    const first = new Set(this.data.groups.map((group) => group.key[this.data.by[0]])).size;
    // Room for as many bars as there are; a ring and columns keep their shape.
    const rows = isRing || ORDERED.has(this.data.by[0]) ? 0 : Math.min(first, MOST_BARS);
    this.box.style.height = `${Math.max(rows * 30 + 70, isRing || !rows ? 300 : 180)}px`;
    this.chart.resize();
    this.chart.setOption(options(this.data, this.box.clientWidth), { notMerge: true });
  }
}
