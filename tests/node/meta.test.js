import assert from "node:assert/strict";
import { test } from "node:test";

import { hasCursor, isAbove, isStart, isThinned, linkOf, movesOf, runOf } from "../../browser/canvas/meta.js";

test("a trace without meta belongs to nothing, and nothing moves along it", () => {
  for (const trace of [{}, { meta: undefined }, { meta: null }, { meta: {} }]) {
    assert.equal(runOf(trace), undefined);
    assert.deepEqual([hasCursor, isAbove, isThinned, isStart].map((is) => is(trace)), [false, false, false, false]);
    assert.deepEqual([movesOf(trace), linkOf(trace)], [null, null]);
  }
});

test("what moves has a count, its colours and perhaps a tip", () => {
  const meta = { run: "Adam", moves: 3, color: "blue", rim: "white" };
  assert.deepEqual(movesOf({ meta }), { count: 3, color: "blue", rim: "white", hasTip: false });
  assert.equal(movesOf({ meta: { ...meta, arrow: true } }).hasTip, true);
});

test("what is linked has a light, and perhaps a tail", () => {
  const meta = { link: "examples", light: "red", tail: [0, 0] };
  assert.deepEqual(linkOf({ meta }), meta);
});
