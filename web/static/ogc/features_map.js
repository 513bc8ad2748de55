// Features of a page on a small map; pressing one opens its page.

import { placeMap } from "../js/place_map.js";

const box = document.getElementById("features-map");
const features = JSON.parse(document.getElementById("features").textContent);
const COLOUR = "#c8501e";

function bounds() {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  const take = (part) => {
    if (typeof part[0] !== "number") return part.forEach(take);
    west = Math.min(west, part[0]);
    east = Math.max(east, part[0]);
    south = Math.min(south, part[1]);
    north = Math.max(north, part[1]);
  };
  for (const { geometry } of features.features) if (geometry?.coordinates) take(geometry.coordinates);
  return Number.isFinite(west) ? [[west, south], [east, north]] : null;
}

function dress(map) {
  if (map.getSource("features")) return;
  map.addSource("features", { type: "geojson", data: features });
  const of = (kind) => ["==", ["geometry-type"], kind];
  map.addLayer({ id: "features-fill", type: "fill", source: "features", filter: of("Polygon"), paint: { "fill-color": COLOUR, "fill-opacity": 0.15 } });
  map.addLayer({ id: "features-line", type: "line", source: "features", filter: ["!", of("Point")], paint: { "line-color": COLOUR, "line-width": 2.5 } });
  map.addLayer({ id: "features-point", type: "circle", source: "features", filter: of("Point"), paint: { "circle-color": COLOUR, "circle-radius": 5, "circle-stroke-width": 1.5, "circle-stroke-color": "#ffffff" } });
}

const found = bounds();
if (found) {
  const [[west, south], [east, north]] = found;
  const made = await placeMap(box, { lon: (west + east) / 2, lat: (south + north) / 2, zoom: 15, marked: false });
  if (made) {
    const { map } = made;
    map.fitBounds(found, { padding: 32, maxZoom: 17, animate: false });
    map.on("style.load", () => dress(map));
    if (map.isStyleLoaded()) dress(map);
    map.on("click", ({ point: { x, y } }) => {
      const [hit] = map.queryRenderedFeatures([[x - 4, y - 4], [x + 4, y + 4]], { layers: ["features-point", "features-line", "features-fill"] });
      if (hit && box.dataset.items) location.assign(`${box.dataset.items}/${hit.id}?f=html`);
    });
    box.shown = map; // for tests and for people at the console
  }
} else {
  box.hidden = true;
}
