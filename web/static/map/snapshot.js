// The map of a file that asks no network: tiles come from the file itself, layers are switched by its legend.

import * as L from "leaflet";
import { addProtocol, setWorkerUrl } from "maplibre-gl";
import { maplibreGL } from "@maplibre/maplibre-gl-leaflet";
import { addImages } from "citygrid/images";

// map: the Leaflet map that Folium made; options: see layers/snapshot.py
export function cityTiles(map, options) {
  const tiles = JSON.parse(document.getElementById("tiles").textContent);
  setWorkerUrl(window.snapshotWorker);
  addProtocol("citygrid", async ({ url }) => {
    const [layer, ...place] = url.slice("citygrid://".length).split("/");
    const packed = tiles[layer]?.[place.join("/")];
    return { data: packed ? await unpacked(packed) : new ArrayBuffer(0) };
  });
  const [low, high] = options.zooms;
  map.fitBounds(options.bounds, { animate: false });
  // Only then, and without a movement that would end after the picture is set: there are no tiles above.
  if (map.getZoom() < low) map.setZoom(low, { animate: false });
  map.setMinZoom(low);
  map.setMaxZoom(Math.min(22, high + 2)); // what is there is enlarged
  map.setMaxBounds(L.latLngBounds(options.bounds).pad(0.3));
  const drawn = maplibreGL({ style: options.style, attributionControl: false, interactive: false, renderWorldCopies: false, fadeDuration: 0 });
  try {
    drawn.addTo(map);
  } catch (error) {
    console.error(error);
    document.getElementById("failed").hidden = false;
    return;
  }
  const gl = drawn.getMaplibreMap();
  addImages(gl, options.images);
  L.control.zoom({ position: "topleft" }).addTo(map);
  L.control.scale({ position: "bottomleft", imperial: false }).addTo(map);
  document.querySelector(".legend").open = innerWidth > 700;
  for (const choice of document.querySelectorAll("[data-layer]")) choice.addEventListener("change", () => show(gl, choice.dataset.layer, choice.checked));
  window.city = { map, gl };
}

function show(gl, name, on) {
  for (const layer of gl.getStyle().layers) {
    if (layer.metadata?.["citygrid:layer"] === name) gl.setLayoutProperty(layer.id, "visibility", on ? "visible" : "none");
  }
}

async function unpacked(words) {
  const bytes = Uint8Array.from(atob(words), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}
