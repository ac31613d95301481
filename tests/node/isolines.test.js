import assert from "node:assert/strict";
import { test } from "node:test";

import { levelLines } from "../../browser/canvas/isolines.js";

// Nodes from -1 to 1 in both directions.
const ACROSS = 21;
const nodes = Array.from({ length: ACROSS * ACROSS }, (_, place) => [(place % ACROSS) / 10 - 1, Math.floor(place / ACROSS) / 10 - 1]);
const [x, y] = [0, 1].map((axis) => nodes.map((node) => node[axis]));
const over = (height, count) => levelLines({ x, y, z: nodes.map(([a, b]) => height(a, b)) }, { across: ACROSS, count });
const points = (lines) => lines.x.map((a, place) => [a, lines.y[place]]).filter(([a]) => !Number.isNaN(a));

test("the level lines of a plane are straight and evenly spaced", () => {
  const lines = over((a, b) => a + 0 * b, 3);
  assert.ok(points(lines).every(([a]) => [-0.5, 0, 0.5].some((level) => Math.abs(a - level) < 1e-12)));
  const middle = points(lines).filter(([a]) => Math.abs(a + 0.5) < 1e-12).map(([, b]) => b);
  assert.deepEqual([Math.min(...middle), Math.max(...middle)], [-1, 1]);
});

test("those of a bowl are circles, in pieces of two points", () => {
  const lines = over((a, b) => a * a + b * b, 1);
  assert.ok(points(lines).length > 50);
  assert.ok(points(lines).every(([a, b]) => Math.abs(Math.hypot(a, b) - 1) < 0.01));
  assert.ok(lines.x.every((a, place) => Number.isNaN(a) === (place % 3 === 2)));
});

test("a row's last node is no neighbour of the next row's first", () => {
  const longest = points(over((a) => a, 9)).reduce((most, [a, b], place, all) =>
    (place % 2 ? Math.max(most, Math.hypot(a - all[place - 1][0], b - all[place - 1][1])) : most), 0);
  assert.ok(longest < 0.15);
});

test("there are none where a node has no number, or all have the same", () => {
  assert.deepEqual(over((a) => (a > 0.9 ? NaN : a), 3).x, []);
  assert.deepEqual(over((a) => (a > 0.9 ? Infinity : a), 3).x, []);
  assert.deepEqual(over(() => 7, 3).x, []);
});
