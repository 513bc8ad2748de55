// The catalogue's style made ready for a page: whole addresses, and nothing drawn that is switched off.

// shown: (name of a layer) => boolean; asOf: the day whose map is drawn, YYYY-MM-DD; empty: now
export function prepared(style, shown, asOf = "") {
  const made = structuredClone(style);
  for (const source of Object.values(made.sources)) {
    // Whole addresses, since a worker has no page to resolve one against.
    source.tiles = source.tiles.map((address) => new URL(address, location.origin).href.replaceAll("%7B", "{").replaceAll("%7D", "}") + (asOf ? `?as_of=${asOf}` : ""));
  }
  for (const layer of made.layers) {
    const name = nameOf(layer);
    if (name && !shown(name)) layer.layout = { ...layer.layout, visibility: "none" };
  }
  return made;
}

// The layer of the catalogue that a layer of the style draws.
export const nameOf = (layer) => layer.metadata?.["citygrid:layer"];
