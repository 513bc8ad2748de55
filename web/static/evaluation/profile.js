// A profile: its chart, and what stands behind each of its numbers.

import { data } from "../js/page_words.js";
import { Explain } from "./explain.js";
import { profileTrend } from "./profile_trend.js";

const at = (id) => document.getElementById(id);
const dialog = at("explain");
const explain = new Explain(dialog);

// With a key held the link leads where it says: to the cases.
at("main").addEventListener("click", (event) => {
  const link = event.target.closest("a[data-explain]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  explain.open(data.code, data.name, link.dataset.explain);
});
dialog.addEventListener("click", (event) => {
  if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
});

profileTrend(at("trend"), at("trend-of"));
