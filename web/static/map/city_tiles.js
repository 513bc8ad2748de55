// The city's vector tiles on a Leaflet map, and the parts of the page that act on them.

import * as L from "leaflet";
import { maplibreGL } from "@maplibre/maplibre-gl-leaflet";
import { addImages } from "./images.js";
import { keepAddress, readAddress } from "./address.js";
import { Details } from "./details.js";
import { LayerSwitch, isOn } from "./layer_switch.js";
import { notice } from "./notice.js";
import { picker } from "./picking.js";
import { scaleHeat } from "./heat.js";
import { followCity } from "./live.js";
import { Search } from "./search.js";
import { prepared } from "./style.js";
import { Time } from "./time.js";
import { Toolbar } from "./toolbar.js";

const stage = document.getElementById("stage");

// map: the Leaflet map that Folium made; drawing: where it is read what to draw, see layers/folium_map.py
export async function cityTiles(map, drawing) {
  const options = await read(drawing);
  if (!options) return;
  const asked = readAddress();
  if (asked.view) map.setView([asked.view.lat, asked.view.lon], asked.view.zoom, { animate: false });
  else map.fitBounds(options.bounds, { animate: false, padding: [8, 8] });

  const tiles = maplibreGL({
    style: prepared(options.style, (name) => isOn(name, options.layers, asked)),
    attributionControl: false,
    interactive: false,
    renderWorldCopies: false,
    fadeDuration: 120,
    padding: 0.05,
  });
  try {
    tiles.addTo(map);
  } catch (error) {
    console.warn(error);
    return notice(stage.dataset.noWebgl);
  }
  const gl = tiles.getMaplibreMap();
  addImages(gl, options.images);
  map.getContainer().setAttribute("tabindex", "0");
  L.control.zoom({ position: "bottomright", zoomInTitle: stage.dataset.zoomIn, zoomOutTitle: stage.dataset.zoomOut }).addTo(map);
  L.control.scale({ position: "bottomright", imperial: false }).addTo(map);

  gl.once("load", () => {
    // Asked for only where a base map is set.
    if (document.getElementById("base-maps")) import("./base_map.js").then(({ BaseMaps }) => new BaseMaps(map, gl));
    const layers = new LayerSwitch(gl, options.layers, asked);
    const details = new Details(map, gl, options.layers);
    new Search(details);
    const address = keepAddress(map, layers, details);
    layers.onchange = address;
    details.onchange = address;
    if (asked.item) details.show(asked.item.layer, asked.item.id, { move: !asked.view });
    picker(map, gl, options.layers, layers, details);
    followCity(map, gl, options.layers, layers);
    scaleHeat(gl);
    new Time(map, gl, options.layers, layers);
    new Toolbar({ map, gl, options, layers, details });
    address();
  });
  tellPlace(map);
  // For tests and for people at the console: the drawn map itself.
  window.city = { map, gl };
}

async function read(drawing) {
  try {
    const answer = await fetch(drawing);
    if (answer.ok) return await answer.json();
  } catch (error) {
    console.warn(error);
  }
  notice(stage.dataset.failed);
  return null;
}

function tellPlace(map) {
  const output = document.getElementById("place");
  const tell = (at) => {
    const place = at.wrap();
    output.textContent = `${place.lng.toFixed(6)}, ${place.lat.toFixed(6)}`;
  };
  map.on("mousemove", (event) => tell(event.latlng));
  map.on("move", () => tell(map.getCenter()));
  tell(map.getCenter());
}
