import assert from "node:assert/strict";
import { test } from "node:test";

import { beside } from "../../browser/canvas/labels.js";

const BOX = { x: 10, y: 20, width: 300, height: 200 };
const label = (x, y) => ({ at: [x, y], width: 100, height: 16 });

const isWithin = ({ x, y, width, height }) =>
  x >= BOX.x && x + width <= BOX.x + BOX.width && y >= BOX.y && y + height <= BOX.y + BOX.height;
const areApart = (one, other) => one.x + one.width <= other.x || other.x + other.width <= one.x
  || one.y + one.height <= other.y || other.y + other.height <= one.y;

test("a label stands to the right of its mark, and to the left of one at the right edge", () => {
  const [left, right] = beside([label(10, 100), label(310, 100)], BOX);
  assert.ok(left.x > 10 && left.x < 30 && left.y < 100 && left.y + left.height > 100);
  assert.ok(right.x + right.width < 310 && right.x + right.width > 290);
});

test("at an edge or in a corner, it stays in the box and off its mark", () => {
  for (const at of [[10, 20], [310, 20], [10, 220], [310, 220], [160, 20], [160, 220]]) {
    const [place] = beside([label(...at)], BOX);
    assert.ok(isWithin(place), String(at));
    assert.ok(areApart(place, { x: at[0] - 5, y: at[1] - 5, width: 10, height: 10 }), String(at));
  }
});

test("labels of marks at one place lie on each other nowhere", () => {
  for (const at of [[310, 100], [310, 22], [150, 220]]) {
    const places = beside([0, 1, 2, 3, 4].map(() => label(...at)), BOX);
    places.forEach((one, order) => {
      assert.ok(isWithin(one));
      for (const other of places.slice(order + 1)) assert.ok(areApart(one, other), String(at));
    });
  }
});

test("a label that is wider than the box begins where the box begins", () => {
  const [place] = beside([{ at: [310, 100], width: 500, height: 16 }], BOX);
  assert.equal(place.x, BOX.x);
});
