// A sheet of the map: paper, scale and words from the form, the map drawn at the paper's own fineness.

import { Map } from "maplibre-gl";
import { words } from "../js/page_words.js";
import { readAddress, part } from "./address.js";
import { addImages } from "./images.js";
import { isOn } from "./layer_switch.js";
import { drawnSource, drawnLayers } from "./on_paper.js";
import { metresPerPixel, niceScale, scaleBar, zoomFor } from "./scale.js";
import { asAsked } from "./style.js";

const sheet = document.getElementById("sheet");
const form = document.getElementById("sheet-form");
const state = document.getElementById("state");
const bar = document.getElementById("scale-bar");
const asked = readAddress();
const FIELDS = ["title", "paper", "turn", "scale", "dpi", "author", "note"];
const PX_PER_INCH = 96; // a pixel of CSS on paper

let map;
let options;

async function begin() {
  options = await (await fetch("/map/drawing.json")).json();
  for (const name of FIELDS) if (part(name)) form.elements[name].value = part(name);
  dress();
  const [[south, west], [north, east]] = options.bounds;
  const centre = asked.view ? [asked.view.lon, asked.view.lat] : [(west + east) / 2, (south + north) / 2];
  form.elements.scale.value ||= asked.view ? niceScale(metresPerPixel(asked.view.zoom - 1, asked.view.lat) * (PX_PER_INCH / 0.0254)) : wholeCity();
  dress();
  map = new Map({
    container: "sheet-map",
    style: asAsked(options, asked, part("by") ?? "", part("as_of") ?? ""),
    center: centre,
    zoom: zoomFor(Number(form.elements.scale.value), centre[1]),
    pixelRatio: Number(form.elements.dpi.value) / PX_PER_INCH,
    maxCanvasSize: [8192, 8192],
    canvasContextAttributes: { preserveDrawingBuffer: true }, // what is printed is what stands in the buffer
    attributionControl: false, renderWorldCopies: false, fadeDuration: 0, maxZoom: 24,
    dragRotate: false, pitchWithRotate: false, scrollZoom: false, boxZoom: false, doubleClickZoom: false, touchZoomRotate: false,
  });
  map.keyboard.disableRotation();
  addImages(map, options.images);
  map.once("load", () => {
    map.addSource("drawn", { type: "geojson", data: drawnSource() });
    for (const layer of drawnLayers("drawn")) map.addLayer(layer);
  });
  map.on("movestart", () => wait());
  map.on("moveend", () => keepScale());
  map.on("idle", () => ready());
  form.addEventListener("input", (event) => change(event.target.name));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    print();
  });
  // For tests and for people at the console.
  window.sheet = { map };
}

// The scale at which the whole city fits on the sheet.
function wholeCity() {
  const [[south, west], [north, east]] = options.bounds;
  const box = document.getElementById("sheet-map").getBoundingClientRect();
  const tall = ((north - south) * 111_000) / box.height;
  const wide = ((east - west) * 111_320 * Math.cos((south * Math.PI) / 180)) / box.width;
  return niceScale(Math.max(tall, wide) * (PX_PER_INCH / 0.0254));
}

function change(name) {
  if (name === "scale" && !form.elements.scale.checkValidity()) return;
  wait();
  dress();
  if (name === "dpi") map.setPixelRatio(Number(form.elements.dpi.value) / PX_PER_INCH);
  if (name === "paper" || name === "turn") map.resize();
  map.jumpTo({ zoom: zoomFor(Number(form.elements.scale.value), map.getCenter().lat) });
  map.triggerRepaint();
}

// North of here, metres are longer on the map: the scale on the paper stays what it says.
function keepScale() {
  const zoom = zoomFor(Number(form.elements.scale.value), map.getCenter().lat);
  if (Math.abs(zoom - map.getZoom()) > 1e-6) map.setZoom(zoom);
}

function dress() {
  const { title, paper, turn, scale, author, note } = form.elements;
  sheet.dataset.page = `${paper.value}-${turn.value}`;
  const told = { title: title.value, author: author.value, note: note.value, scale: `1 : ${Number(scale.value).toLocaleString("en").replaceAll(",", " ")}` };
  for (const [name, text] of Object.entries(told)) sheet.querySelector(`[data-of="${name}"]`).textContent = text;
  document.title = title.value || document.title;
  scaleBar(bar, Number(scale.value));
}

function wait() {
  delete sheet.dataset.ready;
  state.textContent = words.drawing;
}

function ready() {
  if (!map.areTilesLoaded() || map.isMoving()) return;
  const { lng, lat } = map.getCenter();
  sheet.querySelector('[data-of="place"]').textContent = `${lng.toFixed(5)}, ${lat.toFixed(5)} (EPSG:4490)`;
  legend();
  keepAddress(lng, lat);
  state.textContent = words.ready;
  sheet.dataset.ready = "true";
}

// Of the legend stays what is really on the sheet.
function legend() {
  const seen = new globalThis.Map();
  for (const { source, properties } of map.queryRenderedFeatures()) {
    const known = options.layers.find((one) => one.name === source);
    if (!known) continue;
    if (!seen.has(source)) seen.set(source, { values: new Set(), counted: false, whole: false });
    const at = seen.get(source);
    if ("count" in properties) at.counted = true;
    for (const field of [known.class_field, known.mark_field]) {
      if (!field || properties[field] === undefined) continue;
      at.values.add(String(properties[field]));
      if (known.sub_field) at.values.add(`${properties[field]}/${properties[known.sub_field]}`);
    }
    if (!("count" in properties)) at.whole = true;
  }
  for (const section of document.querySelectorAll("[data-legend]")) {
    const name = section.dataset.legend;
    const at = seen.get(name);
    section.hidden = !at || !isOn(name, options.layers, asked);
    if (section.hidden) continue;
    section.querySelector("[data-counted]").hidden = !at.counted;
    for (const line of section.querySelectorAll("[data-value]")) {
      // Lines that are no class, such as the ring of alarm, stand as long as single things are shown.
      const value = line.dataset.value;
      line.hidden = at.values.size && value ? !at.values.has(value) : !at.whole;
    }
  }
  fit();
}

// A long legend is written smaller, so that no line of it is lost.
function fit() {
  const box = document.getElementById("legend");
  for (const size of [1, 0.9, 0.8, 0.7, 0.6, 0.5]) {
    box.style.setProperty("--size", String(size));
    if (box.scrollHeight <= box.clientHeight) return;
  }
}

function keepAddress(lon, lat) {
  const parts = new URLSearchParams(location.hash.slice(1));
  parts.set("map", `${(map.getZoom() + 1).toFixed(2)}/${lat.toFixed(5)}/${lon.toFixed(5)}`);
  document.getElementById("back").hash = back(parts);
  for (const name of FIELDS) parts.set(name, form.elements[name].value);
  history.replaceState(history.state, "", `#${parts.toString().replaceAll("%2F", "/")}`);
}

function back(parts) {
  const kept = new URLSearchParams(parts);
  for (const name of FIELDS) kept.delete(name);
  return kept.toString().replaceAll("%2F", "/");
}

begin().catch((error) => {
  console.warn(error);
  state.textContent = words.failed;
});
