// The address bar holds what is seen: #map=zoom/lat/lon&hide=layers&show=layers&off=classes&item=layer/id

const VIEW = /^(\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)\/(-?\d+(?:\.\d+)?)$/;
const ITEM = /^(\w+)\/(\d+)$/;

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

// Returns a function that writes the address anew; moving the map calls it too.
export function keepAddress(map, layers, details) {
  const write = () => {
    const centre = map.getCenter();
    const parts = [`map=${map.getZoom()}/${centre.lat.toFixed(5)}/${centre.lng.toFixed(5)}`];
    const { show, hide, off } = layers.changed();
    if (show.length) parts.push(`show=${show}`);
    if (hide.length) parts.push(`hide=${hide}`);
    if (off.length) parts.push(`off=${off}`);
    if (details.shown) parts.push(`item=${details.shown.layer}/${details.shown.id}`);
    history.replaceState(history.state, "", `#${parts.join("&")}`);
  };
  map.on("moveend", write);
  return write;
}
