// Drawing and measuring: geoman draws, this keeps what is drawn, measures it, lists it and takes steps back.

import * as L from "leaflet";
import { call } from "../js/api.js";
import { fill, icon, make, words } from "../js/page_words.js";
import { toast } from "../js/toast.js";
import { drawnKey } from "./keys.js";
import { notice } from "./notice.js";
import { DRAW, areaIn, asGeoJSON, asKML, featureOf, layerOf, measures, read, title } from "./shapes.js";

const MOST_STEPS = 50;
const MOST_BYTES = 5_000_000;
const CHANGED = ["pm:edit", "pm:dragend", "pm:markerdragend", "pm:rotateend", "pm:textchange", "pm:vertexremoved"];

// Geoman is a script for pages where Leaflet is a global; ours is a module, whose names cannot be added to.
async function geoman(map) {
  window.L ??= { ...L };
  await import("geoman");
  const sheet = make("link", { rel: "stylesheet", href: import.meta.resolve("geoman").replace("leaflet-geoman.min.js", "leaflet-geoman.css") });
  document.head.append(sheet);
  map.pm ??= new window.L.PM.Map(map);
  map.pm.setLang(document.documentElement.lang === "en" ? "en" : "zh");
  map.pm.setGlobalOptions({ snappable: true, snapDistance: 12, continueDrawing: false, limitMarkersToCount: 200, ...DRAW });
}

export default class Draw {
  constructor(city, panel) {
    this.map = city.map;
    this.panel = panel;
    this.group = L.featureGroup().addTo(this.map);
    this.steps = [];
    this.ready = geoman(this.map).then(() => this.begin());
  }

