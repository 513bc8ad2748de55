// Layers that are watched live are asked for again while the page is looked at; unchanged tiles answer 304.

import { notice } from "./notice.js";

const stage = document.getElementById("stage");

export function keepFresh(gl, layers) {
  const updated = document.getElementById("updated");
  for (const layer of layers.filter((one) => one.refresh_s > 0)) {
    let asked = Date.now();
    const tell = () => {
      updated.textContent = stage.dataset.updated.replace("{time}", new Date().toLocaleTimeString(document.documentElement.lang, { hour12: false }));
    };
    const ask = () => {
      if (document.hidden) return;
      asked = Date.now();
      if (!navigator.onLine) return notice(stage.dataset.offline);
      notice("");
      gl.refreshTiles(layer.name);
      tell();
    };
    setInterval(ask, layer.refresh_s * 1000);
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && Date.now() - asked > layer.refresh_s * 1000) ask();
    });
    tell();
  }
}
