// 绿黄红: how a clock stands, by shape and word as well as by colour.

import { h, icon } from "./dom.js";
import { say, span } from "./words.js";

const SHAPES = { green: "timer", yellow: "hourglass", red: "triangle-alert" };

// colour: as the service says it; due: when the limit ends
export function lamp(colour, due) {
  if (!colour || !due) return null;
  const left = new Date(due) - Date.now();
  const words = say(left < 0 ? "late_by" : "due_in", { time: span(left) });
  return h("span", { class: "lamp", "data-lamp": left < 0 ? "red" : colour }, icon(SHAPES[left < 0 ? "red" : colour]), words);
}
