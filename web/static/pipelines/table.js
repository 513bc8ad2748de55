// Tables of crossings, stations and reaches: figures to the right, a row lights up what it is about.

import { make, words } from "./words.js";

// columns: [{ title, value(row), number, cell(row) }]; key(row): what the row is known by, "" for none
export function table(caption, columns, rows, { key, onHover, onOpen }) {
  const head = make("tr", {}, ...columns.map((one) => make("th", { scope: "col", class: one.number && "number", text: one.title })));
  const body = make("tbody", {}, ...rows.map((row, i) => rowOf(columns, row, i, key(row))));
  const made = make("table", { class: "figures" }, make("caption", { class: "visually-hidden", text: caption }), make("thead", {}, head), body);
  const keyOf = (event) => event.target.closest("tr[data-key]")?.dataset.key || null;
  body.addEventListener("pointerover", (event) => onHover(keyOf(event)));
  body.addEventListener("pointerleave", () => onHover(null));
  body.addEventListener("focusin", (event) => onHover(keyOf(event)));
  body.addEventListener("click", (event) => keyOf(event) && onOpen(keyOf(event)));
  return make("div", { class: "figures-box", tabindex: "0", role: "region", "aria-label": caption }, made);
}

function rowOf(columns, row, i, key) {
  const cells = columns.map((one) => make("td", { class: one.number && "number" }, one.cell ? one.cell(row, i) : one.value(row, i)));
  return make("tr", { "data-key": key || null }, ...cells);
}

// A name that opens what it names, by pointer and by keyboard.
export const opener = (text) => make("button", { type: "button", class: "linked", text: text || words.unnumbered });

export function lightRows(box, keys) {
  for (const row of box.querySelectorAll("tr[data-key]")) {
    const isLit = keys.includes(row.dataset.key);
    row.classList.toggle("lit", isLit);
  }
}

export function swatch(colour) {
  const made = make("i", { class: "swatch" });
  made.style.background = colour;
  return made;
}
