// What is drawn, as GeoJSON and back: the file format, what the browser keeps, and what Leaflet draws.

import * as L from "leaflet";
import { areaOf, asArea, asBearing, asLength, circleRing, lengthOf, way } from "./geodesy.js";
import { fill, words } from "../js/page_words.js";

export const MOST = 2000;
const MARK = "#c8281f";
const STYLE = { color: MARK, weight: 2.5, fillColor: MARK, fillOpacity: 0.12 };
const SPHERE_M = 6371000; // of Leaflet's circles

const pin = () => L.divIcon({ className: "map-pin", iconSize: [18, 18] });
export const DRAW = {
  markerStyle: { icon: pin() },
  pathOptions: STYLE,
  hintlineStyle: { color: MARK, weight: 2, dashArray: "4 6" },
  templineStyle: { color: MARK, weight: 2.5 },
};

const place = ({ lat, lng }) => [Number(lng.toFixed(8)), Number(lat.toFixed(8))];

// A layer that Leaflet draws as a feature; a circle is a point with its radius_m.
export function featureOf(layer) {
  const kind = layer.kind ?? (layer.kind = kindOf(layer));
  const properties = { kind };
  let geometry;
  if (kind === "circle") {
    properties.radius_m = Number(trueRadius(layer).toFixed(3));
    geometry = { type: "Point", coordinates: place(layer.getLatLng()) };
  } else if (layer instanceof L.Marker) {
    if (kind === "text") properties.text = layer.pm?.getText?.() ?? layer.options.text ?? "";
    geometry = { type: "Point", coordinates: place(layer.getLatLng()) };
  } else {
    geometry = layer.toGeoJSON(8).geometry;
  }
  return { type: "Feature", geometry, properties };
}

function kindOf(layer) {
  if (layer instanceof L.Circle) return "circle";
  if (layer instanceof L.Marker) return layer.options.textMarker ? "text" : "point";
  if (layer instanceof L.Rectangle) return "rectangle";
  return layer instanceof L.Polygon ? "polygon" : "line";
}

// Leaflet reckons circles on a sphere: the mean of the true distances to its northern and eastern edge.
function trueRadius(circle) {
  const [lon, lat] = place(circle.getLatLng());
  const degrees = (circle.getRadius() / SPHERE_M) * (180 / Math.PI);
  const edges = [[lon, lat + degrees], [lon + degrees / Math.cos((lat * Math.PI) / 180), lat]];
  return edges.reduce((sum, edge) => sum + way([lon, lat], edge).length / 2, 0);
}

export function layerOf({ geometry, properties = {} }) {
  const at = (coordinates) => L.latLng(coordinates[1], coordinates[0]);
  let layer;
  if (geometry.type === "Point") {
    if (properties.kind === "circle" && properties.radius_m > 0) {
      layer = L.circle(at(geometry.coordinates), { ...STYLE, radius: properties.radius_m });
      layer.setRadius((properties.radius_m * properties.radius_m) / trueRadius(layer));
    } else if (properties.kind === "text") {
      layer = L.marker(at(geometry.coordinates), { textMarker: true, text: properties.text ?? "" });
    } else {
      layer = L.marker(at(geometry.coordinates), { icon: pin() });
    }
  } else {
    [layer] = L.geoJSON(geometry, { style: STYLE }).getLayers();
    if (properties.kind === "rectangle") layer = L.rectangle(layer.getBounds(), STYLE);
  }
  layer.kind = ["circle", "text", "rectangle"].includes(properties.kind) ? properties.kind : undefined;
  return layer;
}

// [[title, value], …] of what can be measured; the place of a point is asked of the service.
export function measures({ geometry, properties }) {
  const { type, coordinates } = geometry;
  if (properties.kind === "circle") {
    const radius = properties.radius_m;
    return [[words.radius, asLength(radius)], [words.area, asArea(Math.PI * radius * radius)], [words.circumference, asLength(2 * Math.PI * radius)]];
  }
  if (type === "LineString") {
    const found = [[words.length, asLength(lengthOf(coordinates))]];
    const straight = way(coordinates[0], coordinates.at(-1));
    if (straight?.length) found.push([words.bearing, asBearing(straight.bearing)]);
    return found;
  }
  const polygons = type === "Polygon" ? [coordinates] : type === "MultiPolygon" ? coordinates : [];
  if (!polygons.length) return [];
  const sum = (of) => polygons.reduce((total, one) => total + of(one), 0);
  return [[words.area, asArea(sum(areaOf))], [words.perimeter, asLength(sum((rings) => rings.reduce((all, ring) => all + lengthOf(ring), 0)))]];
}

