// The catalogue's style made ready for a page: whole addresses, and nothing drawn that is switched off.

import { isOn, without } from "./layer_switch.js";

// shown: (name of a layer) => boolean; asOf: the day whose map is drawn, YYYY-MM-DD; empty: now
export function prepared(style, shown, asOf = "") {
  const made = structuredClone(style);
  for (const source of Object.values(made.sources)) {
    // Whole addresses, since a worker has no page to resolve one against.
    if (source.tiles) source.tiles = source.tiles.map((address) => (address.startsWith("/") ? location.origin + address : address) + (asOf ? `?as_of=${asOf}` : ""));
  }
  for (const layer of made.layers) {
    const name = nameOf(layer);
    if (name && !shown(name)) layer.layout = { ...layer.layout, visibility: "none" };
  }
  return made;
}

// The style as an address asks for it: layers and classes that are on, told apart as the reader chose.
// options: as layers/folium_map.py tells them; asked: as ./address.js reads it; by: its part "by"
export function asAsked(options, asked, by = "", asOf = "") {
  const made = prepared(options.style, (name) => isOn(name, options.layers, asked), asOf);
  const told = new Map(options.layers.map((layer) => [layer.name, layer]));
  for (const layer of made.layers) {
    const known = told.get(nameOf(layer));
    const kept = known && asked.off.length ? without(known, asked.off) : [];
    if (kept.length) layer.filter = ["all", ...(layer.filter ? [layer.filter] : []), ...kept];
    const image = layer.metadata?.["citygrid:by"]?.[by];
    if (image) layer.layout = { ...layer.layout, "icon-image": image };
  }
  return made;
}

// The layer of the catalogue that a layer of the style draws.
export const nameOf = (layer) => layer.metadata?.["citygrid:layer"];
