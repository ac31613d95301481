import assert from "node:assert/strict";
import { test } from "node:test";

import { outline, shapeOf } from "../../browser/canvas/marks.js";

const SYMBOLS = ["circle", "square", "diamond", "cross", "x", "star", "triangle-up", "triangle-down"];

test("every symbol has an outline of its own, with an inside or without", () => {
  assert.equal(new Set(SYMBOLS.map((symbol) => outline(symbol, 5))).size, SYMBOLS.length);
  for (const symbol of SYMBOLS) {
    assert.equal(outline(`${symbol}-open`, 5), outline(symbol, 5));
    assert.deepEqual([shapeOf(symbol).kind, shapeOf(`${symbol}-open`).kind], ["full", "open"]);
  }
});

test("an outline is closed, but for thin crosses, and grows with its size", () => {
  assert.equal(outline("square", 5), "M-5 -5L5 -5L5 5L-5 5Z");
  assert.equal(outline("square", 10), "M-10 -10L10 -10L10 10L-10 10Z");
  assert.equal(outline("circle", 5), "M5 0A5 5 0 1 1 -5 0A5 5 0 1 1 5 0Z");
  assert.equal(outline("x-thin", 1), "M-1 -1L1 1M-1 1L1 -1");
  assert.equal(outline("cross-thin", 1), "M-1 0L1 0M0 -1L0 1");
  assert.equal(shapeOf("x-thin").kind, "thin");
});
