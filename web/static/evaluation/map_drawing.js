// Figures drawn into the city's map: regions filled by class, hot grids by kind, repeat places by number.

import * as L from "leaflet";
import { maplibreGL } from "@maplibre/maplibre-gl-leaflet";
import { keepAddress, readAddress } from "../map/address.js";
import { scaleHeat } from "../map/heat.js";
import { addImages } from "../map/images.js";
import { notice } from "../map/notice.js";
import { nameOf, prepared } from "../map/style.js";
import { Time } from "../map/time.js";
import { token } from "../js/tokens.js";

const HEAT = "case_reports";
const GRIDS_FROM = 12; // tiles of unit grids are empty below: there each is a dot
const FILLED = 0.88;
const NOTHING = { type: "FeatureCollection", features: [] };
const FONT = ["PingFang SC Semibold", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Micro Hei"];

// The steps of the ramp for so many classes, light to dark.
export const ramp = (classes) => Array.from({ length: classes }, (_one, at) => token(`ramp-${classes === 1 ? 4 : Math.round(1 + (at * 5) / (classes - 1))}`));

function stripes(colour, ground, step) {
  const size = 8;
  const data = new Uint8ClampedArray(size * size * 4);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) data.set((x + step * y + size * size) % size < 2 ? colour : ground, (y * size + x) * 4);
  }
  return { width: size, height: size, data };
}

export class Drawing {
  onpick = () => {}; // (the item that was clicked)

  // map: the Leaflet map that Folium made; options: as layers/folium_map.py tells them
  constructor(map, options) {
    this.map = map;
    this.ready = new Promise((done) => this.begin(options, done));
  }

  begin(options, done) {
    const { map } = this;
    const stage = document.getElementById("stage");
    const asked = readAddress();
    if (asked.view) map.setView([asked.view.lat, asked.view.lon], asked.view.zoom, { animate: false });
    else map.fitBounds(options.bounds, { animate: false, padding: [8, 8] });
    const tiles = maplibreGL({ style: prepared(options.style, (name) => name !== HEAT), attributionControl: false, interactive: false, renderWorldCopies: false, fadeDuration: 0, padding: 0.05 });
    try {
      tiles.addTo(map);
    } catch (error) {
      console.warn(error);
      notice(stage.dataset.noWebgl);
      return done(false);
    }
    this.gl = tiles.getMaplibreMap();
    addImages(this.gl, options.images);
    map.getContainer().setAttribute("tabindex", "0");
    L.control.zoom({ position: "topright", zoomInTitle: stage.dataset.zoomIn, zoomOutTitle: stage.dataset.zoomOut }).addTo(map);
    L.control.scale({ position: "bottomright", imperial: false }).addTo(map);
    map.on("click", (event) => this.pick(event.latlng));
    new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(stage);
    this.gl.once("load", () => {
      this.dress();
      this.heat(options);
      done(true);
    });
    window.city = { map, gl: this.gl }; // for tests and for people at the console
  }

