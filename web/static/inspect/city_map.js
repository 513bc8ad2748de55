// A map of streets and grids from the service's own tiles; those seen once are there without signal too.

const COLOURS = {
  light: { ground: "#eef1f2", road: "#ffffff", edge: "#b3bfc6", building: "#dde3e6", grid: "#0a5c74", mine: "#0a5c74", lit: "#c8501e" },
  dark: { ground: "#16232b", road: "#3a4d59", edge: "#0d161b", building: "#22323c", grid: "#72cbe2", mine: "#72cbe2", lit: "#ffb454" },
  sunlight: { ground: "#ffffff", road: "#d5d5d5", edge: "#000000", building: "#f0f0f0", grid: "#003344", mine: "#003344", lit: "#b00000" },
};
const NOTHING = { type: "FeatureCollection", features: [] };

function colours() {
  const chosen = document.documentElement.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  return COLOURS[chosen];
}

function style(data) {
  const colour = colours();
  const tiles = (name, minzoom = 0) => ({ type: "vector", tiles: [`${location.origin}/tiles/${name}/{z}/{x}/{y}.mvt`], minzoom, maxzoom: 16 });
  const wide = (low, high) => ["interpolate", ["exponential", 1.6], ["zoom"], 12, low, 18, high];
  const line = (id, source, paint, more = {}) => ({ id, type: "line", source, layout: { "line-cap": "round", "line-join": "round" }, paint, ...more });
  const tiled = (name) => ({ "source-layer": name });
  return {
    version: 8,
    sources: {
      roads: tiles("roads"), buildings: tiles("buildings", 14), unit_grids: tiles("unit_grids", 12),
      own: { type: "geojson", data: data.own }, lit: { type: "geojson", data: data.lit }, me: { type: "geojson", data: data.me },
    },
    layers: [
      { id: "ground", type: "background", paint: { "background-color": colour.ground } },
      { id: "buildings", type: "fill", source: "buildings", ...tiled("buildings"), minzoom: 14, paint: { "fill-color": colour.building } },
      line("roads-edge", "roads", { "line-color": colour.edge, "line-width": wide(1.5, 16) }, tiled("roads")),
      line("roads", "roads", { "line-color": colour.road, "line-width": wide(0.8, 13) }, tiled("roads")),
      line("unit-grids", "unit_grids", { "line-color": colour.grid, "line-width": 1, "line-opacity": 0.5 }, { ...tiled("unit_grids"), minzoom: 14 }),
      { id: "visited", type: "fill", source: "own", filter: ["==", ["get", "visited"], true], paint: { "fill-color": colour.mine, "fill-opacity": 0.35 } },
      line("own", "own", { "line-color": colour.mine, "line-width": 1.2 }),
      { id: "lit-fill", type: "fill", source: "unit_grids", ...tiled("unit_grids"), filter: ["==", ["get", "code"], data.code], paint: { "fill-color": colour.lit, "fill-opacity": 0.12 } },
      line("lit-line", "unit_grids", { "line-color": colour.lit, "line-width": 2.5 }, { ...tiled("unit_grids"), filter: ["==", ["get", "code"], data.code] }),
      line("lit-own", "lit", { "line-color": colour.lit, "line-width": 2.5 }),
      { id: "me-ring", type: "circle", source: "me", paint: { "circle-radius": 9, "circle-color": "#ffffff" } },
      { id: "me", type: "circle", source: "me", paint: { "circle-radius": 6, "circle-color": "#1a6fd4" } },
    ],
  };
}

// Null where the browser cannot draw maps: everything else goes on without.
export async function cityMap(box, { lon, lat, zoom = 16.5 }) {
  const { Map: GlMap, Marker, setWorkerUrl } = await import("maplibre-gl");
  setWorkerUrl(document.body.dataset.mapWorker); // one that the service worker serves: see web/inspect_offline.py
  const data = { own: NOTHING, lit: NOTHING, me: NOTHING, code: "" };
  let map;
  try {
    const locale = { "Map.Title": box.getAttribute("aria-label") };
    map = new GlMap({ container: box, locale, style: style(data), center: [lon, lat], zoom, minZoom: 9, maxZoom: 19, attributionControl: false, dragRotate: false, pitchWithRotate: false, fadeDuration: 0 });
  } catch {
    box.hidden = true;
    return null;
  }
  map.touchZoomRotate.disableRotation();
  // Without signal tiles are missing; that is no error of ours.
  map.on("error", ({ error }) => navigator.onLine && console.warn(error.message));
  addEventListener("online", () => map.setStyle(style(data), { diff: false }));
  document.addEventListener("inspect:theme", () => map.setStyle(style(data), { diff: false }));
  const ready = (act) => (map.isStyleLoaded() ? act() : map.once("idle", act));
  const put = (name, value) => {
    data[name] = value;
    ready(() => map.getSource(name)?.setData(value));
  };
  return {
    map,
    moveTo: (place, to = map.getZoom()) => map.jumpTo({ center: [place.lon, place.lat], zoom: Math.max(to, 16) }),
    showOwn: (collection) => put("own", collection),
    showMe: (place) => put("me", { type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [place.lon, place.lat] } }),
    // The grid that holds the place: by its code where tiles have it, by its outline where the phone has it
    light(code, feature) {
      data.code = code ?? "";
      put("lit", feature ?? NOTHING);
      ready(() => {
        for (const id of ["lit-fill", "lit-line"]) map.setFilter(id, ["==", ["get", "code"], data.code]);
      });
    },
    mark: (place) => new Marker({ color: "#c8501e" }).setLngLat([place.lon, place.lat]).addTo(map),
    fit: ([west, south, east, north]) => map.fitBounds([[west, south], [east, north]], { padding: { top: 52, right: 32, bottom: 24, left: 32 }, maxZoom: 17, animate: false }),
  };
}
