// The cases of the list on the map: lamp by colour and shape, the open one ringed, its surroundings drawn.

import { placeMap } from "../js/place_map.js";
import { lampOf } from "./clock.js";

const INK = { red: "#c8281f", yellow: "#d79a00", green: "#1b7a4b", none: "#5d6e79" };
const SIZE = 44; // pixels of a symbol, drawn at twice its size on the map

const whenIdle = globalThis.requestIdleCallback?.bind(globalThis) ?? ((run) => setTimeout(run, 300)); // Safari has none

// A symbol in the shape of its lamp: octagon, square on its corner, circle.
function symbol(lamp) {
  const canvas = new OffscreenCanvas(SIZE, SIZE);
  const pen = canvas.getContext("2d");
  const middle = SIZE / 2;
  const corners = { red: 8, yellow: 4 }[lamp];
  pen.beginPath();
  if (corners) {
    for (let corner = 0; corner < corners; corner += 1) {
      const angle = (Math.PI * 2 * (corner + (lamp === "red" ? 0.5 : 0))) / corners;
      pen.lineTo(middle + Math.cos(angle) * (middle - 6), middle + Math.sin(angle) * (middle - 6));
    }
    pen.closePath();
  } else pen.arc(middle, middle, middle - 9, 0, Math.PI * 2);
  pen.fillStyle = INK[lamp];
  pen.fill();
  pen.lineWidth = 4;
  pen.strokeStyle = "#ffffff";
  pen.stroke();
  return pen.getImageData(0, 0, SIZE, SIZE);
}

const point = (one, properties) => ({ type: "Feature", geometry: { type: "Point", coordinates: [one.lon, one.lat] }, properties });
const collection = (features) => ({ type: "FeatureCollection", features });

// Tells by callbacks: onPick(case number), onMove(bbox as text) when a person has moved the map.
export class DeskMap {
  constructor(box, { onPick, onMove }) {
    this.box = box;
    box.shown = this; // for tests and for people at the console
    this.onPick = onPick;
    this.onMove = onMove;
    this.items = [];
    this.chosen = null;
    this.around = { cases: [], pipes: [] };
    // The list comes first: drawing a map takes more than all the rest of the page.
    this.ready = new Promise((resolve) => whenIdle(() => resolve(this.begin()), { timeout: 1500 }));
  }

  async begin() {
    const { lon, lat } = this.box.dataset;
    const made = await placeMap(this.box, { lon: Number(lon), lat: Number(lat), zoom: 11.5, marked: false });
    if (!made) return null;
    this.map = made.map;
    this.map.on("style.load", () => this.dress());
    if (this.map.isStyleLoaded()) this.dress();
    this.map.on("click", (event) => {
      const found = this.map.getLayer("cases") ? this.map.queryRenderedFeatures(near(event.point), { layers: ["cases"] }) : [];
      if (found.length) this.onPick(found[0].properties.case_no);
    });
    this.map.on("mousemove", (event) => {
      const hit = this.map.getLayer("cases") && this.map.queryRenderedFeatures(near(event.point), { layers: ["cases"] }).length;
      this.map.getCanvas().style.cursor = hit ? "pointer" : "";
    });
    this.map.on("moveend", (event) => {
      if (event.originalEvent || event.byHand) this.onMove(this.bbox());
    });
    new ResizeObserver(() => this.map.resize()).observe(this.box);
    return this.map;
  }

  // The theme changes the whole style: what is ours is added anew each time.
  dress() {
    const map = this.map;
    for (const lamp of Object.keys(INK)) if (!map.hasImage(lamp)) map.addImage(lamp, symbol(lamp), { pixelRatio: 2 });
    if (map.getSource("cases")) return;
    for (const name of ["cases", "chosen", "around"]) map.addSource(name, { type: "geojson", data: collection([]) });
    map.addLayer({ id: "around-lines", type: "line", source: "around", filter: ["==", ["geometry-type"], "LineString"], paint: { "line-color": ["coalesce", ["get", "colour"], "#7a5cc0"], "line-width": 4 } });
    map.addLayer({ id: "around-points", type: "circle", source: "around", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 4, "circle-color": "#8a8f93", "circle-stroke-width": 1.5, "circle-stroke-color": "#ffffff" } });
    map.addLayer({ id: "ring", type: "circle", source: "chosen", paint: { "circle-radius": 17, "circle-color": "rgba(242, 163, 58, 0.35)", "circle-stroke-width": 3, "circle-stroke-color": "#f2a33a" } });
    map.addLayer({ id: "cases", type: "symbol", source: "cases", layout: { "icon-image": ["get", "lamp"], "icon-allow-overlap": true, "icon-ignore-placement": true, "symbol-sort-key": ["get", "rank"] } });
    this.draw();
  }

  draw() {
    if (!this.map?.getSource("cases")) return;
    // The most urgent is drawn last, above the others.
    const cases = this.items.map((one, index) => point(one, { case_no: one.case_no, lamp: lampOf(one) ?? "none", rank: -index }));
    this.map.getSource("cases").setData(collection(cases));
    this.map.getSource("chosen").setData(collection(this.chosen ? [point(this.chosen, {})] : []));
    const pipes = this.around.pipes.filter((one) => one.geometry).map((one) => ({ type: "Feature", geometry: one.geometry, properties: { colour: one.colour } }));
    const others = this.around.cases.filter((one) => one.lon !== undefined).map((one) => point(one, {}));
    this.map.getSource("around").setData(collection([...pipes, ...others]));
  }

  async show(items) {
    this.items = items;
    await this.ready;
    this.draw();
  }

  // Everything of the list in one picture; without a flight, so that nothing sways while one reads.
  async fit() {
    await this.ready;
    if (!this.map || !this.items.length) return;
    const lons = this.items.map((one) => one.lon);
    const lats = this.items.map((one) => one.lat);
    this.map.fitBounds([[Math.min(...lons), Math.min(...lats)], [Math.max(...lons), Math.max(...lats)]], { padding: 40, maxZoom: 16, animate: false });
  }

  async fitBox(bbox) {
    await this.ready;
    const [west, south, east, north] = bbox.split(",").map(Number);
    this.map?.fitBounds([[west, south], [east, north]], { animate: false });
  }

  async choose(one) {
    this.chosen = one;
    this.around = { cases: [], pipes: [] };
    await this.ready;
    if (!this.map) return;
    this.draw();
    if (!one) return;
    const seen = this.map.getBounds();
    if (!seen.contains([one.lon, one.lat])) this.map.jumpTo({ center: [one.lon, one.lat] });
  }

  async surround(caseNo, around) {
    await this.ready;
    if (this.chosen?.case_no !== caseNo) return;
    this.around = around;
    this.draw();
  }

  async closer() {
    await this.ready;
    if (this.chosen) this.map?.jumpTo({ center: [this.chosen.lon, this.chosen.lat], zoom: Math.max(17, this.map.getZoom()) });
  }

  bbox() {
    return this.map.getBounds().toArray().flat().map((one) => one.toFixed(5)).join(",");
  }
}

const near = ({ x, y }) => [[x - 6, y - 6], [x + 6, y + 6]];
