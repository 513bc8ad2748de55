// The views that a person has named, [{ name, hash }], in this browser.

import { viewsKey } from "./keys.js";

export function readViews() {
  try {
    const kept = JSON.parse(localStorage.getItem(viewsKey()) ?? "[]");
    return kept.filter((one) => typeof one?.name === "string" && /^#/.test(one.hash));
  } catch {
    return [];
  }
}

export function writeViews(views) {
  localStorage.setItem(viewsKey(), JSON.stringify(views));
}
