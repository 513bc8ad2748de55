// The dashboard: charts beside the tables that the server wrote, what stands behind each number, and what if.

import { Explain } from "./explain.js";
import { scoreBars } from "./score_bars.js";
import { Trend } from "./trend.js";
import { WhatIf } from "./what_if.js";

const at = (id) => document.getElementById(id);
const explain = new Explain(at("explain"));
const whatIf = new WhatIf(at("what-if"));
const nameOf = (code) => document.querySelector(`#ranking-table tr[data-code="${CSS.escape(code)}"] .open-name`)?.textContent ?? code;

// With a key held the link leads where it says: to the profile.
at("ranking-table").addEventListener("click", (event) => {
  const link = event.target.closest("a[data-explain]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const { code } = link.closest("tr").dataset;
  explain.open(code, nameOf(code), link.dataset.explain);
});

at("what-if-open").addEventListener("click", () => whatIf.open());
for (const dialog of document.querySelectorAll("dialog.sheet")) {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
}

// On a phone the row of kinds is longer than the screen: the present one is in sight.
const kind = document.querySelector(".kinds-of-object [aria-current]");
if (kind) kind.parentElement.scrollLeft = kind.offsetLeft - kind.parentElement.clientWidth / 2;

at("cards-form").addEventListener("change", () => at("cards-form").requestSubmit());

if (!document.querySelector(".dashboard").hidden) {
  new Trend(at("trend"), at("trend-unit"));
  scoreBars(at("bars"), (code) => explain.open(code, nameOf(code), "score"));
}
