// How figures are written. What is not known is said, never written as 0.

import { words } from "../js/page_words.js";

const language = document.documentElement.lang;
const whole = new Intl.NumberFormat(language);
const tenth = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat(language, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });

export const NOT_KNOWN = "—";
const DECIMALS = { length_m: tenth, volume_m3: tenth, count: whole, holes: whole, used_holes: whole };

export const figure = (name, value) => (value === null || value === undefined ? NOT_KNOWN : DECIMALS[name].format(value));
export const share = (value, total) => (value === null || !total ? NOT_KNOWN : percent.format(value / total));
export const titleOf = (group, name) => (group.key[name] === null ? words.unknown : (group.title[name] ?? String(group.key[name])));
export const isUnknown = (group, by) => by.some((name) => group.key[name] === null);
export const keyText = (group, by) => by.map((name) => JSON.stringify(group.key[name])).join(",");
