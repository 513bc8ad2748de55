// Colours of groups: the profession's for classes, a ramp for bands, a fixed row for all others; grey for unknown.

import { data } from "../js/page_words.js";

const ROW = ["#3b7fb6", "#d9772b", "#4f9d5d", "#b8504f", "#8a6bb5", "#8c6d5a", "#c873a8", "#a3922f", "#2c9a9f", "#6b7fa8"];
const RAMP = ["#c9e3ea", "#9fcbd8", "#74b2c5", "#4a98b0", "#2a7e98", "#17647e", "#0c4c63", "#073748", "#04252f", "#021820"];
export const UNKNOWN = "#9aa4aa";
export const ORDERED = new Set(["size_band", "age_band", "year", "holes", "voltage_kv"]);

// Where a band begins: "<100" before "100-200" before ">=2000"; codes that are numbers by themselves.
export const beginning = (code) => (String(code).startsWith("<") ? -1 : Number.parseFloat(String(code).replace(">=", "")));

// values: of one attribute, in the order they are drawn; returns value → colour
export function coloursOf(name, values) {
  const known = values.filter((value) => value !== null);
  const found = new Map([[null, UNKNOWN]]);
  const step = known.length > 1 ? (RAMP.length - 1) / (known.length - 1) : 0;
  const sorted = ORDERED.has(name) ? [...known].sort((one, other) => beginning(one) - beginning(other)) : known;
  sorted.forEach((value, at) => {
    const own = { class: data.classes, sub_class: data.sub_classes }[name]?.[value]?.colour;
    found.set(value, own ?? (ORDERED.has(name) ? RAMP[Math.round(at * step)] : ROW[at % ROW.length]));
  });
  return found;
}
