// The style of the map for a dark room: paper becomes night, ink becomes light, strong colours stay what they mean.

const COLOUR = /^(#[0-9a-f]{3,8}|rgba?\([^)]*\))$/i;
const PALE = 0.75; // lightness from which a colour is ground
const GREY = 0.25; // saturation below which it is ink or paper
const READABLE = 0.55; // the least lightness of a strong colour on the dark

export function dark(style) {
  for (const layer of style.layers) {
    for (const [name, value] of Object.entries(layer.paint ?? {})) {
      if (name.endsWith("-color")) layer.paint[name] = changed(value);
    }
  }
  return style;
}

function changed(value) {
  if (Array.isArray(value)) return value.map(changed);
  return typeof value === "string" && COLOUR.test(value) ? turned(value) : value;
}

function turned(text) {
  const [r, g, b, alpha] = channels(text);
  const [h, s, l] = hsl(r, g, b);
  const isGround = l > PALE || s < GREY;
  const lightness = isGround ? 0.1 + (1 - l) * 0.85 : Math.max(l, READABLE);
  return `hsla(${h.toFixed(0)}, ${((isGround ? Math.min(s, 0.12) : s) * 100).toFixed(0)}%, ${(lightness * 100).toFixed(0)}%, ${alpha})`;
}

function channels(text) {
  if (text.startsWith("#")) {
    const digits = text.length < 6 ? [...text.slice(1)].map((one) => one + one).join("") : text.slice(1);
    const [r, g, b, a = 255] = digits.match(/../g).map((pair) => parseInt(pair, 16));
    return [r / 255, g / 255, b / 255, a / 255];
  }
  const [r, g, b, a = 1] = text.match(/[\d.]+/g).map(Number);
  return [r / 255, g / 255, b / 255, a];
}

function hsl(r, g, b) {
  const [most, least] = [Math.max(r, g, b), Math.min(r, g, b)];
  const [l, range] = [(most + least) / 2, most - least];
  if (!range) return [0, 0, l];
  const h = most === r ? ((g - b) / range + 6) % 6 : most === g ? (b - r) / range + 2 : (r - g) / range + 4;
  return [h * 60, range / (1 - Math.abs(2 * l - 1)), l];
}
