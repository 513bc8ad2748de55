// Lengths, bearings and areas on the ellipsoid of CGCS2000, from degrees [lon, lat]; metres, square metres, degrees.

const A = 6378137;
const F = 1 / 298.257222101;
const B = A * (1 - F);
const E2 = F * (2 - F);
const E = Math.sqrt(E2);
const RAD = Math.PI / 180;
const STEP_M = 50; // sides are followed in steps: between them a geodesic is as good as straight

// Vincenty's inverse: { length, bearing } of the way from one place to another; null for antipodes, where it fails.
export function way([lon1, lat1], [lon2, lat2]) {
  if (lon1 === lon2 && lat1 === lat2) return { length: 0, bearing: 0 };
  const l = (lon2 - lon1) * RAD;
  const [u1, u2] = [lat1, lat2].map((lat) => Math.atan((1 - F) * Math.tan(lat * RAD)));
  const [s1, c1, s2, c2] = [Math.sin(u1), Math.cos(u1), Math.sin(u2), Math.cos(u2)];
  let lambda = l;
  for (let round = 0; round < 100; round += 1) {
    const [sl, cl] = [Math.sin(lambda), Math.cos(lambda)];
    const ss = Math.hypot(c2 * sl, c1 * s2 - s1 * c2 * cl);
    const cs = s1 * s2 + c1 * c2 * cl;
    const sigma = Math.atan2(ss, cs);
    const sa = (c1 * c2 * sl) / ss;
    const c2a = 1 - sa * sa;
    const cm = c2a ? cs - (2 * s1 * s2) / c2a : 0;
    const c = (F / 16) * c2a * (4 + F * (4 - 3 * c2a));
    const next = l + (1 - c) * F * sa * (sigma + c * ss * (cm + c * cs * (2 * cm * cm - 1)));
    if (Math.abs(next - lambda) < 1e-13) {
      const k = (c2a * (A * A - B * B)) / (B * B);
      const big = 1 + (k / 16384) * (4096 + k * (k * (320 - 175 * k) - 768));
      const small = (k / 1024) * (256 + k * (k * (74 - 47 * k) - 128));
      const turn = small * ss * (cm + (small / 4) * (cs * (2 * cm * cm - 1) - (small / 6) * cm * (4 * ss * ss - 3) * (4 * cm * cm - 3)));
      const bearing = Math.atan2(c2 * sl, c1 * s2 - s1 * c2 * cl) / RAD;
      return { length: B * big * (sigma - turn), bearing: (bearing + 360) % 360 };
    }
    lambda = next;
  }
  return null;
}

export function lengthOf(line) {
  return line.slice(1).reduce((sum, place, i) => sum + (way(line[i], place)?.length ?? NaN), 0);
}

// The area of a polygon's rings, the first less the others.
export function areaOf([outer, ...holes]) {
  return ringArea(outer) - holes.reduce((sum, ring) => sum + ringArea(ring), 0);
}

// In the equal-area cylinder of the ellipsoid: x = lon, y = q(lat) / 2.
function ringArea(ring) {
  const [lon0, low] = [ring[0][0], q(Math.sin(ring[0][1] * RAD)) / 2]; // small numbers: nothing is lost by taking them apart
  const at = followed(ring).map(([lon, lat]) => [(lon - lon0) * RAD, q(Math.sin(lat * RAD)) / 2 - low]);
  let twice = 0;
  for (let i = 1; i < at.length; i += 1) twice += (at[i][0] - at[i - 1][0]) * (at[i][1] + at[i - 1][1]);
  return (Math.abs(twice) * A * A) / 2;
}

const q = (s) => (1 - E2) * (s / (1 - E2 * s * s) + Math.atanh(E * s) / E);

// The ring with places between its corners, along great circles.
function followed(ring) {
  const found = [ring[0]];
  for (let i = 1; i < ring.length; i += 1) {
    const [from, to] = [ring[i - 1], ring[i]].map(([lon, lat]) => [
      Math.cos(lat * RAD) * Math.cos(lon * RAD), Math.cos(lat * RAD) * Math.sin(lon * RAD), Math.sin(lat * RAD),
    ]);
    const steps = Math.min(1000, Math.ceil((way(ring[i - 1], ring[i])?.length ?? 0) / STEP_M));
    for (let step = 1; step < steps; step += 1) {
      const [x, y, z] = from.map((value, axis) => value + ((to[axis] - value) * step) / steps);
      found.push([Math.atan2(y, x) / RAD, Math.atan2(z, Math.hypot(x, y)) / RAD]);
    }
    found.push(ring[i]);
  }
  return found;
}

// A circle as a ring of 72 corners; radius in metres, small beside the earth.
export function circleRing([lon, lat], radius) {
  const s = Math.sin(lat * RAD);
  const w = Math.sqrt(1 - E2 * s * s);
  const [east, north] = [(A / w) * Math.cos(lat * RAD) * RAD, ((A * (1 - E2)) / w ** 3) * RAD];
  return Array.from({ length: 73 }, (_, i) => {
    const turn = ((i % 72) / 72) * 2 * Math.PI;
    return [lon + (radius * Math.sin(turn)) / east, lat + (radius * Math.cos(turn)) / north];
  });
}

// ---- As words -------------------------------------------------------------------------------------------

const number = (value, digits) => value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: digits });

export const asLength = (m) => (m < 1000 ? `${number(m, m < 10 ? 2 : 1)} m` : `${number(m / 1000, m < 10_000 ? 3 : 2)} km`);

export function asArea(m2) {
  if (m2 < 10_000) return `${number(m2, m2 < 100 ? 2 : 0)} m²`;
  return m2 < 1e6 ? `${number(m2 / 10_000, 2)} ha` : `${number(m2 / 1e6, 3)} km²`;
}

export const asBearing = (degrees) => `${degrees.toFixed(1)}°`;
