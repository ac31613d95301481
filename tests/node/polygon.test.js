import assert from "node:assert/strict";
import { test } from "node:test";

import { inBox } from "../../browser/canvas/polygon.js";

const BOX = [[-1, 1], [-1, 1], [0, 2]];
const square = (size, z) => ({ x: [-size, size, size, -size], y: [-size, -size, size, size], z: [z, z, z, z] });

test("what lies in the box stays as it is", () => {
  assert.deepEqual(inBox(square(0.5, 1), BOX), square(0.5, 1));
});

test("what is larger is cut at its sides", () => {
  const { x, y, z } = inBox(square(3, 1), BOX);
  const corners = new Set(x.map((first, place) => [first, y[place], z[place]].map((number) => number.toFixed(6)).join(" ")));
  assert.deepEqual([...corners].sort(), ["-1.000000 -1.000000 1.000000", "-1.000000 1.000000 1.000000",
    "1.000000 -1.000000 1.000000", "1.000000 1.000000 1.000000"]);
});

test("a slope is cut at the floor, where it meets it", () => {
  const { x, z } = inBox({ x: [-1, 1, 1, -1], y: [-1, -1, 1, 1], z: [-1, 1, 1, -1] }, BOX);
  assert.equal(Math.min(...z), 0);
  assert.equal(Math.min(...x), 0);
});

test("what lies outside, or has no numbers, leaves nothing", () => {
  assert.deepEqual(inBox(square(0.5, 3), BOX).x, []);
  assert.deepEqual(inBox(square(0.5, NaN), BOX).x, []);
});
