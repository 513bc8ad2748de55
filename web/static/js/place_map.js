// A small map of streets around one place, drawn from the service's own tiles.

const COLOURS = {
  light: { ground: "#eef1f2", road: "#ffffff", edge: "#c3cdd3", building: "#dde3e6", area: "#8196a1" },
  dark: { ground: "#16232b", road: "#3a4d59", edge: "#0d161b", building: "#22323c", area: "#6b818d" },
};

function theme() {
  const chosen = document.documentElement.dataset.theme;
  return chosen || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}

function style() {
  const colour = COLOURS[theme()];
  const tiles = (name, minzoom = 0) => ({
    type: "vector",
    tiles: [`${location.origin}/tiles/${name}/{z}/{x}/{y}.mvt`],
    minzoom,
    maxzoom: 16,
  });
  const wide = (low, high) => ["interpolate", ["exponential", 1.6], ["zoom"], 12, low, 18, high];
  return {
    version: 8,
    sources: { roads: tiles("roads"), areas: tiles("areas"), buildings: tiles("buildings", 14) },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": colour.ground } },
      { id: "buildings", type: "fill", source: "buildings", "source-layer": "buildings", minzoom: 14, paint: { "fill-color": colour.building } },
      { id: "roads-edge", type: "line", source: "roads", "source-layer": "roads", layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": colour.edge, "line-width": wide(1.5, 16) } },
      { id: "roads", type: "line", source: "roads", "source-layer": "roads", layout: { "line-cap": "round", "line-join": "round" }, paint: { "line-color": colour.road, "line-width": wide(0.8, 13) } },
      { id: "areas", type: "line", source: "areas", "source-layer": "areas", paint: { "line-color": colour.area, "line-width": 1, "line-dasharray": [4, 3] } },
    ],
  };
}

// Returns { map, mark(lon, lat) }; null where the browser cannot draw maps: the numbers still say the place.
export async function placeMap(box, { lon, lat, zoom = 16, onPick = null, marked = true }) {
  const { Map, Marker, NavigationControl } = await import("maplibre-gl");
  let map;
  try {
    map = new Map({
      container: box,
      style: style(),
      center: [lon, lat],
      zoom,
      minZoom: 9,
      maxZoom: 19,
      attributionControl: false,
      cooperativeGestures: false,
      dragRotate: false,
      pitchWithRotate: false,
      fadeDuration: 0,
    });
  } catch {
    box.hidden = true;
    return null;
  }
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  document.addEventListener("citygrid:theme", () => map.setStyle(style()));
  let marker = null;
  const mark = (markLon, markLat) => {
    marker ??= new Marker({ color: "#c8501e" });
    marker.setLngLat([markLon, markLat]).addTo(map);
  };
  if (marked) mark(lon, lat);
  if (onPick) map.on("click", (event) => onPick(event.lngLat.lng, event.lngLat.lat));
  return { map, mark };
}
