// Plane geometry in metres around a place: exact enough for a street, where a degree is straight.

const DEGREE_M = 111_320;

// A plane with its origin at [lon, lat]: to metres east and north, and back.
export function plane([lon, lat]) {
  const east = DEGREE_M * Math.cos((lat * Math.PI) / 180);
  return {
    to: ([x, y]) => [(x - lon) * east, (y - lat) * DEGREE_M],
    back: ([x, y]) => [lon + x / east, lat + y / DEGREE_M],
  };
}

export const middle = (line) => {
  const [first, last] = [line[0], line.at(-1)];
  return [(first[0] + last[0]) / 2, (first[1] + last[1]) / 2];
};

export function lengthM(line) {
  const { to } = plane(line[0]);
  const at = line.map(to);
  return at.slice(1).reduce((sum, [x, y], i) => sum + Math.hypot(x - at[i][0], y - at[i][1]), 0);
}

export function shifted(line, [east, north]) {
  const { to, back } = plane(middle(line));
  return line.map((one) => {
    const [x, y] = to(one);
    return back([x + east, y + north]);
  });
}

// Turned around its middle, anticlockwise.
export function turned(line, radians) {
  const { to, back } = plane(middle(line));
  const [sin, cos] = [Math.sin(radians), Math.cos(radians)];
  return line.map((one) => {
    const [x, y] = to(one);
    return back([x * cos - y * sin, x * sin + y * cos]);
  });
}

// The unit vector along a line, first to last point; east where the two are one.
export function directionOf(line) {
  const [x, y] = plane(line[0]).to(line.at(-1));
  const length = Math.hypot(x, y);
  return length ? [x / length, y / length] : [1, 0];
}

// The nearest place of some lines to a point: { point, direction, distance_m, line }, or null without lines.
export function nearestOn(lines, point) {
  const { to, back } = plane(point);
  let best = null;
  for (const line of lines) {
    const at = line.coordinates.map(to);
    for (let i = 1; i < at.length; i += 1) {
      const [[ax, ay], [bx, by]] = [at[i - 1], at[i]];
      const [dx, dy] = [bx - ax, by - ay];
      const square = dx * dx + dy * dy;
      if (!square) continue;
      const part = Math.max(0, Math.min(1, -(ax * dx + ay * dy) / square));
      const foot = [ax + part * dx, ay + part * dy];
      const distance = Math.hypot(...foot);
      if (best && distance >= best.distance_m) continue;
      const length = Math.sqrt(square);
      best = { point: back(foot), direction: [dx / length, dy / length], distance_m: distance, line };
    }
  }
  return best;
}

// Sections are read from west to east, those that run north to south from the north: as the sheets do.
export function asRead(line) {
  const [east, north] = directionOf(line);
  return east < -0.05 || (Math.abs(east) <= 0.05 && north > 0) ? [...line].reverse() : line;
}
