// The map inside a page of others: it obeys messages of that page and tells it what is clicked. See docs/map.md.

import { Map, NavigationControl } from "maplibre-gl";
import { part, readAddress } from "./address.js";
import { addImages } from "./images.js";
import { asAsked, nameOf } from "./style.js";

const allowed = [location.origin, ...JSON.parse(document.body.dataset.origins)];
const state = document.getElementById("state");
const MARK = "#f2a33a";
const KEY_WAIT_MS = 10_000; // for a page that sends its key by message

let map;
let options;
let key = part("key");

// The page around us, where it is one that may hear and command; null when the map stands alone.
function host() {
  if (parent === window) return null;
  const origin = location.ancestorOrigins?.[0] ?? (document.referrer ? new URL(document.referrer).origin : "");
  return allowed.includes(origin) ? origin : null;
}

const tell = (type, values = {}) => host() && parent.postMessage({ type: `citygrid:${type}`, ...values }, host());
const headers = () => (key ? { "X-API-Key": key } : {});

async function begin() {
  addEventListener("message", hear);
  let answer = await fetch("/map/drawing.json", { headers: headers() });
  if (answer.status === 401 && !key && host()) {
    tell("key-wanted");
    await new Promise((resolve) => {
      addEventListener("citygrid:key", resolve, { once: true });
      setTimeout(resolve, KEY_WAIT_MS);
    });
    answer = await fetch("/map/drawing.json", { headers: headers() });
  }
  if (!answer.ok) return refused(answer.status);
  options = await answer.json();
  draw();
}

function refused(status) {
  state.hidden = false;
  tell("problem", { status });
}

function draw() {
  const asked = readAddress();
  const [[south, west], [north, east]] = options.bounds;
  map = new Map({
    container: "embed-map",
    style: asAsked(options, asked, part("by") ?? "", part("as_of") ?? ""),
    ...(asked.view ? { center: [asked.view.lon, asked.view.lat], zoom: asked.view.zoom - 1 } : { bounds: [[west, south], [east, north]] }),
    transformRequest: (url) => (key && url.startsWith(`${location.origin}/`) ? { url, headers: headers() } : { url }),
    attributionControl: false, renderWorldCopies: false, dragRotate: false, pitchWithRotate: false, cooperativeGestures: part("gestures") === "cooperative",
  });
  map.addControl(new NavigationControl({ showCompass: false }), "bottom-right");
  addImages(map, options.images);
  map.once("load", () => {
    if (asked.item) select(asked.item.layer, asked.item.id);
    tell("ready", { layers: options.layers.map(({ name, visible }) => ({ name, visible })), ...view() });
  });
  map.on("moveend", () => tell("moved", view()));
  map.on("click", click);
  window.city = { map };
}

function view() {
  const { lng, lat } = map.getCenter();
  return { lon: lng, lat, zoom: map.getZoom() + 1 };
}

function click({ point, lngLat }) {
  const near = map.queryRenderedFeatures([[point.x - 6, point.y - 6], [point.x + 6, point.y + 6]]);
  const found = near.filter((one) => one.id !== undefined && nameOf(one.layer) && !one.sourceLayer.endsWith("_label"));
  const items = [...new globalThis.Map(found.map((one) => [`${one.source}/${one.id}`, { layer: one.source, id: one.id, properties: one.properties }])).values()];
  tell("click", { lon: lngLat.lng, lat: lngLat.lat, items: items.slice(0, 20) });
}

// ---- What the page around us may ask ----

const numbers = (...values) => values.every(Number.isFinite);

const COMMANDS = {
  key: ({ key: said }) => {
    if (typeof said !== "string") return;
    key = said;
    dispatchEvent(new Event("citygrid:key"));
  },
  view: ({ lon, lat, zoom }) => {
    if (!numbers(lon, lat) || Math.abs(lat) > 85 || Math.abs(lon) > 180) return;
    map?.easeTo({ center: [lon, lat], ...(Number.isFinite(zoom) ? { zoom: zoom - 1 } : {}) });
  },
  fit: ({ bbox }) => {
    if (!Array.isArray(bbox) || bbox.length !== 4 || !numbers(...bbox) || Math.abs(bbox[1]) > 85 || Math.abs(bbox[3]) > 85) return;
    map?.fitBounds([[bbox[0], bbox[1]], [bbox[2], bbox[3]]], { padding: 20 });
  },
  layers: ({ show = [], hide = [] }) => {
    for (const layer of map?.getStyle().layers ?? []) {
      const name = nameOf(layer);
      if (show.includes(name)) map.setLayoutProperty(layer.id, "visibility", "visible");
      if (hide.includes(name)) map.setLayoutProperty(layer.id, "visibility", "none");
    }
  },
  select: ({ layer, id }) => select(layer, id),
};

function hear({ origin, source, data }) {
  if (source !== parent || !allowed.includes(origin) || typeof data?.type !== "string") return;
  const command = data.type.startsWith("citygrid:") && COMMANDS[data.type.slice("citygrid:".length)];
  command?.(data);
}

async function select(layer, id) {
  if (!map || !options.layers.some((one) => one.name === layer) || !Number.isInteger(id)) return;
  const answer = await fetch(`/api/v1/layers/${layer}/items/${id}`, { headers: headers() });
  if (!answer.ok) return tell("problem", { status: answer.status });
  const item = await answer.json();
  if (map.getLayer("marked")) map.removeLayer("marked");
  const { shape } = options.layers.find((one) => one.name === layer);
  const common = { id: "marked", source: layer, "source-layer": layer, filter: ["==", ["id"], id] };
  if (shape === "point") map.addLayer({ ...common, type: "circle", paint: { "circle-radius": 15, "circle-color": MARK, "circle-opacity": 0.25, "circle-stroke-color": MARK, "circle-stroke-width": 3 } });
  else map.addLayer({ ...common, type: "line", paint: { "line-color": MARK, "line-width": shape === "line" ? 9 : 3.5, "line-opacity": 0.85 } });
  const [west, south, east, north] = item.box;
  map.fitBounds([[west, south], [east, north]], { maxZoom: 17, padding: 60 });
  tell("selected", { layer, id, title: item.title, page: item.page ? location.origin + item.page : "" });
}

begin().catch((error) => {
  console.warn(error);
  refused(0);
});
