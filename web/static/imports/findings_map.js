// Findings, rows on their way in and rows that change on the map, above the network that is in force.

import { data } from "../js/page_words.js";
import { placeMap } from "../js/place_map.js";

// Shape and colour by how grave it is; the same as the words in the list.
const LOOKS = {
  fatal: { colour: "#7d1210", corners: 8, turn: Math.PI / 8, rank: 4 },
  error: { colour: "#c8281f", corners: 3, turn: -Math.PI / 2, rank: 3 },
  warning: { colour: "#d79a00", corners: 4, turn: 0, rank: 2 },
  note: { colour: "#2b7d99", corners: 0, turn: 0, rank: 1 },
  new: { colour: "#1b7a4b", corners: 0, turn: 0, rank: 1 },
  changed: { colour: "#d79a00", corners: 4, turn: 0, rank: 2 },
  gone: { colour: "#c8281f", corners: 3, turn: -Math.PI / 2, rank: 3 },
};
const SIZE = 40; // pixels of a symbol, drawn at twice its size on the map
const REACH = 6; // px round the pointer
const NEAR_ZOOM = 18.5;
const CHOSEN = "#f2a33a";
const NOTHING = { type: "FeatureCollection", features: [] };

function symbol({ colour, corners, turn }) {
  const pen = new OffscreenCanvas(SIZE, SIZE).getContext("2d");
  const middle = SIZE / 2;
  pen.beginPath();
  for (let corner = 0; corner < corners; corner += 1) {
    const angle = turn + (Math.PI * 2 * corner) / corners;
    pen.lineTo(middle + Math.cos(angle) * (middle - 5), middle + Math.sin(angle) * (middle - 5));
  }
  if (corners) pen.closePath();
  else pen.arc(middle, middle, middle - 9, 0, Math.PI * 2);
  pen.fillStyle = colour;
  pen.fill();
  pen.lineWidth = 4;
  pen.lineJoin = "round";
  pen.strokeStyle = "#ffffff";
  pen.stroke();
  return pen.getImageData(0, 0, SIZE, SIZE);
}

const classColours = () => ["match", ["get", "class_code"], ...Object.entries(data.classes).flatMap(([code, { colour }]) => [code, colour]), "#8a8f93"];

// Every place of a geometry, whatever its kind.
export function places(geometry) {
  if (!geometry) return [];
  if (geometry.type === "GeometryCollection") return geometry.geometries.flatMap(places);
  const flat = (part) => (typeof part[0] === "number" ? [part] : part.flatMap(flat));
  return flat(geometry.coordinates ?? []);
}

// Features carry id and look (a key of LOOKS) as properties; onPick(id) tells which of them was pressed.
export class FindingsMap {
  constructor(box, { onPick = () => {} } = {}) {
    this.box = box;
    box.shown = this; // for tests and for people at the console
    this.onPick = onPick;
    this.shown = { marked: [], staged: [], chosen: [] };
    this.ready = this.begin();
  }

  async begin() {
    const { lon, lat } = this.box.dataset;
    const made = await placeMap(this.box, { lon: Number(lon), lat: Number(lat), zoom: 12, marked: false });
    if (!made) return null;
    this.map = made.map;
    const box = JSON.parse(this.box.dataset.box);
    if (box) this.map.fitBounds([box.slice(0, 2), box.slice(2)], { padding: 16, animate: false });
    this.map.on("style.load", () => this.dress());
    if (this.map.isStyleLoaded()) this.dress();
    this.map.on("click", ({ point }) => {
      const found = this.under(point);
      if (found) this.onPick(found);
    });
    this.map.on("mousemove", ({ point }) => (this.map.getCanvas().style.cursor = this.under(point) ? "pointer" : ""));
    new ResizeObserver(() => this.map.resize()).observe(this.box);
    return this.map;
  }

  under({ x, y }) {
    if (!this.map.getLayer("marked-points")) return null;
    const near = [[x - REACH, y - REACH], [x + REACH, y + REACH]];
    return this.map.queryRenderedFeatures(near, { layers: ["marked-points", "marked-lines"] })[0]?.properties.id ?? null;
  }

