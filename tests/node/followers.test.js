import assert from "node:assert/strict";
import { test } from "node:test";

import { Followers, lastFinite } from "../../browser/canvas/followers.js";

const COLUMNS = {
  theta1: Float64Array.of(0, 1, 4), theta2: Float64Array.of(0, 2, 0), value: Float64Array.of(9, 4, 1), update: Float64Array.of(0, 1, 2),
};
const ROWS = { count: 3, column: (name) => COLUMNS[name] };
const RUNS = {
  rows: (run) => (run === "Adam" ? ROWS : null),
  sweep: (_run, rates) => ({ count: rates.length, column: (name) => ({ learning_rate: rates, value: rates.map((rate) => rate ** 2) })[name] }),
  start: ({ start1, start2 }) => [start1, start2],
  value: (theta1, theta2) => theta1 + 10 * theta2,
};
const WHERE = { run: "Adam", frame: [[-1, 2], [-5, 5]], now: 1 };
const INPUTS = { start1: 3, start2: 4, lift: 0.5, k: 2 };
const followers = new Followers(RUNS);
const of = (follows, inputs = INPUTS, where = WHERE) => followers.of(follows, where, inputs);
// y = value + lift
const LIFTED = { values: [["input", "value"], ["input", "lift"], ["add", 0, 1]], outputs: { y: 2 } };

test("without a program, a run shows its points", () => {
  const { outputs } = of({ rows: "run" });
  assert.deepEqual([[...outputs.x], [...outputs.y]], [[0, 1, 4], [0, 2, 0]]);
});

test("a program takes columns of the rows, then inputs", () => {
  assert.deepEqual([...of({ rows: "run", program: LIFTED }).outputs.y], [9.5, 4.5, 1.5]);
  assert.deepEqual([...of({ rows: "run", program: LIFTED }, { ...INPUTS, lift: 1 }).outputs.y], [10, 5, 2]);
});

test("an input that nobody knows is no number", () => {
  assert.ok(of({ rows: "once", program: LIFTED }).outputs.y.every(Number.isNaN));
});

test("one row is the one before an update, or the one of the shared time", () => {
  const step = { values: [["input", "next_theta1"], ["input", "theta1"], ["subtract", 0, 1]], outputs: { x: 2 } };
  assert.deepEqual([...of({ rows: "row", program: step, update: "k" }).outputs.x], [3]);
  assert.deepEqual([...of({ rows: "row", program: step }).outputs.x], [3]);
  assert.deepEqual([...of({ rows: "row", program: step, update: "k" }, { ...INPUTS, k: 1 }).outputs.x], [1]);
  assert.equal(of({ rows: "row", program: step, update: "k" }, { ...INPUTS, k: 9 }), null);
});

test("a table's rows have the other numbers of the present row", () => {
  const program = { values: [["input", "x"], ["input", "theta1"], ["multiply", 0, 1]], outputs: { y: 2 } };
  assert.deepEqual([...of({ rows: "table", program, table: { x: [1, 2, 3] }, update: "k" }).outputs.y], [1, 2, 3]);
});

test("start, end, exits and path", () => {
  assert.deepEqual(Object.values(of({ rows: "start" }).outputs).map(([number]) => number), [3, 4]);
  assert.deepEqual(Object.values(of({ rows: "end" }).outputs).map(([number]) => number), [4, 0]);
  const left = of({ rows: "exits" });
  assert.deepEqual([left.rows.count, left.outputs.x[0], [...left.rows.column("update")]], [1, 2, [2]]);
  const path = of({ rows: "path", program: LIFTED });
  assert.equal(path.outputs.y[0], 0.5);
  assert.ok(path.rows.count > 3 && path.rows.column("theta1").every((theta1) => theta1 <= 2));
});

test("of a thinned run some updates are drawn, which keep their numbers", () => {
  const { rows, outputs } = of({ rows: "run", updates: [0, 2, 7] });
  assert.deepEqual([rows.count, [...outputs.x], [...rows.column("update")]], [2, [0, 4], [0, 2]]);
  assert.equal(of({ rows: "exits", updates: [0, 2] }).rows.count, 0);
  assert.equal(of({ rows: "exits", updates: [1, 2] }).rows.count, 1);
  assert.equal(of({ rows: "row", updates: [0, 2] }).outputs.x[0], 1);
});

test("a path that goes far is drawn up to its exit, thinned or not; as a run it has all rows", () => {
  const numbers = Float64Array.of(0, 1, 5, -9, 900, NaN);
  const gone = { count: 6, column: (name) => (name === "update" ? Float64Array.of(0, 1, 2, 3, 4, 5) : numbers) };
  const others = new Followers({ ...RUNS, rows: () => gone });
  const at = (follows) => others.of(follows, WHERE, INPUTS).rows;
  assert.deepEqual([at({ rows: "run" }).count, at({ rows: "seen" }).count, at({ rows: "seen" }).until], [6, 3, 2]);
  const thinned = at({ rows: "seen", updates: [0, 3, 5] });
  assert.deepEqual([[...thinned.column("update")], thinned.until], [[0, 1, 2], 2]);
  for (const follows of [{ rows: "exits" }, { rows: "exits", updates: [0, 3, 5] }]) {
    assert.deepEqual([[...at(follows).column("update")], at(follows).until], [[2], 2]);
  }
  assert.ok(at({ rows: "path" }).column("theta1").every((theta1) => theta1 >= 0));
});

test("a sweep has a row for every rate", () => {
  assert.deepEqual([...of({ rows: "sweep", program: LIFTED, table: { learning_rate: [1, 2] } }).outputs.y], [1.5, 4.5]);
});

test("a run that is made by the server alone shows nothing", () => {
  for (const rows of ["run", "path", "end", "exits", "row"]) assert.equal(of({ rows }, INPUTS, { ...WHERE, run: "Own" }), null);
});

test("the last finite point", () => {
  const theta1 = Float64Array.of(0, 1, Infinity);
  assert.equal(lastFinite({ count: 3, column: () => theta1 }), 1);
});
