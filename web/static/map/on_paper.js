// What a person drew on the map, for maps that only show it.

import { circleRing } from "./geodesy.js";
import { drawnKey } from "./keys.js";

const MARK = "#c8281f";

export function drawnSource() {
  let kept = [];
  try {
    kept = JSON.parse(localStorage.getItem(drawnKey()) ?? "[]");
  } catch {
    // what cannot be read any more is not shown
  }
  const features = kept.map((one) =>
    one.properties.kind === "circle" ? { ...one, geometry: { type: "Polygon", coordinates: [circleRing(one.geometry.coordinates, one.properties.radius_m)] } } : one,
  );
  return { type: "FeatureCollection", features };
}

const of = (...types) => ["in", ["geometry-type"], ["literal", types]];

export const drawnLayers = (source) => [
  { id: "drawn-fill", source, type: "fill", filter: of("Polygon", "MultiPolygon"), paint: { "fill-color": MARK, "fill-opacity": 0.12 } },
  { id: "drawn-line", source, type: "line", filter: of("Polygon", "MultiPolygon", "LineString"), paint: { "line-color": MARK, "line-width": 2.5 }, layout: { "line-join": "round" } },
  { id: "drawn-point", source, type: "circle", filter: ["all", of("Point"), ["!", ["has", "text"]]], paint: { "circle-radius": 6, "circle-color": MARK, "circle-stroke-color": "#fff", "circle-stroke-width": 2 } },
  { id: "drawn-text", source, type: "symbol", filter: ["has", "text"], layout: { "text-field": ["get", "text"], "text-font": ["Noto Sans CJK SC"], "text-size": 13, "text-allow-overlap": true }, paint: { "text-color": "#7a1812", "text-halo-color": "#fff", "text-halo-width": 2 } },
];
