import assert from "node:assert/strict";
import { test } from "node:test";

import { cutAt, elapsedCount, grows, painted } from "../../browser/canvas/elapsed.js";

const GONE = null;
const POINTS = [[0, 0], [1, 0], [2, 0], [3, 0]];

function traceOf(customdata, mode = "lines", lag = 0) {
  return { mode, customdata, meta: { grows: lag } };
}

test("a trace grows where it says so, also without a lag", () => {
  assert.equal(grows(traceOf([])), true);
  assert.equal(grows({ mode: "lines", meta: { run: "Adam" } }), false);
  assert.equal(grows({ mode: "lines" }), false);
});

test("a line goes on from the last point that has come to pass", () => {
  const [past, later] = cutAt(traceOf([0, 1, 2, 3]), POINTS, 1);
  assert.deepEqual(past, [[0, 0], [1, 0], GONE, GONE]);
  assert.deepEqual(later, [GONE, [1, 0], [2, 0], [3, 0]]);
});

test("a mark is in one part alone, and keeps its place among the sizes", () => {
  const [past, later] = cutAt(traceOf([0, 1, 2, 3], "markers"), POINTS, 1);
  assert.deepEqual(past, [[0, 0], [1, 0], GONE, GONE]);
  assert.deepEqual(later, [GONE, GONE, [2, 0], [3, 0]]);
});

test("at the start only the start has come to pass, and at the end all has", () => {
  assert.deepEqual(cutAt(traceOf([0, 1, 2, 3], "markers"), POINTS, 0)[0], [[0, 0], GONE, GONE, GONE]);
  assert.deepEqual(cutAt(traceOf([0, 1, 2, 3], "markers"), POINTS, 3), [POINTS, [GONE, GONE, GONE, GONE]]);
});

test("a step that the frame cuts shows once its update is made", () => {
  const line = traceOf(Float32Array.of(0, 0.4, NaN, 1.7, 2));
  for (const [update, due] of [[0, 1], [1, 2], [2, 5], [9, 5]]) assert.equal(elapsedCount(line, update), due);
});

test("of a thinned run, what is drawn ends at its last point so far", () => {
  const line = traceOf([[0, 9, 9], [10, 9, 9], [50, 9, 9]], "lines+markers");
  for (const [update, due] of [[0, 1], [9, 1], [10, 2], [49, 2], [50, 3]]) assert.equal(elapsedCount(line, update), due);
});

test("what is known of an update once it is made comes so much later", () => {
  const line = traceOf([0, 1, 2], "lines", 1);
  for (const [update, due] of [[0, 0], [1, 1], [3, 3]]) assert.equal(elapsedCount(line, update), due);
});

test("without points there is nothing", () => {
  assert.deepEqual(cutAt(traceOf(undefined), [], 3), [[], []]);
});

test("as long as something is to come, what grows is painted, and what lies over it", () => {
  const traces = [
    { type: "contour" },
    { type: "scatter", mode: "markers", meta: {} },
    { type: "scatter", ...traceOf([0, 1]) },
    { type: "scatter", mode: "lines", meta: { run: "Adam", moves: 2 } },
    { type: "mesh3d" },
    { type: "scatter", mode: "markers", meta: { start: true } },
  ];
  assert.deepEqual([...painted(traces)], [2, 5]);
  assert.deepEqual([...painted(traces.slice(0, 2))], []);
});
