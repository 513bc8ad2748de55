// The city's map under the drawing tools: the catalogue's own style, what is lit in it, and where a click hits.

import { SHARPNESS, picture } from "../map/images.js";
import { drawing } from "./words.js";

const LIT = "#f2a33a";
const CUT = "#c8281f";
const FOUND = "#7a3fc0";
const REACH = matchMedia("(pointer: coarse)").matches ? 16 : 6; // px round the finger or the mouse
const NOTHING = { type: "FeatureCollection", features: [] };
const PIPES = ["pipe_points", "pipe_segments"];
const UNLIT = ["in", ["id"], ["literal", []]];

export const feature = (geometry, properties = {}) => ({ type: "Feature", geometry, properties });
export const lineOf = (coordinates) => ({ type: "LineString", coordinates });
export const pointOf = (coordinates) => ({ type: "Point", coordinates });

// Whole addresses, since a worker has no page to resolve one against.
function style() {
  for (const source of Object.values(drawing.style.sources)) source.tiles = source.tiles.map((one) => location.origin + one);
  return drawing.style;
}

export class WorkMap {
  onView = () => {}; // "zoom/lat/lon"

  // The map, or one whose `gl` is null where the browser cannot draw: sections by typed coordinates still work.
  static async open(box, view) {
    const made = new WorkMap(box);
    // Symbols are there before the first tile: one that comes later may be missing from what is drawn by then.
    const [{ Map, NavigationControl, ScaleControl }, pictures] = await Promise.all([
      import("maplibre-gl"),
      Promise.all(Object.entries(drawing.images).map(async ([name, svg]) => [name, await picture(svg)])),
    ]);
    const [west, south, east, north] = drawing.box;
    const start = view ? { center: [view.lon, view.lat], zoom: view.zoom } : { bounds: [[west, south], [east, north]] };
    try {
      made.gl = new Map({
        container: box, style: style(), ...start, minZoom: 8, maxZoom: 22, attributionControl: false,
        dragRotate: false, pitchWithRotate: false, fadeDuration: 0, renderWorldCopies: false,
      });
    } catch (error) {
      console.warn(error);
      box.dataset.without = "true";
      return made;
    }
    made.gl.touchZoomRotate.disableRotation();
    made.gl.keyboard.disableRotation();
    made.gl.addControl(new NavigationControl({ showCompass: false }), "bottom-right");
    made.gl.addControl(new ScaleControl({ maxWidth: 120 }), "bottom-left");
    await new Promise((resolve) => {
      made.gl.once("style.load", () => {
        for (const [name, drawn] of pictures) made.gl.addImage(name, drawn, { pixelRatio: SHARPNESS });
        resolve();
      });
    });
    made.dress();
    return made;
  }

  constructor(box) {
    this.box = box;
    this.gl = null;
    box.shown = this; // for tests and for people at the console
  }