  begin() {
    this.put(kept());
    this.steps = [this.features()];
    this.map.on("pm:create", ({ layer, shape }) => {
      layer.kind = shape === "Text" ? "text" : undefined;
      this.map.removeLayer(layer);
      this.take(layer);
      this.changed();
    });
    this.map.on("pm:cut", ({ layer, originalLayer }) => {
      this.group.removeLayer(originalLayer);
      this.map.removeLayer(layer);
      for (const part of layer instanceof L.LayerGroup ? layer.getLayers() : [layer]) this.take(part);
      this.changed();
    });
    // While something is drawn, a click is a corner and not a question.
    this.map.on("pm:globaldrawmodetoggled pm:globaleditmodetoggled pm:globaldragmodetoggled pm:globalcutmodetoggled", () => this.mark());
    this.panel.addEventListener("click", (event) => this.press(event.target.closest("button")));
    this.panel.querySelector("input[type=file]").addEventListener("change", (event) => this.import(event.target));
    const label = this.panel.querySelector("label.button");
    label.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") label.querySelector("input").click();
    });
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest?.("input, textarea, select");
      if ((event.ctrlKey || event.metaKey) && event.key === "z" && !typing && !this.panel.hidden) this.undo();
      if (event.key === "Escape" && this.busy()) this.rest();
    });
    this.tell();
  }

  async opened() {
    await this.ready;
    this.tell();
  }

  async closed() {
    await this.ready;
    this.rest();
  }

  busy() {
    const { pm } = this.map;
    return pm.globalDrawModeEnabled() || pm.globalEditModeEnabled() || pm.globalDragModeEnabled() || pm.globalCutModeEnabled();
  }

  rest() {
    const { pm } = this.map;
    pm.disableDraw();
    pm.disableGlobalEditMode();
    pm.disableGlobalDragMode();
    pm.disableGlobalCutMode();
  }

  press(button) {
    const { shape, change, act } = button?.dataset ?? {};
    const isOn = button?.getAttribute("aria-pressed") === "true";
    if (shape || change) this.rest();
    if (shape && !isOn) this.map.pm.enableDraw(shape, { ...DRAW, textOptions: { text: "", focusAfterDraw: true } });
    if (change && !isOn) {
      if (change === "edit") this.map.pm.enableGlobalEditMode();
      if (change === "drag") this.map.pm.enableGlobalDragMode();
      if (change === "cut") this.map.pm.enableGlobalCutMode();
    }
    if (act === "undo") this.undo();
    if (act === "geojson") save("citygrid.geojson", "application/geo+json", asGeoJSON(this.features()));
    if (act === "kml") save("citygrid.kml", "application/vnd.google-earth.kml+xml", asKML(this.features()));
    if (act === "clear") this.clear();
  }

  mark() {
    const { pm } = this.map;
    const shape = pm.globalDrawModeEnabled() ? pm.Draw.getActiveShape() : null;
    const on = { edit: pm.globalEditModeEnabled(), drag: pm.globalDragModeEnabled(), cut: pm.globalCutModeEnabled() };
    for (const one of this.panel.querySelectorAll("[data-shape]")) one.setAttribute("aria-pressed", String(one.dataset.shape === shape));
    for (const one of this.panel.querySelectorAll("[data-change]")) one.setAttribute("aria-pressed", String(on[one.dataset.change]));
    this.map.getContainer().toggleAttribute("data-drawing", this.busy());
  }

  // ---- What is drawn ----

  features() {
    return this.group.getLayers().map(featureOf);
  }

  take(layer) {
    this.group.addLayer(layer);
    for (const name of CHANGED) layer.on(name, () => this.changed());
    layer.on("pm:drag pm:markerdrag", () => this.label(layer));
    this.label(layer);
  }

  put(features) {
    this.group.clearLayers();
    for (const feature of features) this.take(layerOf(feature));
  }

  label(layer) {
    const [first] = measures(featureOf(layer));
    layer.unbindTooltip();
    if (first) layer.bindTooltip(first[1], { permanent: true, direction: "center", className: "map-measure", interactive: false });
  }

  changed() {
    this.steps.push(this.features());
    if (this.steps.length > MOST_STEPS) this.steps.shift();
    for (const layer of this.group.getLayers()) this.label(layer);
    this.keep();
    this.tell();
  }

  undo() {
    if (this.steps.length < 2) return;
    this.rest();
    this.steps.pop();
    this.put(this.steps.at(-1));
    this.keep();
    this.tell();
    this.say(words.restored);
  }

  clear() {
    const count = this.group.getLayers().length;
    if (!count || !confirm(fill(words.clearAll, { n: count }))) return;
    this.put([]);
    this.changed();
  }

  keep() {
    const features = this.features();
    try {
      if (features.length) localStorage.setItem(drawnKey(), JSON.stringify(features));
      else localStorage.removeItem(drawnKey());
    } catch (error) {
      console.warn(error); // the browser's store is full or shut: the drawing stays on the page
    }
  }

  async import(input) {
    const [file] = input.files;
    input.value = "";
    if (!file) return;
    try {
      if (file.size > MOST_BYTES) throw new Error(words.importFailed);
      const features = read(await file.text());
      const layers = features.map(layerOf);
      for (const layer of layers) this.take(layer);
      this.changed();
      this.map.fitBounds(L.featureGroup(layers).getBounds(), { maxZoom: 18, padding: [40, 40] });
      notice("");
      toast(fill(words.imported, { n: features.length }));
    } catch (error) {
      notice(error.message);
    }
  }

  // ---- The list ----

  say(text) {
    this.panel.querySelector('[data-part="state"]').textContent = text;
  }

  tell() {
    const layers = this.group.getLayers();
    this.say(layers.length ? fill(words.drawn, { n: layers.length }) : words.drawNothing);
    this.panel.querySelector('[data-part="drawn"]').replaceChildren(...layers.map((layer) => this.row(layer)));
    this.mark();
  }

  row(layer) {
    const feature = featureOf(layer);
    const facts = make("dl", { class: "facts" }, ...measures(feature).flatMap(([name, value]) => [make("dt", { text: name }), make("dd", { text: value })]));
    const acts = make("p", { class: "map-row-acts" });
    const button = (name, text, press) => {
      const made = make("button", { type: "button", class: "map-button plain", title: text, "aria-label": `${text}: ${title(feature)}` }, icon(name));
      made.addEventListener("click", press);
      acts.append(made);
    };
    button("locate-fixed", words.zoom, () => this.show(layer));
    const area = areaIn(feature);
    if (area) button("list-tree", words.here, () => this.ask(area, facts));
    button("trash-2", words.delete, () => {
      this.group.removeLayer(layer);
      this.changed();
    });
    if (feature.geometry.type === "Point") this.place(feature.geometry.coordinates, facts);
    return make("li", {}, make("header", {}, make("strong", { text: title(feature) }), acts), facts);
  }

  show(layer) {
    if (layer.getBounds) this.map.fitBounds(layer.getBounds(), { maxZoom: 19, padding: [60, 60] });
    else this.map.setView(layer.getLatLng(), Math.max(this.map.getZoom(), 17));
  }

  async place([lon, lat], facts) {
    facts.append(make("dt", { text: "EPSG:4490" }), make("dd", { class: "code", text: `${lon.toFixed(7)}, ${lat.toFixed(7)}` }));
    const told = await call("GET", `/api/v1/map/place?lon=${lon}&lat=${lat}`).catch(() => null); // far off, the city's system has no place
    if (told) facts.append(make("dt", { text: told.crs }), make("dd", { class: "code", text: `E ${told.easting.toFixed(3)}, N ${told.northing.toFixed(3)}` }));
  }

  async ask(area, facts) {
    this.say(words.listReading);
    try {
      const { items } = await call("POST", "/api/v1/map/summary", { body: { area } });
      const found = items.filter((one) => one.count);
      facts.querySelectorAll("[data-here]").forEach((old) => old.remove());
      for (const { title: name, count, is_capped: capped } of found) {
        const told = count.toLocaleString(document.documentElement.lang);
        facts.append(make("dt", { "data-here": true, text: name }), make("dd", { "data-here": true, text: capped ? fill(words.moreThan, { n: told }) : told }));
      }
      this.say(found.length ? words.here : words.nothingHere);
    } catch (error) {
      this.say(error.message);
    }
  }
}

// What the browser kept of the last visit; nothing where it cannot be read any more.
function kept() {
  try {
    return JSON.parse(localStorage.getItem(drawnKey()) ?? "[]");
  } catch {
    return [];
  }
}

function save(name, type, text) {
  const link = make("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
