// A glow is told by its own picture: the darkest colour stands where most lies of what is seen, whether that is
// ten cases or ten thousand.

const SHARE = 0.95; // of the counts in view lie at or below what is drawn darkest
const CHANGED = 0.15; // less is not worth drawing anew

export function scaleHeat(gl) {
  const glows = gl.getStyle().layers.filter((layer) => layer.type === "heatmap");
  const drawn = new Map();
  gl.on("idle", () => {
    for (const { id, source, "source-layer": name } of glows) {
      if (gl.getLayoutProperty(id, "visibility") === "none") continue;
      const most = usualMost(gl.querySourceFeatures(source, { sourceLayer: name }));
      const before = drawn.get(id);
      if (!most || (before && Math.abs(most - before) / before < CHANGED)) continue;
      drawn.set(id, most);
      gl.setPaintProperty(id, "heatmap-weight", ["min", 1, ["/", ["coalesce", ["get", "count"], 1], most]]);
    }
  });
}

function usualMost(features) {
  const counts = features.map((feature) => feature.properties.count ?? 1).sort((a, b) => a - b);
  return counts[Math.floor((counts.length - 1) * SHARE)];
}
