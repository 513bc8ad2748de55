// Scales of a drawn map on paper, where a pixel of CSS is 1/96 inch.

const A = 6378137;
const E2 = 0.00669438002290;
const PIXEL_M = 0.0254 / 96;
const TILE_PX = 512;

// Web Mercator stretches east and north a little differently on the ellipsoid: the mean of both, at a latitude.
// The difference is under 0.4 %, so the scale is true within 0.2 % in every direction.
function ground(lat) {
  const phi = (lat * Math.PI) / 180;
  const w = 1 - E2 * Math.sin(phi) ** 2;
  const [east, north] = [A / Math.sqrt(w), (A * (1 - E2)) / w ** 1.5]; // radii of curvature
  return (Math.sqrt(east * north) / A) * Math.cos(phi);
}

// zoom: of tiles of 512 px
export const metresPerPixel = (zoom, lat) => (ground(lat) * 2 * Math.PI * A) / (TILE_PX * 2 ** zoom);

export const zoomFor = (scale, lat) => Math.log2((ground(lat) * 2 * Math.PI * A) / (TILE_PX * scale * PIXEL_M));

// The next rounder scale that shows no less.
export function niceScale(scale) {
  const power = 10 ** Math.floor(Math.log10(scale));
  return [1, 2, 2.5, 5, 10].map((step) => step * power).find((nice) => nice >= scale * 0.999);
}

// Draws a bar of four parts, 30 to 75 mm long, into an SVG.
export function scaleBar(svg, scale) {
  if (!(scale > 0)) return;
  const most = 0.075 * scale;
  const power = 10 ** Math.floor(Math.log10(most));
  const whole = [5, 4, 2, 1].map((step) => step * power).find((length) => length <= most);
  const px = whole / scale / PIXEL_M;
  const [unit, per] = whole >= 1000 ? ["km", 1000] : ["m", 1];
  const part = px / 4;
  const boxes = [0, 1, 2, 3].map((i) => `<rect x="${(8 + i * part).toFixed(2)}" y="16" width="${part.toFixed(2)}" height="5" fill="${i % 2 ? "#fff" : "#16232b"}" stroke="#16232b" stroke-width="0.7"/>`);
  const marks = [0, 2, 4].map((i) => `<text x="${(8 + i * part).toFixed(2)}" y="12" font-size="10.5" text-anchor="middle">${Number(((whole * i) / 4 / per).toPrecision(6))}${i === 4 ? ` ${unit}` : ""}</text>`);
  svg.setAttribute("width", String(Math.ceil(px + 40)));
  svg.innerHTML = boxes.join("") + marks.join("");
}
