import assert from "node:assert/strict";
import { test } from "node:test";

import { digits, inWords, linesAt, rowAt } from "../../browser/canvas/readout.js";

const trace = (rows, meta = {}, more = {}) =>
  ({ customdata: rows.map((row) => Float64Array.from(row)), meta, ...more });
const FINE = [0, 1, 2, 3, 4];

for (const [rows, index, thinned, due] of [
  [[FINE], 0, false, ": θ = (1, 2), L = 3, |∇L| = 4"],
  [[FINE], 0, true, ", update 0: θ = (1, 2), L = 3, |∇L| = 4"],
  [[FINE, [1, NaN, 0, NaN, NaN]], 1, false, ": diverged at update 1; its numbers are too large for a computer"],
  [[FINE, [1, -7, 8, Infinity, NaN], [2, NaN, NaN, NaN, NaN]], 2, false,
    ": diverged at update 1; the loss is too large for a computer at θ = (−7, 8)"],
  [[FINE, [1, -7, 8, NaN, NaN]], 1, false, ": diverged at update 1; the loss has no value at θ = (−7, 8)"],
  [[FINE, [9, -7, 8, 5, NaN]], 1, true, ": diverged by update 9; the slope has no value at θ = (−7, 8)"],
  [[[0, 1, 2, NaN, NaN]], 0, false, ": the loss has no value at the start θ = (1, 2)"],
]) {
  test(`the readout says${due}`, () => assert.equal(inWords(trace(rows, { thinned }), index, "update"), due));
}

for (const [value, due] of [
  [0, "0"], [-0, "0"], [1234.56, "1235"], [-0.5, "−0.5"], [99990, "99990"], [123456, "1.23e5"],
  [0.00012345, "1.23e−4"], [NaN, "NaN"], [Infinity, "Infinity"],
]) {
  test(`${value} is written ${due}`, () => assert.equal(digits(value), due));
}

test("an update is looked up among points of which some are missing", () => {
  const clipped = trace([[0], [1], [4], [5]]);
  assert.deepEqual([0, 1, 2, 4, 5, 9].map((update) => rowAt(clipped, update)), [0, 1, null, 2, 3, null]);
  const thinned = trace([[0], [10], [100]], { thinned: true });
  assert.deepEqual([0, 9, 10, 99, 100, 500].map((update) => rowAt(thinned, update)), [0, 0, 1, 1, 2, 2]);
  const ended = trace([[0], [10], [100]], { thinned: true, until: 101 });
  assert.deepEqual([99, 100, 101, 500].map((update) => rowAt(ended, update)), [1, 2, null, null]);
  assert.equal(rowAt({ customdata: undefined, meta: {} }, 0), null);
});

test("every run has a line once, in the order in which the runs come", () => {
  const cursor = (run, rows, color) => trace(rows, { run, cursor: true }, { name: run, marker: { color } });
  const traces = [
    cursor("Adam", [[1, 9, 9, 9, 9]], "blue"),
    cursor("Momentum", [FINE], "green"),
    cursor("Adam", [FINE], "black"),
    trace([FINE], { run: "Newton" }, { name: "Newton" }),
  ];
  const lines = linesAt(traces, 0, "update");
  assert.deepEqual(lines.map(({ color }) => color), ["black", "green"]);
  assert.equal(lines[0].text, "Adam: θ = (1, 2), L = 3, |∇L| = 4");
});
