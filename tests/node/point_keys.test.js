import assert from "node:assert/strict";
import test from "node:test";

import { nextPixel } from "../../browser/canvas/point_keys.js";

// A picture whose pixels are ten times its coordinates, upside down, with room around its axes.
const plot = {
  inside: { x: 50, y: 20, width: 100, height: 200 },
  toPixel: (x, y) => [50 + 10 * x, 220 - 10 * y],
};
const both = [true, true];

test("a step is a share of its axis", () => {
  assert.deepEqual(nextPixel(plot, [5, 10], [1, 0], both, 0.01), [101, 120]);
  assert.deepEqual(nextPixel(plot, [5, 10], [0, 1], both, 0.01), [100, 118]);
  assert.deepEqual(nextPixel(plot, [5, 10], [0, -1], both, 0.1), [100, 140]);
});

test("a step does not leave the picture, and brings in what is outside along its own axis alone", () => {
  assert.deepEqual(nextPixel(plot, [9.95, 10], [1, 0], both, 0.01), [150, 120]);
  assert.deepEqual(nextPixel(plot, [0, 10], [-1, 0], both, 0.1), [50, 120]);
  assert.deepEqual(nextPixel(plot, [30, 40], [1, 0], both, 0.01), [150, -180]);
});

test("where one coordinate is set, all four keys move it", () => {
  assert.deepEqual(nextPixel(plot, [5, 3], [0, 1], [true, false], 0.01), [101, 190]);
  assert.deepEqual(nextPixel(plot, [5, 3], [-1, 0], [true, false], 0.01), [99, 190]);
});
