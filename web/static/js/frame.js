// What every page does: theme, the person's menu, keys. Nothing here is needed to read the page.

import { listKeys } from "./list_keys.js";
import { open } from "./components.js";
import { showKeptToast } from "./toast.js";

const root = document.documentElement;

function isDark() {
  return root.dataset.theme === "dark" || (!root.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
}

// A cookie, not local storage: the server writes the choice into the page, so that nothing flashes.
document.getElementById("theme").addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `citygrid_theme=${root.dataset.theme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  document.dispatchEvent(new CustomEvent("citygrid:theme", { detail: root.dataset.theme }));
});

const menu = document.getElementById("person-menu");
menu?.addEventListener("wa-select", (event) => {
  if (event.detail.item.value === "sign-out") document.getElementById("sign-out").requestSubmit();
  if (event.detail.item.value === "keys") open("keys");
});
if (menu) import("webawesome/components/dropdown/dropdown.js").then(() => import("webawesome/components/dropdown-item/dropdown-item.js"));

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable], wa-dialog[open]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "?") {
    open("keys");
  } else if (event.key === "/") {
    const search = document.querySelector("[data-search]");
    if (!search) return;
    event.preventDefault();
    search.focus();
  } else {
    listKeys(event);
  }
});

showKeptToast();
