// Runs that depend on the last digit of their numbers are told from those that do not.

import assert from "node:assert/strict";
import { test } from "node:test";

import { departure, nudges } from "../../browser/engine/sensitivity.js";

const path = (...points) => ({ rows: Float64Array.from(points.flat()), width: 2, count: points.length });

test("a nudge is an ulp up or down, and always the same", () => {
  const [first, second] = nudges(1000);
  const before = [...first.slice(0, 10)];
  assert.deepEqual([...nudges(2000)[0].slice(0, 10)], before);
  for (const table of [first, second]) {
    assert.ok(table.every((factor) => Math.abs(factor - 1) === Number.EPSILON));
    const up = table.slice(0, 1000).filter((factor) => factor > 1).length;
    assert.ok(up > 400 && up < 600, `${up} of 1000`);
  }
  assert.notDeepEqual(first.slice(0, 50), second.slice(0, 50));
});

test("the departure is relative to the largest coordinate so far", () => {
  assert.equal(departure(path([1, 0], [0, 0]), path([1, 0], [0, 0.5])), 0.5);
  assert.equal(departure(path([0, 4], [0, 0]), path([0, 4], [0.5, 0])), 0.125);
  assert.equal(departure(path([1, 2]), path([1, 2])), 0);
});

test("a path that is not finite is compared up to there, and one that diverges sooner is infinitely far away", () => {
  assert.equal(departure(path([1, 1], [NaN, 1], [5, 5]), path([1, 1], [0, 0], [0, 0])), 0);
  assert.equal(departure(path([1, 1], [2, 2]), path([1, 1], [Infinity, 2])), Infinity);
  assert.equal(departure(path([0, 0], [1, 1]), path([0, 0], [NaN, 1])), Infinity);
});
