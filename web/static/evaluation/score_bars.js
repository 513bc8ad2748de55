// Scores as bars, the best on top: the first lines of the ranking, each in the colour of its grade and with its letter.

import { data, words } from "../js/page_words.js";
import { Chart, parts } from "./charts.js";
import { points } from "./figures.js";

const ROW_PX = 26;
const LEAST_PX = 288;

// onClick(code of an object)
export function scoreBars(box, onClick) {
  const rows = data.best;
  box.style.height = `${Math.max(rows.length * ROW_PX + 60, LEAST_PX)}px`;
  return new Chart(box, {
    label: words.scoresSay,
    onClick: ({ dataIndex }) => onClick(rows[dataIndex].code),
    options: (look) => ({
      tooltip: parts.tooltip(look, { axisPointer: { type: "shadow" }, valueFormatter: points }),
      grid: parts.grid({ top: 8, right: 56 }),
      xAxis: parts.numbers(look, { min: 0, max: 100 }),
      yAxis: parts.names(look, rows.map((row) => row.name), { inverse: true, axisLabel: { color: look.ink, interval: 0, width: Math.min(140, look.width * 0.35), overflow: "truncate" } }),
      series: [
        {
          type: "bar",
          name: words.score,
          barMaxWidth: 18,
          data: rows.map((row) => ({ value: row.score, itemStyle: { color: look.gradeColour(row.colour) } })),
          label: { show: true, position: "right", color: look.ink, formatter: ({ dataIndex }) => `${points(rows[dataIndex].score)} ${rows[dataIndex].grade}` },
        },
      ],
    }),
  });
}
