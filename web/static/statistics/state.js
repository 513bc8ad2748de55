// What the page shows, in the address: groups, measure, what narrows it, order, chart. It can be sent as it is.

const NAMES = ["by", "measure", "filter", "community", "bbox", "area", "as_of", "sort", "chart", "row"];
export const MEASURES = ["length_m", "count", "holes", "volume_m3"];
const EMPTY = { by: "class", measure: "length_m", filter: "", community: "", bbox: "", area: "", as_of: "", sort: "", chart: "", row: "" };

export function readAddress() {
  const given = new URLSearchParams(location.search);
  const found = { ...EMPTY };
  for (const name of NAMES) if (given.get(name)) found[name] = given.get(name);
  if (!MEASURES.includes(found.measure)) found.measure = EMPTY.measure;
  return found;
}

export function writeAddress(shown, { push = false } = {}) {
  const told = new URLSearchParams();
  for (const name of NAMES) if (shown[name] && shown[name] !== EMPTY[name]) told.set(name, shown[name]);
  const query = told.toString().replaceAll("%2C", ",").replaceAll("%3B", ";");
  const address = query ? `${location.pathname}?${query}` : location.pathname;
  if (address !== location.pathname + location.search) history[push ? "pushState" : "replaceState"](null, "", address);
}

export const groupBy = (shown) => shown.by.split(",").filter(Boolean).slice(0, 2);

// The part of a question that says which rows, as the calls of the service take it.
export function question(shown) {
  const asked = {};
  for (const name of ["filter", "community", "as_of"]) if (shown[name]) asked[name] = shown[name];
  if (shown.bbox) asked.bbox = shown.bbox.split(",").map(Number);
  // As the workbench writes a drawn area: lon,lat;lon,lat;…
  if (shown.area) {
    const ring = shown.area.split(";").map((pair) => pair.split(",").map(Number));
    asked.area = { type: "Polygon", coordinates: [[...ring, ring[0]]] };
  }
  // Of an area people want what lies in it: lines across its edge count with their part inside.
  if (shown.bbox || shown.area) asked.clip = true;
  return asked;
}
