// What is wrong in a section or profile: worst first, with its limit, and whether that number was verified.

import { fill, icon, make, metres, words } from "./words.js";

const ICONS = { error: "circle-alert", warning: "triangle-alert", note: "info" };
const ORDER = ["error", "warning", "note"];

// onShow(finding, its number in the answer)
export function tellFindings(box, findings, onShow) {
  const ranked = findings.map((one, i) => ({ ...one, i })).sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  box.hidden = false;
  box.querySelector("h3").textContent = findings.length === 1 ? words.findingOne : findings.length ? fill(words.findingsCount, { n: findings.length }) : words.noFindings;
  box.querySelector("ol").replaceChildren(...ranked.map((one) => row(one, onShow)));
}

function row(finding, onShow) {
  const button = make(
    "button",
    { type: "button", class: "finding", "data-severity": finding.severity, "data-finding": finding.i },
    icon(ICONS[finding.severity] ?? "info"),
    make("span", { class: "what" }, make("span", { text: finding.text || finding.code }), ...limit(finding)),
  );
  button.addEventListener("click", () => onShow(finding, finding.i));
  return make("li", {}, button);
}

function limit({ value_m: value, limit_m: least, is_firm: isFirm, source }) {
  if (least === null || least === undefined) return [];
  const figures = fill(words.foundAndLimit, { value: metres(value), limit: metres(least) });
  const state = isFirm === false ? words.numberOpen : words.numberFirm;
  return [make("span", { class: "small quiet", title: source || null }, make("span", { text: figures }), make("span", { class: isFirm === false ? "open-number" : "firm-number", text: state }))];
}
