import assert from "node:assert/strict";
import { test } from "node:test";

import { cut, meant, projector, steppedBack, tipOf } from "../../browser/canvas/geometry.js";

const linear = (low, high, length) => (pixel) => low + ((high - low) * pixel) / length;
const logarithmic = (low, high, length) => (pixel) => 10 ** linear(low, high, length)(pixel);

for (const [valueOf, pixel, due] of [
  [linear(-6, 6, 400), 266.66666, 2],
  [linear(-6, 6, 400), 155, -1.35],
  [linear(0, 1e5, 300), 100, 33300],
  [linear(1, 1 + 1e-6, 300), 100, 1.000000333],
  [logarithmic(-5, 1, 600), 200, 0.001],
  [() => 7, 100, 7],
]) {
  test(`a click has as many digits as a pixel means: ${due}`, () => assert.equal(meant(valueOf, pixel), due));
}

for (const [points, drawn] of [
  [[[0, 10], [5, 20]], [[0, 10], [5, 20]]],
  [[[0, -1e80], [300, 2e80]], [[100, -1e5], [100, 1e5]]],
  [[[0, 1e80], [300, 2e80]], []],
  [[[0, 0], [10, 1e40], [20, 0]], [[0, 0], [0, 1e5], [20, 1e5], [20, 0]]],
]) {
  test(`a line with corners too far away is cut where it runs: ${points.join(" ")}`, () => {
    assert.equal(cut(points).length, drawn.length);
    cut(points).flat().forEach((number, index) => assert.ok(Math.abs(number - drawn.flat()[index]) <= 1e-9));
  });
}

// Column by column, as WebGL has them.
const moved = (x, y, z) => [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, x, y, z, 1];
const scaled = (factor) => [factor, 0, 0, 0, 0, factor, 0, 0, 0, 0, factor, 0, 0, 0, 0, 1];
// A pinhole camera with a right angle, looking down the third axis.
const pinhole = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, -1, -1, 0, 0, -2, 0];

test("a point in space is seen through model, view and projection, in this order", () => {
  const camera = { projection: pinhole, view: moved(0, 0, -4), model: scaled(2) };
  // (1, 0.5, 1) becomes (2, 1, 2), which lies 2 in front of the camera.
  assert.deepEqual(projector(camera)(1, 0.5, 1), [1, 0.5]);
  assert.deepEqual(projector(camera, [0.5, 2, 1])(2, 0.25, 1), [1, 0.5]);
  assert.deepEqual(projector({ ...camera, view: moved(1, 0, -4) })(0, 0, 0), [0.25, 0]);
});

test("the tip of an arrow lies along its last piece, and a dot has none", () => {
  assert.deepEqual(tipOf([[5, 5], [0, 0], [20, 0]]), [[24, 0], [8, 7], [8, -7]]);
  assert.deepEqual(tipOf([[0, 0], [2, 0]]), []);
  assert.deepEqual(tipOf([[0, 0]]), []);
});

test("a narrow picture is seen from further back, but not from anywhere", () => {
  const camera = { eye: { x: 1, y: 2, z: 3 }, center: { x: 0, y: 0, z: 1 } };
  assert.deepEqual(steppedBack(camera, { width: 500, height: 400 }), camera.eye);
  assert.deepEqual(steppedBack(camera, { width: 384, height: 500 }), { x: 17 / 14, y: 17 / 7, z: 1 + 17 / 7 });
  assert.deepEqual(steppedBack(camera, { width: 100, height: 400 }), { x: 1.4, y: 2.8, z: 3.8 });
});
