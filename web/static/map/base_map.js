// A map of others under our own: chosen in the layer switch, remembered for the next visit.

import * as L from "leaflet";
import { notice } from "./notice.js";

const KEPT = "citygrid.base";
const SOURCE = "base";
// What makes a layer of each type fainter.
const OPACITY = { raster: "raster-opacity", fill: "fill-opacity", line: "line-opacity", circle: "circle-opacity", symbol: "text-opacity" };

export class BaseMaps {
  constructor(map, gl) {
    this.map = map;
    this.gl = gl;
    this.box = document.getElementById("base-maps");
    this.range = this.box.querySelector("input[type=range]");
    this.known = new Map(JSON.parse(this.box.querySelector("script").textContent).map((base) => [base.name, base]));
    this.credit = L.control.attribution({ prefix: false, position: "bottomright" });
    // Our own areas are a sheet of paper: over another map they keep their lines only.
    this.paper = gl
      .getStyle()
      .layers.filter((layer) => layer.type === "fill" && layer.metadata?.["citygrid:layer"] === "areas")
      .map((layer) => ({ id: layer.id, opacity: layer.paint?.["fill-opacity"] ?? 1 }));
    const { name, strength } = remembered();
    this.range.value = String(strength);
    for (const choice of this.box.querySelectorAll("input[type=radio]")) {
      choice.checked = choice.value === (this.known.has(name) ? name : "");
      choice.addEventListener("change", () => this.choose(choice.value));
    }
    this.range.addEventListener("input", () => this.fade());
    gl.on("error", (event) => this.failed(event));
    if (this.known.has(name)) this.choose(name);
  }

  choose(name) {
    this.remove();
    const base = this.known.get(name);
    this.shown = base ?? null;
    this.told = false;
    this.range.disabled = !base;
    for (const { id, opacity } of this.paper) this.gl.setPaintProperty(id, "fill-opacity", base ? 0 : opacity);
    if (base) this.add(base);
    else notice("");
    this.remember();
  }

  add(base) {
    const whole = base.source.tiles.map((path) => location.origin + path);
    this.gl.addSource(SOURCE, { ...base.source, tiles: whole });
    // Above the bare ground, below everything of ours.
    const first = this.gl.getStyle().layers.find((layer) => layer.type !== "background")?.id;
    for (const layer of base.layers) this.gl.addLayer(layer, first);
    this.fade();
    if (base.attribution) this.credit.addTo(this.map).addAttribution(asText(base.attribution));
  }

  remove() {
    if (!this.shown) return;
    for (const layer of this.shown.layers) this.gl.removeLayer(layer.id);
    this.gl.removeSource(SOURCE);
    if (this.shown.attribution) this.credit.removeAttribution(asText(this.shown.attribution)).remove();
  }

  fade() {
    const share = Number(this.range.value) / 100;
    for (const layer of this.shown?.layers ?? []) {
      const name = OPACITY[layer.type];
      this.gl.setPaintProperty(layer.id, name, (layer.paint?.[name] ?? 1) * share);
    }
    this.remember();
  }

  // Said once: the map is whole without it.
  failed(event) {
    if (event.sourceId !== SOURCE) return console.error(event.error);
    if (!this.told) notice(this.box.dataset.failed);
    this.told = true;
  }

  remember() {
    localStorage.setItem(KEPT, JSON.stringify({ name: this.shown?.name ?? "", strength: Number(this.range.value) }));
  }
}

function remembered() {
  try {
    return { name: "", strength: 80, ...JSON.parse(localStorage.getItem(KEPT)) };
  } catch {
    return { name: "", strength: 80 };
  }
}

// Leaflet takes an attribution as HTML.
function asText(words) {
  const element = document.createElement("span");
  element.textContent = words;
  return element.innerHTML;
}