  dress() {
    const { gl } = this;
    gl.addImage("few", stripes([22, 35, 43, 150], [0, 0, 0, 0], 1));
    gl.addImage("none", stripes([160, 167, 171, 255], [243, 244, 244, 255], -1));
    gl.addSource("figure_grids", { type: "vector", tiles: [`${location.origin}/tiles/unit_grids/{z}/{x}/{y}.mvt`], minzoom: GRIDS_FROM, maxzoom: 17 });
    for (const name of ["dots", "marks"]) gl.addSource(name, { type: "geojson", data: NOTHING });
    const above = gl.getStyle().layers.find((layer) => layer.type === "line")?.id;
    const shapes = { areas: { source: "areas", "source-layer": "areas" }, grids: { source: "figure_grids", "source-layer": "unit_grids", minzoom: GRIDS_FROM } };
    for (const [name, where] of Object.entries(shapes)) {
      const hidden = { visibility: "none" };
      gl.addLayer({ id: `${name}-fill`, type: "fill", ...where, layout: hidden, paint: { "fill-opacity": FILLED } }, above);
      gl.addLayer({ id: `${name}-none`, type: "fill", ...where, layout: hidden, paint: { "fill-pattern": "none", "fill-opacity": FILLED } }, above);
      gl.addLayer({ id: `${name}-few`, type: "fill", ...where, layout: hidden, paint: { "fill-pattern": "few", "fill-opacity": FILLED } }, above);
      gl.addLayer({ id: `${name}-edge`, type: "line", ...where, layout: hidden, paint: { "line-color": "#6f7f87", "line-width": name === "grids" ? 0.4 : 1 } });
      gl.addLayer({ id: `${name}-chosen`, type: "line", ...where, filter: ["==", ["get", "code"], ""], paint: { "line-color": "#b4540a", "line-width": 4 } });
    }
    gl.addLayer({ id: "dots", type: "circle", source: "dots", maxzoom: GRIDS_FROM, paint: { "circle-color": ["get", "colour"], "circle-radius": ["interpolate", ["linear"], ["zoom"], 9, 1.5, 12, 4.5], "circle-stroke-width": ["case", ["get", "few"], 0, 0.6], "circle-stroke-color": "#5a6a72" } });
    gl.addLayer({ id: "marks", type: "circle", source: "marks", paint: { "circle-color": ["get", "colour"], "circle-radius": ["get", "radius"], "circle-stroke-width": 1.5, "circle-stroke-color": "#ffffff" } });
    gl.addLayer({ id: "marks-text", type: "symbol", source: "marks", layout: { "text-field": ["get", "text"], "text-font": FONT, "text-size": 12, "text-allow-overlap": true, "text-ignore-placement": true }, paint: { "text-color": "#ffffff" } });
  }

  // The reported cases over time, as on the command map: the bar and its tiles.
  heat(options) {
    const box = document.getElementById("time");
    const isOn = (name) => (name === HEAT ? this.hot : true);
    const layers = {
      isOn,
      set: (name, wanted) => {
        if (name !== HEAT) return;
        this.hot = wanted;
        // Two scales over each other would be read as one.
        for (const shape of ["areas", "grids"]) for (const part of ["fill", "none", "few"]) this.gl.setPaintProperty(`${shape}-${part}`, "fill-opacity", wanted ? 0 : FILLED);
        for (const dots of ["dots", "marks"]) this.gl.setPaintProperty(dots, "circle-opacity", wanted ? 0.3 : 1);
        for (const layer of this.gl.getStyle().layers) if (nameOf(layer) === HEAT) this.gl.setLayoutProperty(layer.id, "visibility", wanted ? "visible" : "none");
      },
      title: (name) => name,
      changed: () => ({ show: [], hide: [], off: [] }),
    };
    this.hot = false;
    keepAddress(this.map, layers, { shown: null });
    scaleHeat(this.gl);
    new Time(this.map, this.gl, options.layers, layers);
    new MutationObserver(() => box.hidden && layers.set(HEAT, false)).observe(box, { attributes: true, attributeFilter: ["hidden"] });
  }

  show(name, wanted) {
    for (const part of ["fill", "none", "few", "edge"]) this.gl.setLayoutProperty(`${name}-${part}`, "visibility", wanted ? "visible" : "none");
  }

  // told: the answer of /evaluation/map
  regions(told) {
    const grids = told.object === "unit_grid";
    const name = grids ? "grids" : "areas";
    this.clear();
    this.items = told.items;
    this.byCode = new Map(told.items.map((one) => [one.code, one]));
    this.shape = name;
    const colours = this.colours(told);
    const code = ["get", "code"];
    const groups = told.legend.map(({ no }) => told.items.filter((one) => one.class_no === no).map((one) => one.code));
    const pairs = groups.flatMap((codes, no) => (codes.length ? [codes, colours[no]] : []));
    const rest = told.unlisted === "zero" && grids ? token("ramp-zero") : "rgba(0,0,0,0)";
    const level = grids ? null : ["==", ["get", "level"], told.object];
    const all = (...tests) => ["all", ...(level ? [level] : []), ...tests];
    const listed = (codes) => ["in", code, ["literal", codes]];
    this.gl.setPaintProperty(`${name}-fill`, "fill-color", pairs.length ? ["match", code, ...pairs, rest] : rest);
    const known = told.items.filter((one) => one.value !== null).map((one) => one.code);
    this.gl.setFilter(`${name}-fill`, all());
    this.gl.setFilter(`${name}-edge`, all());
    this.gl.setFilter(`${name}-none`, all(grids && told.unlisted === "zero" ? listed(told.items.filter((one) => one.value === null).map((one) => one.code)) : ["!", listed(known)]));
    this.gl.setFilter(`${name}-few`, all(listed(told.items.filter((one) => one.few).map((one) => one.code))));
    this.show(name, true);
    if (grids) this.put("dots", told.items.filter((one) => one.value !== null), (one) => ({ colour: colours[one.class_no], few: one.few }));
  }

