// A cut square to the nearest road, and the way along it.

import { asRead, directionOf, middle, nearestOn, plane, shifted, turned } from "./geo.js";
import { halfWidths } from "./words.js";

const REACH_M = 150; // farther from every road, nobody means the road
const SQUARE = 0.5; // sine of the least angle between a cut and the road it is moved along

// The cut through the road nearest to a place, or null where none is near.
export function cutHere(map, place) {
  const road = nearestOn(map.roads(), place);
  if (!road || road.distance_m > REACH_M) return null;
  const half = halfWidths[road.line.grade] ?? halfWidths.branch;
  const { back } = plane(road.point);
  const [east, north] = road.direction;
  return asRead([back([-north * half, east * half]), back([north * half, -east * half])]);
}

// A line moved along the street it crosses, turning with it; square to itself where there is no street.
export function movedAlong(map, line, metres) {
  const [east, north] = directionOf(line);
  const across = [-north, east];
  const roads = map.roads();
  const road = nearestOn(roads, middle(line));
  const sine = road ? Math.abs(east * road.direction[1] - north * road.direction[0]) : 0;
  if (!road || road.distance_m > REACH_M || sine < SQUARE) return shifted(line, across.map((one) => one * metres));
  const way = facing(road.direction, across);
  const there = shifted(line, way.map((one) => one * metres));
  const next = facing(nearestOn(roads, middle(there)).direction, way);
  const turn = Math.atan2(way[0] * next[1] - way[1] * next[0], way[0] * next[0] + way[1] * next[1]);
  // At a crossing the nearest road is another one: the line keeps its direction.
  return Math.abs(turn) < Math.PI / 6 ? turned(there, turn) : there;
}

const facing = (one, other) => (one[0] * other[0] + one[1] * other[1] < 0 ? one.map((part) => -part) : one);
