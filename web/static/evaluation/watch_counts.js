// How many leads each watch has: one question after the other, so that a large city stays quick for others.

import { call } from "../js/api.js";

const { leads: word, open: some, none } = document.querySelector(".watches").dataset;

function told(tag, text, quiet) {
  const element = document.createElement(tag);
  element.textContent = text;
  if (quiet) element.className = "quiet";
  return element;
}

for (const place of document.querySelectorAll("[data-count]")) {
  try {
    const { leads, open } = await call("GET", place.dataset.count);
    place.closest("li").classList.toggle("still", leads === 0);
    const parts = leads ? [told("strong", leads.toLocaleString()), ` ${word} `] : [told("span", none, true)];
    if (leads && open !== leads) parts.push(told("span", some.replace("{n}", open.toLocaleString()), true));
    place.replaceChildren(...parts);
  } catch (problem) {
    place.textContent = problem.message;
  }
}
