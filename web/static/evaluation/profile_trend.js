// An object over the last periods: its score in the colours of its grades, or one of its indicators.

import { data, words } from "../js/page_words.js";
import { Chart, parts } from "./charts.js";
import { points, written } from "./figures.js";

const SCORE = "score";

const options = (indicator) => (look) => {
  const isScore = indicator === SCORE;
  const { title, unit } = isScore ? { title: words.score, unit: "points" } : data.indicators[indicator];
  const values = data.history.map((one) => (isScore ? one.score : one.values[indicator]));
  const shown = unit === "ratio" ? { axisLabel: { formatter: (value) => `${Math.round(value * 100)}%` } } : {};
  const series = isScore
    ? { type: "bar", barMaxWidth: 30, data: data.history.map((one) => ({ value: one.score, itemStyle: { color: look.gradeColour(one.colour) } })), label: { show: look.width > 420, position: "top", color: look.ink, formatter: ({ dataIndex }) => data.history[dataIndex].grade } }
    : { type: "line", symbol: "circle", symbolSize: 7, connectNulls: false, lineStyle: { color: look.brand, width: 2 }, itemStyle: { color: look.brand }, data: values };
  return {
    tooltip: parts.tooltip(look, { valueFormatter: (value) => (isScore ? points(value) : written(unit, value)) }),
    grid: parts.grid({ top: 28 }),
    xAxis: parts.names(look, data.history.map((one) => one.code)),
    yAxis: parts.numbers(look, { min: isScore ? 0 : undefined, max: isScore ? 100 : undefined, scale: !isScore, ...shown }),
    series: [{ name: title, ...series }],
  };
};

export function profileTrend(box, chooser) {
  const chart = new Chart(box, { label: words.trendOf, options: options(chooser.value) });
  chooser.addEventListener("change", () => chart.draw(options(chooser.value)));
  return chart;
}