  // The colours of the legend's lines; of counts the first line is 0.
  colours(told) {
    const { legend } = told;
    const hasZero = told.unit === "cases" && legend.length > 0;
    return [...(hasZero ? [token("ramp-zero")] : []), ...ramp(legend.length - (hasZero ? 1 : 0))];
  }

  // told: the answer of /evaluation/hotspots
  hotspots(told) {
    this.clear();
    this.items = told.items;
    this.byCode = new Map(told.items.map((one) => [one.code, one]));
    this.shape = "grids";
    const letter = new Map(told.categories.map((one) => [one.code, one.title.slice(0, 1)]));
    const pairs = told.categories.flatMap((kind) => {
      const codes = told.items.filter((one) => one.category === kind.code).map((one) => one.code);
      return codes.length ? [codes, token(`spot-${kind.code}`)] : [];
    });
    const none = "rgba(0,0,0,0)";
    this.gl.setPaintProperty("grids-fill", "fill-color", pairs.length ? ["match", ["get", "code"], ...pairs, none] : none);
    for (const part of ["fill", "edge"]) {
      this.gl.setFilter(`grids-${part}`, null);
      this.gl.setLayoutProperty(`grids-${part}`, "visibility", "visible");
    }
    this.put("marks", told.items, (one) => ({ colour: token(`spot-${one.category}`), text: letter.get(one.category), radius: 9 }));
  }

  // items: of the answer of /evaluation/repeats, each with a key
  repeats(items) {
    this.clear();
    this.items = items;
    this.put("marks", items, (one) => ({ colour: token("ramp-6"), text: String(one.cases), radius: Math.min(9 + one.cases, 24) }));
  }

  clear() {
    for (const name of ["areas", "grids"]) this.show(name, false);
    for (const name of ["dots", "marks"]) this.gl.getSource(name).setData(NOTHING);
    this.byCode = new Map();
    this.shape = null;
    this.choose(null);
  }

  put(source, items, properties) {
    const features = items.map((one) => ({ type: "Feature", geometry: { type: "Point", coordinates: [one.lon, one.lat] }, properties: { at: this.items.indexOf(one), ...properties(one) } }));
    this.gl.getSource(source).setData({ type: "FeatureCollection", features });
  }

  pick(latlng) {
    if (!this.gl?.getLayer("marks") || !this.items) return;
    const at = this.gl.project([latlng.lng, latlng.lat]);
    const near = [[at.x - 6, at.y - 6], [at.x + 6, at.y + 6]];
    const [dot] = this.gl.queryRenderedFeatures(near, { layers: ["marks", "dots"] });
    if (dot) return this.onpick(this.items[dot.properties.at]);
    if (!this.shape) return;
    const codes = this.gl.queryRenderedFeatures(at, { layers: [`${this.shape}-fill`, `${this.shape}-none`] }).map((one) => one.properties.code);
    const found = codes.map((code) => this.byCode.get(code)).find(Boolean);
    if (found) this.onpick(found);
  }

  // item: with its place; null: none is chosen. move: bring it into view
  choose(item, move = false) {
    for (const name of ["areas", "grids"]) this.gl?.setFilter(`${name}-chosen`, ["==", ["get", "code"], (name === this.shape && item?.code) || ""]);
    this.ring?.remove();
    this.ring = null;
    if (!item) return;
    if (this.shape !== "areas") this.ring = L.circleMarker([item.lat, item.lon], { radius: 14, color: "#b4540a", weight: 3, fill: false, interactive: false }).addTo(this.map);
    if (!move) return;
    if (this.shape === "areas") {
      if (!this.map.getBounds().contains([item.lat, item.lon])) this.map.panTo([item.lat, item.lon], { animate: false });
    } else this.map.setView([item.lat, item.lon], Math.max(this.map.getZoom(), 15), { animate: false });
  }
}

