// Distances, bearings and "in which grid": enough of geometry to work without signal. Degrees in, metres out.

const EARTH_M = 6_371_008.8;
const radians = (degrees) => (degrees * Math.PI) / 180;

export function distanceM(a, b) {
  const [from, to] = [radians(a.lat), radians(b.lat)];
  const [dy, dx] = [to - from, radians(b.lon - a.lon)];
  const s = Math.sin(dy / 2) ** 2 + Math.cos(from) * Math.cos(to) * Math.sin(dx / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.sqrt(s));
}

// Clockwise from north, 0 to 360
export function bearingDeg(a, b) {
  const [from, to, dx] = [radians(a.lat), radians(b.lat), radians(b.lon - a.lon)];
  const y = Math.sin(dx) * Math.cos(to);
  const x = Math.cos(from) * Math.sin(to) - Math.sin(from) * Math.cos(to) * Math.cos(dx);
  return ((Math.atan2(y, x) * 180) / Math.PI + 360) % 360;
}

function isInRing(ring, { lon, lat }) {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [[xi, yi], [xj, yj]] = [ring[i], ring[j]];
    if (yi > lat !== yj > lat && lon < ((xj - xi) * (lat - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

const isInPolygon = ([outer, ...holes], place) => isInRing(outer, place) && !holes.some((hole) => isInRing(hole, place));

// The feature of a collection of polygons that holds the place, or null
export function featureAt(collection, place) {
  return collection?.features.find(({ geometry: { type, coordinates } }) =>
    (type === "Polygon" ? [coordinates] : coordinates).some((polygon) => isInPolygon(polygon, place))) ?? null;
}

// [west, south, east, north] of a collection
export function boundsOf(collection) {
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  const visit = (part) => {
    if (typeof part[0] !== "number") return part.forEach(visit);
    box[0] = Math.min(box[0], part[0]);
    box[1] = Math.min(box[1], part[1]);
    box[2] = Math.max(box[2], part[0]);
    box[3] = Math.max(box[3], part[1]);
  };
  for (const feature of collection.features) visit(feature.geometry.coordinates);
  return box;
}