  // A change of theme brings a new style: what is ours is added anew.
  dress() {
    const { map } = this;
    if (map.getSource("marked")) return;
    const round = { "line-cap": "round", "line-join": "round" };
    const isLine = ["==", ["geometry-type"], "LineString"];
    const isPoint = ["==", ["geometry-type"], "Point"];
    const looks = (part) => ["match", ["get", "look"], ...Object.entries(LOOKS).flatMap(([name, look]) => [name, look[part]]), LOOKS.note[part]];
    for (const [name, look] of Object.entries(LOOKS)) if (!map.hasImage(name)) map.addImage(name, symbol(look), { pixelRatio: 2 });
    map.addSource("pipes", { type: "vector", tiles: [`${location.origin}/tiles/pipe_segments/{z}/{x}/{y}.mvt`], minzoom: 10, maxzoom: 17 });
    for (const name of Object.keys(this.shown)) map.addSource(name, { type: "geojson", data: NOTHING });
    map.addLayer({ id: "pipes", type: "line", source: "pipes", "source-layer": "pipe_segments", layout: round, paint: { "line-color": classColours(), "line-opacity": 0.55, "line-width": ["interpolate", ["linear"], ["zoom"], 12, 0.8, 18, 2.5] } });
    map.addLayer({ id: "staged-lines", type: "line", source: "staged", filter: isLine, layout: round, paint: { "line-color": "#5b6e79", "line-width": ["interpolate", ["linear"], ["zoom"], 12, 1, 18, 3], "line-dasharray": [2, 1.5] } });
    map.addLayer({ id: "staged-points", type: "circle", source: "staged", filter: isPoint, minzoom: 14, paint: { "circle-radius": 3, "circle-color": "#ffffff", "circle-stroke-color": "#5b6e79", "circle-stroke-width": 1.5 } });
    map.addLayer({ id: "chosen-lines", type: "line", source: "chosen", filter: isLine, layout: round, paint: { "line-color": CHOSEN, "line-width": 12, "line-opacity": 0.7 } });
    map.addLayer({ id: "chosen-points", type: "circle", source: "chosen", filter: isPoint, paint: { "circle-radius": 17, "circle-color": "rgba(242, 163, 58, 0.35)", "circle-stroke-width": 3, "circle-stroke-color": CHOSEN } });
    map.addLayer({ id: "marked-lines", type: "line", source: "marked", filter: isLine, layout: { ...round, "line-sort-key": looks("rank") }, paint: { "line-color": looks("colour"), "line-width": ["interpolate", ["linear"], ["zoom"], 12, 2, 18, 5] } });
    map.addLayer({ id: "marked-points", type: "symbol", source: "marked", filter: isPoint, layout: { "icon-image": ["get", "look"], "icon-size": ["interpolate", ["linear"], ["zoom"], 11, 0.5, 15, 1], "icon-allow-overlap": true, "icon-ignore-placement": true, "symbol-sort-key": looks("rank") } });
    for (const name of Object.keys(this.shown)) this.put(name);
  }

  put(name) {
    this.map?.getSource(name)?.setData({ type: "FeatureCollection", features: this.shown[name] });
  }

  // name: marked (findings or changes) or staged (rows on their way in)
  async draw(name, features) {
    this.shown[name] = features;
    await this.ready;
    this.put(name);
  }

  // A city-wide picture of everything drawn; without a flight, so that nothing sways while one reads.
  async fit(features = [...this.shown.marked, ...this.shown.staged]) {
    await this.ready;
    const all = features.flatMap((one) => places(one.geometry));
    if (!this.map || !all.length) return;
    const [lons, lats] = [all.map(([lon]) => lon), all.map(([, lat]) => lat)];
    const least = (list) => list.reduce((a, b) => Math.min(a, b));
    const most = (list) => list.reduce((a, b) => Math.max(a, b));
    this.map.fitBounds([[least(lons), least(lats)], [most(lons), most(lats)]], { padding: 48, maxZoom: NEAR_ZOOM, animate: false });
  }

  // geometry: GeoJSON or null for what has no place
  async choose(geometry) {
    this.shown.chosen = geometry ? [{ type: "Feature", geometry, properties: {} }] : [];
    await this.ready;
    if (!this.map) return;
    this.put("chosen");
    if (geometry) await this.fit(this.shown.chosen);
  }

  // west,south,east,north of what is seen, in degrees
  async bbox() {
    await this.ready;
    return this.map?.getBounds().toArray().flat().map((one) => Number(one.toFixed(6))) ?? null;
  }
}
