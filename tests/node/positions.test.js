import assert from "node:assert/strict";
import test from "node:test";

import { positionAfter, positionOf, written } from "../../browser/canvas/positions.js";

test("a number has its own position, or the one next to it", () => {
  assert.equal(positionOf(0.02, [0.01, 0.02, 0.05]), 1);
  assert.equal(positionOf(0.04, [0.01, 0.02, 0.05]), 2);
  assert.equal(positionOf(7, [0.01, 0.02, 0.05]), 2);
  assert.equal(positionOf(-7, [0.01]), 0);
});

test("a page is a tenth of the way, at least one position, and ends at the ends", () => {
  assert.equal(positionAfter("PageUp", 50, 141), 64);
  assert.equal(positionAfter("PageDown", 50, 141), 36);
  assert.equal(positionAfter("PageDown", 5, 141), 0);
  assert.equal(positionAfter("PageUp", 139, 141), 140);
  assert.equal(positionAfter("PageUp", 0, 3), 1);
  assert.equal(positionAfter("PageUp", 0, 1), 0);
});

test("the other keys are the browser's", () => {
  for (const key of ["ArrowLeft", "Home", "Tab", "a"]) assert.equal(positionAfter(key, 5, 141), null);
});

test("numbers are written as Python's .6g writes them", () => {
  const texts = {
    0: "0", 0.05: "0.05", 1e-4: "0.0001", 1e-5: "1e-05", 1.25e-10: "1.25e-10", 123456: "123456", 1e6: "1e+06",
    1234567: "1.23457e+06", 0.999: "0.999", "-0.5": "-0.5", "-3e-7": "-3e-07", 0.0123456789: "0.0123457", 999999.7: "1e+06",
  };
  for (const [number, text] of Object.entries(texts)) assert.equal(written(Number(number)), text);
});
