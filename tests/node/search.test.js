import assert from "node:assert/strict";
import { test } from "node:test";

import { armijo } from "../../browser/engine/search.js";

const bowl = (x, y) => x * x + y * y;

test("the first of the halved lengths that lowers the loss enough is taken", () => {
  assert.equal(armijo(bowl, 1, 0, 1, 2, 0, -2, 0, 8), 0.5);
  assert.equal(armijo(bowl, 1, 0, 1, 2, 0, -2, 0, 0.25), 0.25);
});

test("there is no length where numbers are not finite, and uphill none that is seen", () => {
  assert.ok(armijo(bowl, 1, 0, 1, 2, 0, 2, 0, 1) < 1e-15);
  for (const [value, slope, first] of [[NaN, 2, 1], [-Infinity, 2, 1], [1, NaN, 1], [1, Infinity, 1], [1, 2, NaN]]) {
    assert.equal(armijo(bowl, 1, 0, value, slope, 0, -2, 0, first), 0);
  }
  assert.equal(armijo(bowl, 1, 0, 1, 2, 0, NaN, -1, 1), 0);
});

test("a search from an infinite loss goes on until the loss is finite", () => {
  const wall = (x) => (x > 4 ? Infinity : x * x);
  assert.equal(armijo(wall, 5, 0, Infinity, 1, 0, -16, 0, 1), 1);
  assert.equal(armijo((x) => (x < 0 ? NaN : x), 1, 0, 1, 1, 0, -1, 0, 8), 1);
});

test("a direction whose square is no number has a slope", () => {
  assert.equal(armijo((x) => x, 0, 0, 0, 1e200, 0, -1e200, 0, 1), 0);
  assert.ok(armijo((x) => x * 1e-200, 0, 0, 0, 1e-200, 0, -1e-200, 0, 1) > 0);
});
