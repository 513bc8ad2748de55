// The map on the wall of the centre: figures of the day, a tour of the kept views, awake for as long as it hangs.

import { Map } from "maplibre-gl";
import { fill, words } from "../js/page_words.js";
import { listen } from "../desk/live.js";
import { part, readAddress } from "./address.js";
import { dark } from "./dark.js";
import { addImages } from "./images.js";
import { asAsked } from "./style.js";
import { readViews } from "./views.js";

const FIGURES_MS = 30_000;
const STAY_MS = 30_000;
const WARN_MS = 15 * 60_000; // before the sign-in ends
const CALM = matchMedia("(prefers-reduced-motion: reduce)");
const VIEW = /(?:^|[#&])map=([\d.]+)\/(-?[\d.]+)\/(-?[\d.]+)/;

const wall = document.getElementById("wall");
const alarm = document.getElementById("alarm");
const tourButton = document.querySelector('[data-act="tour"]');
const lang = document.documentElement.lang;
const timeZone = wall.dataset.zone; // the city's clocks, wherever the machine thinks it stands
const ends = wall.dataset.ends ? Date.parse(wall.dataset.ends) : Infinity;

let map;
let options;
let lost = null; // since when nothing was read
let signedOut = false;
let stop = 0; // of the tour
let touring = true;

async function begin() {
  tick();
  setInterval(tick, 1000);
  awake();
  document.addEventListener("visibilitychange", awake);
  document.querySelector('[data-act="full"]').addEventListener("click", fullScreen);
  tourButton.addEventListener("click", () => tour(!touring));
  document.addEventListener("keydown", key);
  rest();
  for (const name of ["pointermove", "keydown", "focusin"]) document.addEventListener(name, rest);
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
  try {
    const answer = await fetch("/api/v1/map/today");
    signedOut = answer.status === 401;
    if (!answer.ok) throw new Error(String(answer.status));
    const told = await answer.json();
    for (const one of document.querySelectorAll("[data-figure]")) {
      const number = told[one.dataset.figure].toLocaleString(lang);
      if (one.textContent !== number) one.textContent = number;
    }
    lost = null;
  } catch {
    lost ??= new Date();
  }
  warn();
}

function warn() {
  const left = ends - Date.now();
  let text = "";
  if (signedOut || left <= 0) text = words.signedOut;
  else if (lost) text = fill(words.lost, { time: clock(lost) });
  else if (left < WARN_MS) text = fill(words.ending, { time: clock(new Date(ends)) });
  alarm.hidden = !text;
  alarm.querySelector("span").textContent = text;
  alarm.querySelector("a").hidden = !(signedOut || left < WARN_MS);
  alarm.querySelector("a").href = `/login?next=${encodeURIComponent("/map/wall")}`;
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

// ---- The screen ----

const clock = (at) => at.toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit", hour12: false, timeZone });

function tick() {
  const now = new Date();
  document.getElementById("clock").textContent = now.toLocaleTimeString(lang, { hour12: false, timeZone });
  document.getElementById("day").textContent = now.toLocaleDateString(lang, { year: "numeric", month: "long", day: "numeric", weekday: "long", timeZone });
  if (now.getSeconds() === 0) warn();
}

// The lock is let go whenever the page is hidden: it is asked for again.
async function awake() {
  if (document.hidden || !("wakeLock" in navigator)) return;
  await navigator.wakeLock.request("screen").catch(() => {}); // a machine on battery may refuse; the picture stays
}

function fullScreen() {
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen().catch(() => {});
}

function key(event) {
  if (event.target.closest?.("input, button, a") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "f") fullScreen();
  if (event.key === " ") tour(!touring);
  if (event.key === "ArrowRight" || event.key === "PageDown") next(1);
  if (event.key === "ArrowLeft" || event.key === "PageUp") next(-1);
}

let resting;
function rest() {
  wall.toggleAttribute("data-resting", false);
  clearTimeout(resting);
  resting = setTimeout(() => wall.toggleAttribute("data-resting", !wall.querySelector(".wall-acts :focus-visible")), 5000);
}

begin().catch((error) => {
  console.warn(error);
  lost = new Date();
  warn();
});
