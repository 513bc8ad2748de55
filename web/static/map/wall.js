// The map on the wall of the centre: figures of the day, a tour of the kept views, awake for as long as it hangs.

import { Map } from "maplibre-gl";
import { words } from "../js/page_words.js";
import { WallFrame } from "../js/wall_frame.js";
import { listen } from "../desk/live.js";
import { part, readAddress } from "./address.js";
import { dark } from "./dark.js";
import { addImages } from "./images.js";
import { asAsked } from "./style.js";
import { readViews } from "./views.js";

const FIGURES_MS = 30_000;
const STAY_MS = 30_000;
const CALM = matchMedia("(prefers-reduced-motion: reduce)");
const VIEW = /(?:^|[#&])map=([\d.]+)\/(-?[\d.]+)\/(-?[\d.]+)/;

const wall = document.getElementById("wall");
const tourButton = document.querySelector('[data-act="tour"]');
const frame = new WallFrame(wall, words, {
  " ": () => tour(!touring),
  ArrowRight: () => next(1),
  PageDown: () => next(1),
  ArrowLeft: () => next(-1),
  PageUp: () => next(-1),
});

let map;
let options;
let stop = 0; // of the tour
let touring = true;

async function begin() {
  tourButton.addEventListener("click", () => tour(!touring));
  options = await (await fetch("/map/drawing.json")).json();
  const asked = readAddress();
  map = new Map({
    container: "wall-map",
    style: dark(asAsked(options, asked, part("by") ?? "")),
    ...(asked.view ? { center: [asked.view.lon, asked.view.lat], zoom: asked.view.zoom - 1 } : city()),
    attributionControl: false, renderWorldCopies: false, dragRotate: false, pitchWithRotate: false,
    maxTileCacheSize: 300, // days of touring keep no more than this
  });
  addImages(map, options.images);
  window.wall = { map };
  map.once("load", () => {
    figures();
    setInterval(figures, FIGURES_MS);
    setInterval(() => touring && next(), STAY_MS);
    tour(true);
    listen(fresh, (now) => (wall.dataset.stream = now));
  });
}

const city = () => {
  const [[south, west], [north, east]] = options.bounds;
  return { bounds: [[west, south], [east, north]], fitBoundsOptions: { padding: 40 } };
};

// ---- Figures and changes ----

async function fresh() {
  for (const layer of options.layers) if (layer.is_live && map.getSource(layer.name)) map.refreshTiles(layer.name);
  await figures();
}

async function figures() {
  let status;
  try {
    const answer = await fetch("/api/v1/map/today");
    status = answer.status;
    if (!answer.ok) throw new Error(String(status));
    const told = await answer.json();
    for (const one of document.querySelectorAll("[data-figure]")) {
      const number = told[one.dataset.figure].toLocaleString(frame.lang);
      if (one.textContent !== number) one.textContent = number;
    }
    frame.told();
  } catch {
    frame.failed(status);
  }
}

// ---- The tour ----

const stops = () => [{ name: words.city, hash: "" }, ...readViews()];

function tour(wanted) {
  touring = wanted;
  tourButton.setAttribute("aria-pressed", String(wanted));
}

function next(step = 1) {
  const all = stops();
  stop = (stop + step + all.length) % all.length;
  const { name, hash } = all[stop];
  const view = VIEW.exec(hash);
  const duration = CALM.matches ? 0 : 3000;
  if (view) map.easeTo({ center: [Number(view[3]), Number(view[2])], zoom: Number(view[1]) - 1, duration });
  else map.fitBounds(city().bounds, { padding: 40, duration });
  document.getElementById("where").textContent = name;
}

begin().catch((error) => {
  console.warn(error);
  frame.failed();
});
