// The address bar holds what is seen: #map=zoom/lat/lon&hide=layers&show=layers&off=classes&item=layer/id
// and what tools add to it by setPart, such as compare=2025-01-01.

const VIEW = /^(\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)$/;
const ITEM = /^(\w+)\/(\d+)$/;
const OWN = ["map", "show", "hide", "off", "item"];

let write = () => {};

export function readAddress() {
  const parts = new URLSearchParams(location.hash.slice(1));
  const view = VIEW.exec(parts.get("map") ?? "");
  const item = ITEM.exec(parts.get("item") ?? "");
  const list = (name) => (parts.get(name) ?? "").split(",").filter(Boolean);
  return {
    view: view && { zoom: Number(view[1]), lat: Number(view[2]), lon: Number(view[3]) },
    item: item && { layer: item[1], id: Number(item[2]) },
    show: list("show"),
    hide: list("hide"),
    off: list("off"),
  };
}

// What a tool has in the address; null where it has nothing.
export function part(name) {
  return new URLSearchParams(location.hash.slice(1)).get(name);
}

export function setPart(name, value) {
  const parts = new URLSearchParams(location.hash.slice(1));
  if (value) parts.set(name, value);
  else parts.delete(name);
  put([...parts].map(([key, said]) => `${key}=${said}`));
  write();
}

// Returns a function that writes the address anew; moving the map calls it too.
export function keepAddress(map, layers, details) {
  write = () => {
    const centre = map.getCenter();
    const parts = [`map=${map.getZoom()}/${centre.lat.toFixed(5)}/${centre.lng.toFixed(5)}`];
    const { show, hide, off } = layers.changed();
    if (show.length) parts.push(`show=${show}`);
    if (hide.length) parts.push(`hide=${hide}`);
    if (off.length) parts.push(`off=${off}`);
    if (details.shown) parts.push(`item=${details.shown.layer}/${details.shown.id}`);
    for (const [name, said] of new URLSearchParams(location.hash.slice(1))) {
      if (!OWN.includes(name)) parts.push(`${name}=${encodeURIComponent(said)}`);
    }
    put(parts);
  };
  map.on("moveend", write);
  return write;
}

function put(parts) {
  history.replaceState(history.state, "", `#${parts.join("&")}`);
}
