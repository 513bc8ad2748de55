// What slides over the view: native dialogs. Closing is the same for all: the cross, Escape, a tap beside it.

import { $ } from "./dom.js";

export function openSheet(name) {
  const sheet = $(`sheet-${name}`);
  if (!sheet.open) sheet.showModal();
  return sheet;
}

export const closeSheet = (name) => $(`sheet-${name}`).close();

for (const sheet of document.querySelectorAll("dialog.sheet")) {
  sheet.querySelector("[data-close]").addEventListener("click", () => sheet.close());
  sheet.addEventListener("click", (event) => {
    if (event.target === sheet) sheet.close();
  });
}
for (const button of document.querySelectorAll("[data-open]")) {
  button.addEventListener("click", () => {
    button.closest("dialog")?.close();
    openSheet(button.dataset.open);
  });
}
