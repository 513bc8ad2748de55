// How figures are written. Without cases there is no figure: that is said, never written as 0.

import { fill, words } from "../js/page_words.js";

const language = document.documentElement.lang;
const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const hundredth = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const percent = new Intl.NumberFormat(language, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });

export const number = (value) => whole.format(value);
export const points = (value) => (value === null || value === undefined ? "—" : hundredth.format(value));
export const signed = (text, value) => (value > 0 ? `+${text}` : value < 0 ? `−${text.replace(/^[-−]/, "")}` : text);

// unit: ratio (0–1), hours or cases
export function written(unit, value) {
  if (value === null || value === undefined) return words.noCases;
  if (unit === "ratio") return percent.format(value);
  if (unit === "hours") return fill(words.hours, { n: tenth.format(value) });
  if (unit === "points") return hundredth.format(value);
  return whole.format(value);
}

// A difference of two values, with its sign; of rates in percentage points.
export function difference(unit, value) {
  if (value === null || value === undefined) return "—";
  const size = Math.abs(value);
  const text = unit === "ratio" ? fill(words.percentPoints, { n: hundredth.format(size * 100) }) : written(unit, size);
  return signed(text, Number(value.toFixed(6)));
}

// The page that lists what an address of the service lists.
export const pageOf = (address) => address.replace("/api/v1/cases", "/cases");