export const title = ({ properties }) => (properties.kind === "text" ? properties.text : words[properties.kind]) || words.text;

// The area of a feature as the service takes it; null where it has none.
export function areaIn({ geometry, properties }) {
  if (properties.kind === "circle") return { type: "Polygon", coordinates: [circleRing(geometry.coordinates, properties.radius_m)] };
  return geometry.type.endsWith("Polygon") ? geometry : null;
}

// ---- Files -----------------------------------------------------------------------------------------------

const SIMPLE = { MultiPoint: "Point", MultiLineString: "LineString" };
const DEPTH = { Point: 0, LineString: 1, Polygon: 2, MultiPolygon: 3 };

// The features of a GeoJSON file that can be drawn; throws an Error with words for people.
export function read(text) {
  let said;
  try {
    said = JSON.parse(text);
  } catch {
    throw new Error(words.importFailed);
  }
  const features = said?.type === "FeatureCollection" ? said.features : said?.type === "Feature" ? [said] : [{ geometry: said, properties: {} }];
  if (!Array.isArray(features)) throw new Error(words.importFailed);
  const found = features.flatMap(plain);
  if (!found.length) throw new Error(words.importFailed);
  if (found.length > MOST) throw new Error(fill(words.importLarge, { n: MOST }));
  return found;
}

function plain(feature) {
  const { type, coordinates } = feature?.geometry ?? {};
  if (SIMPLE[type] && Array.isArray(coordinates)) return coordinates.flatMap((one) => plain({ ...feature, geometry: { type: SIMPLE[type], coordinates: one } }));
  if (!(type in DEPTH) || !holdsPlaces(coordinates, DEPTH[type], type === "LineString" ? 2 : 4)) throw new Error(words.importFailed);
  const { kind, radius_m: radius, text, name } = feature.properties ?? {};
  const note = typeof text === "string" ? text : typeof name === "string" && type === "Point" && !kind ? name : undefined;
  const properties = type !== "Point" ? (kind === "rectangle" ? { kind } : {}) : Number.isFinite(radius) && radius > 0 && radius < 1e6 ? { kind: "circle", radius_m: radius } : note ? { kind: "text", text: note.slice(0, 200) } : {};
  return [{ type: "Feature", geometry: { type, coordinates }, properties }];
}

function holdsPlaces(said, depth, least) {
  if (!Array.isArray(said)) return false;
  if (!depth) return said.length >= 2 && Math.abs(said[0]) <= 180 && Math.abs(said[1]) <= 85;
  return said.length >= (depth === 1 ? least : 1) && said.every((one) => holdsPlaces(one, depth - 1, least));
}

export const asGeoJSON = (features) =>
  JSON.stringify({
    type: "FeatureCollection",
    features: features.map((one) => ({ ...one, properties: { ...one.properties, ...Object.fromEntries(measures(one)) } })),
  });

const escaped = (text) => String(text).replace(/[<>&'"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const list = (ring) => ring.map(([lon, lat]) => `${lon},${lat}`).join(" ");
const polygon = ([outer, ...holes]) =>
  `<Polygon><outerBoundaryIs><LinearRing><coordinates>${list(outer)}</coordinates></LinearRing></outerBoundaryIs>${holes
    .map((ring) => `<innerBoundaryIs><LinearRing><coordinates>${list(ring)}</coordinates></LinearRing></innerBoundaryIs>`)
    .join("")}</Polygon>`;

export function asKML(features) {
  const marks = features.map((one) => {
    const { type, coordinates } = areaIn(one) ?? one.geometry;
    const drawn =
      type === "Point" ? `<Point><coordinates>${list([coordinates])}</coordinates></Point>`
      : type === "LineString" ? `<LineString><coordinates>${list(coordinates)}</coordinates></LineString>`
      : type === "Polygon" ? polygon(coordinates)
      : `<MultiGeometry>${coordinates.map(polygon).join("")}</MultiGeometry>`;
    const told = measures(one).map(([name, value]) => `${name}: ${value}`).join("; ");
    return `<Placemark><name>${escaped(title(one))}</name><description>${escaped(told)}</description>${drawn}</Placemark>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>${marks.join("")}</Document></kml>\n`;
}
