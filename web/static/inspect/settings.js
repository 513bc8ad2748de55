// Theme, language, the home screen: choices of this phone.

import { $ } from "./dom.js";
import { openSheet } from "./sheet.js";
import { locale } from "./words.js";

const THEME = "citygrid-inspect-theme";
const root = document.documentElement;

function setTheme(theme) {
  root.dataset.theme = theme;
  localStorage.setItem(THEME, theme);
  showTheme();
  document.dispatchEvent(new CustomEvent("inspect:theme"));
}

function showTheme() {
  for (const radio of $("themes").querySelectorAll("input")) radio.checked = radio.value === root.dataset.theme;
  $("sunlight").setAttribute("aria-pressed", String(root.dataset.theme === "sunlight"));
}

export function settingsSheet(offline) {
  let before = root.dataset.theme === "sunlight" ? "" : root.dataset.theme;
  showTheme();
  $("sunlight").addEventListener("click", () => {
    const isOn = root.dataset.theme === "sunlight";
    if (!isOn) before = root.dataset.theme;
    setTheme(isOn ? before : "sunlight");
  });
  $("themes").addEventListener("change", (event) => setTheme(event.target.value));
  $("locales").addEventListener("change", (event) => event.target.value !== locale && offline.speak(event.target.value));
  $("settings-open").addEventListener("click", async () => {
    openSheet("settings");
    const { safe, unsafe } = $("storage").dataset;
    $("storage").textContent = (await navigator.storage?.persisted?.()) ? safe : unsafe;
  });

  let prompt = null;
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    prompt = event;
    $("install").hidden = false;
  });
  $("install").addEventListener("click", async () => {
    await prompt?.prompt();
    $("install").hidden = true;
  });
}