  dress() {
    const { gl } = this;
    const words = gl.getStyle().layers.find((layer) => layer.type === "symbol")?.id;
    const round = { "line-cap": "round", "line-join": "round" };
    for (const name of ["found", "way", "area", "cut", "marks"]) gl.addSource(name, { type: "geojson", data: NOTHING });
    const firstPipe = gl.getStyle().layers.find((layer) => layer.source === "pipe_segments")?.id;
    // Two rails beside a line: its own colour and dashes stay, and it shows among many in a narrow street.
    const rails = (colour, width, gap) => ({ "line-color": colour, "line-width": width, "line-gap-width": ["interpolate", ["linear"], ["zoom"], 14, gap - 3, 18, gap], "line-opacity": 0.95 });
    gl.addLayer({ id: "found-lines", type: "line", source: "found", layout: round, filter: ["==", ["geometry-type"], "LineString"], paint: rails(FOUND, 2.5, 5) }, words);
    gl.addLayer({ id: "lit", type: "line", source: "pipe_segments", "source-layer": "pipe_segments", filter: UNLIT, layout: round, paint: rails(LIT, 5, 7) }, words);
    gl.addLayer({ id: "way", type: "line", source: "way", layout: round, paint: { "line-color": CUT, "line-width": 3, "line-opacity": 0.9 } }, words);
    gl.addLayer({ id: "area-fill", type: "fill", source: "area", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": FOUND, "fill-opacity": 0.08 } }, firstPipe);
    gl.addLayer({ id: "area-edge", type: "line", source: "area", paint: { "line-color": FOUND, "line-width": 2, "line-dasharray": [3, 2] } });
    gl.addLayer({ id: "found-points", type: "circle", source: "found", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-radius": 7, "circle-color": FOUND, "circle-opacity": 0.5, "circle-stroke-color": "#ffffff", "circle-stroke-width": 1.5 } });
    gl.addLayer({ id: "cut-edge", type: "line", source: "cut", layout: round, paint: { "line-color": "#ffffff", "line-width": 6, "line-opacity": 0.9 } });
    gl.addLayer({ id: "cut", type: "line", source: "cut", layout: round, paint: { "line-color": CUT, "line-width": 2.5 } });
    gl.addLayer({
      id: "marks", type: "circle", source: "marks",
      paint: { "circle-radius": ["case", ["get", "lit"], 8, 4], "circle-color": ["coalesce", ["get", "colour"], "#ffffff"], "circle-stroke-color": ["case", ["get", "lit"], LIT, "#16232b"], "circle-stroke-width": ["case", ["get", "lit"], 3, 1.2] },
    });
    new ResizeObserver(() => gl.resize()).observe(this.box);
    gl.on("moveend", () => this.onView(this.view()));
    gl.on("mousemove", (event) => {
      if (!this.box.dataset.armed) gl.getCanvas().style.cursor = this.hit(event.point) ? "pointer" : "";
    });
  }

  view() {
    const { lng, lat } = this.gl.getCenter();
    return `${this.gl.getZoom().toFixed(2)}/${lat.toFixed(6)}/${lng.toFixed(6)}`;
  }

  // source: found, way, area, cut or marks
  draw(source, features) {
    this.gl?.getSource(source)?.setData({ type: "FeatureCollection", features });
  }

  // The pipes with these ids, wherever tiles have them.
  light(ids) {
    this.gl?.setFilter("lit", ["in", ["id"], ["literal", ids]]);
  }

  // What lies under a pixel: { kind, id }, wells before pipes; null beside everything.
  hit({ x, y }, wanted = PIPES) {
    const box = [[x - REACH, y - REACH], [x + REACH, y + REACH]];
    const layers = this.gl.getStyle().layers.filter((layer) => wanted.includes(layer.metadata?.["citygrid:layer"])).map((layer) => layer.id);
    const near = this.gl.queryRenderedFeatures(box, { layers }).filter((one) => Number.isInteger(one.id));
    const best = wanted.map((name) => near.find((one) => one.source === name)).find(Boolean);
    return best ? { kind: best.source === "pipe_points" ? "points" : "segments", id: best.id } : null;
  }

  // Road axes that the loaded tiles hold: [{ coordinates, grade, names }].
  roads() {
    if (!this.gl) return [];
    return this.gl.querySourceFeatures("roads", { sourceLayer: "roads" }).flatMap(({ geometry, properties, id }) =>
      (geometry.type === "LineString" ? [geometry.coordinates] : geometry.type === "MultiLineString" ? geometry.coordinates : []).map((coordinates) => ({ coordinates, id, ...properties })));
  }

  centre() {
    const { lng, lat } = this.gl.getCenter();
    return [lng, lat];
  }

  box4() {
    return this.gl.getBounds().toArray().flat();
  }

  // Brings places into view; a map that shows them already stays as it is.
  show(places, { zoom = 18.5 } = {}) {
    if (!this.gl || !places.length) return;
    this.gl.resize(); // the drawing may just have opened below
    const seen = this.gl.getBounds();
    if (this.gl.getZoom() >= 15 && places.every((place) => seen.contains(place))) return;
    const [lons, lats] = [places.map(([lon]) => lon), places.map(([, lat]) => lat)];
    this.gl.fitBounds([[Math.min(...lons), Math.min(...lats)], [Math.max(...lons), Math.max(...lats)]], { padding: { top: 84, bottom: 40, left: 48, right: 48 }, maxZoom: zoom, animate: false });
  }
}
