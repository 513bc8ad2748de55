// A click, or Enter on the map that has the focus: the thing there, small things before large ones.

const ORDER = [
  "cases", "case_reports", "pipe_findings", "components", "pipe_points", "patrol_tracks", "pipe_segments",
  "unit_grids", "buildings", "roads", "duty_grids", "areas",
];
const REACH = matchMedia("(pointer: coarse)").matches ? 16 : 7; // px round the finger or the mouse

// What a thing is called in the list of what else lies there, from the little that the tiles carry.
function nameOf({ properties: has }) {
  const inEnglish = document.documentElement.lang === "en";
  const words = (inEnglish && (has.name_en || has.class_en)) || has.name_zh || has.class_zh || has.case_no || has.code || has.inspector || has.number;
  if (words) return words;
  const known = has.class_code && document.querySelector(`[data-class="${has.class_code}"]`);
  return known ? `${known.parentElement.textContent.trim()} ${has.size ?? ""}`.trim() : "";
}

export function picker(map, gl, layers, switches, details) {
  const drawn = () =>
    gl
      .getStyle()
      .layers.filter((layer) => layer.metadata?.["citygrid:layer"] && !layer["source-layer"].endsWith("_label"))
      .map((layer) => layer.id);

  const pick = (latlng) => {
    if (map.getContainer().hasAttribute("data-drawing")) return; // a corner, not a question
    const at = gl.project([latlng.lng, latlng.lat]);
    const box = [
      [at.x - REACH, at.y - REACH],
      [at.x + REACH, at.y + REACH],
    ];
    const near = gl.queryRenderedFeatures(box, { layers: drawn() });
    const bubble = near.find((feature) => feature.properties.count > 0);
    if (bubble) {
      const [lon, lat] = bubble.geometry.coordinates;
      map.setView([lat, lon], map.getZoom() + 2);
      return;
    }
    // Areas and fills only where the point itself lies in them, not beside it.
    const under = gl.queryRenderedFeatures(at, { layers: drawn() });
    const isLarge = (feature) => feature.geometry.type.endsWith("Polygon") || (feature.layer.type === "line" && isPolygonLayer(feature));
    const isPolygonLayer = (feature) => layers.find((layer) => layer.name === feature.source)?.shape === "polygon";
    const found = [...near.filter((feature) => !isLarge(feature)), ...under.filter(isLarge)]
      .filter((feature) => feature.id !== undefined && switches.isOn(feature.source))
      .map((feature) => ({ layer: feature.source, id: feature.id, name: nameOf(feature) }));
    const once = [...new Map(found.map((one) => [`${one.layer}/${one.id}`, one])).values()];
    once.sort((a, b) => ORDER.indexOf(a.layer) - ORDER.indexOf(b.layer));
    if (!once.length) return details.close();
    details.show(once[0].layer, once[0].id, { also: once.slice(1, 7) });
  };

  map.on("click", (event) => pick(event.latlng));
  const box = map.getContainer();
  box.addEventListener("keydown", (event) => {
    box.classList.add("map-keys");
    if (event.key === "Enter" && event.target === box) pick(map.getCenter());
  });
  box.addEventListener("pointerdown", () => box.classList.remove("map-keys"), true);
  map.on("mousemove", (event) => {
    const at = gl.project([event.latlng.lng, event.latlng.lat]);
    const hit = gl.queryRenderedFeatures(at, { layers: drawn() }).some((feature) => feature.layer.type !== "fill" && (feature.id !== undefined || feature.properties.count));
    map.getContainer().classList.toggle("map-hits", hit);
  });
}
