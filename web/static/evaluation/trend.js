// Reports as columns, on-time disposal as a line over them, by day, week or month: of all districts together.

import { call } from "../js/api.js";
import { data, words } from "../js/page_words.js";
import { Chart, parts } from "./charts.js";
import { written } from "./figures.js";

const COUNT = "reported";
const RATE = "on_time_disposal";

// Points of one indicator, of all districts together: {period, numerator, denominator}
async function points(indicator, unit) {
  const asked = (code) => new URLSearchParams({ object: "district", code, indicator, unit, periods: data.trend_points[unit], period: data.period });
  const told = await Promise.all(data.districts.map((code) => call("GET", `/api/v1/evaluation/trend?${asked(code)}`)));
  return told[0].items.map((one, at) => ({
    period: one.period,
    numerator: told.reduce((sum, each) => sum + each.items[at].numerator, 0),
    denominator: told.reduce((sum, each) => sum + (each.items[at].denominator ?? 0), 0),
  }));
}

// The axis of rates ends at 100 % and begins at the first tenth below them, in five even steps.
const least = (rates) => Math.floor(10 * Math.min(0.9, ...rates.filter((rate) => rate !== null))) / 10;

const options = (counts, rates) => (look) => ({
  tooltip: parts.tooltip(look, { axisPointer: { type: "shadow" } }),
  legend: parts.legend(look),
  grid: parts.grid(),
  xAxis: parts.names(look, counts.map((one) => one.period)),
  yAxis: [parts.numbers(look, { minInterval: 1 }), parts.numbers(look, { max: 1, min: least(rates), interval: (1 - least(rates)) / 5, splitLine: { show: false }, axisLabel: { formatter: (value) => `${Math.round(value * 100)}%` } })],
  series: [
    { type: "bar", name: words.reported, barMaxWidth: 22, itemStyle: { color: look.brand, opacity: 0.55 }, data: counts.map((one) => one.numerator) },
    {
      type: "line",
      name: words.onTime,
      yAxisIndex: 1,
      symbol: "circle",
      symbolSize: 7,
      connectNulls: false,
      lineStyle: { color: look.department, width: 2 },
      itemStyle: { color: look.department },
      tooltip: { valueFormatter: (value) => written("ratio", value) },
      data: rates,
    },
  ],
});

export class Trend {
  constructor(box, chooser) {
    this.box = box;
    chooser.addEventListener("change", (event) => this.show(event.target.value));
    this.show(chooser.querySelector(":checked").value);
  }

  async show(unit) {
    this.unit = unit;
    this.box.setAttribute("aria-busy", "true");
    const [counts, shares] = await Promise.all([points(COUNT, unit), points(RATE, unit)]);
    if (this.unit !== unit) return; // another one was asked for meanwhile
    this.box.removeAttribute("aria-busy");
    const rates = shares.map((one) => (one.denominator ? one.numerator / one.denominator : null));
    if (this.chart) this.chart.draw(options(counts, rates));
    else this.chart = new Chart(this.box, { label: words.trendSays, options: options(counts, rates) });
  }
}
