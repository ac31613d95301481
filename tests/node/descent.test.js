import assert from "node:assert/strict";
import { test } from "node:test";

import { Engine } from "../../browser/engine/descent.js";

const bowl = {
  values: [["input", "theta1"], ["input", "theta2"], ["square", 0], ["square", 1], ["add", 2, 3], ["constant", 2],
    ["multiply", 5, 0], ["multiply", 5, 1]],
  outputs: { value: 4, gradient1: 6, gradient2: 7 },
};
const momentum = {
  program: {
    values: [["input", "theta1"], ["input", "theta2"], ["input", "gradient1"], ["input", "gradient2"],
      ["input", "velocity1"], ["input", "velocity2"], ["input", "momentum"], ["input", "scheduled_learning_rate"],
      ["multiply", 6, 4], ["add", 8, 2], ["multiply", 6, 5], ["add", 10, 3],
      ["multiply", 7, 9], ["subtract", 0, 12], ["multiply", 7, 11], ["subtract", 1, 14]],
    outputs: { theta1: 13, theta2: 15, velocity1: 9, velocity2: 11 },
  },
  carried: ["theta1", "theta2", "velocity1", "velocity2"],
  shown: [],
  asked: ["gradient"],
  search: null,
  first: { velocity1: 0, velocity2: "momentum" },
};
const inverse = {
  values: [["input", "update"], ["input", "decay"], ["constant", 1], ["multiply", 0, 1], ["add", 2, 3], ["divide", 2, 4],
    ["input", "learning_rate"], ["multiply", 5, 6]],
  outputs: { scheduled_learning_rate: 7 },
};

function dataOf(changes = {}) {
  return {
    surface: { program: bowl, mends: null, examples: null },
    noise: null,
    equations: [momentum],
    schedules: [inverse],
    rules: { Ball: { equations: 0, schedule: null, values: { learning_rate: 0.25, momentum: 0 } } },
    waiting: {},
    start: [1, 0],
    steps: 2,
    ...changes,
  };
}

function column({ columns, rows, count }, name) {
  return Array.from({ length: count }, (_, row) => rows[row * columns.length + columns.indexOf(name)]);
}

test("a run records the point, what is remembered, and the loss", () => {
  const run = new Engine(dataOf()).run("Ball");
  assert.deepEqual(run.columns, [
    ...["theta1", "theta2", "velocity1", "velocity2", "value", "gradient1", "gradient2"],
  ]);
  assert.deepEqual(column(run, "theta1"), [1, 0.5, 0.25]);
  assert.deepEqual(column(run, "value"), [1, 0.25, 0.0625]);
  assert.deepEqual(column(run, "velocity1"), [0, 2, 1]);
  assert.equal(run.divergedAt, -1);
});

test("start, steps and hyperparameters are changed without new data", () => {
  const engine = new Engine(dataOf());
  const values = { learning_rate: 0.5, momentum: 0.5, stranger: 1 };
  const run = engine.run("Ball", { start: [2, 1], steps: 1, values });
  assert.deepEqual(column(run, "theta1"), [2, 0]);
  assert.deepEqual(column(run, "velocity2"), [0.5, 2.25]);
  assert.deepEqual(column(engine.run("Ball"), "theta1"), [1, 0.5, 0.25]);
});

test("a schedule gives every update its rate", () => {
  const rules = { Ball: { equations: 0, schedule: { program: 0, values: { decay: 1 } }, values: { learning_rate: 0.25, momentum: 0 } } };
  const engine = new Engine(dataOf({ rules }));
  assert.deepEqual(column(engine.run("Ball"), "theta1"), [1, 0.5, 0.375]);
  assert.deepEqual(column(engine.run("Ball", { schedule: { decay: 0 } }), "theta1"), [1, 0.5, 0.25]);
});

test("a run that diverges says when", () => {
  const run = new Engine(dataOf()).run("Ball", { steps: 400, values: { learning_rate: 1e3 } });
  assert.ok(run.divergedAt > 10 && run.divergedAt < 100);
  assert.equal(column(run, "value").findIndex((value) => !Number.isFinite(value)), run.divergedAt);
});

test("a sweep over rates keeps the end of each run", () => {
  const engine = new Engine(dataOf()), rates = [0.1, 0.25, 1e200];
  const { theta1, value, divergedAt } = engine.sweep("Ball", rates);
  rates.slice(0, 2).forEach((rate, place) => {
    const run = engine.run("Ball", { values: { learning_rate: rate } });
    assert.equal(theta1[place], column(run, "theta1").at(-1));
    assert.equal(value[place], column(run, "value").at(-1));
  });
  assert.deepEqual([...divergedAt], [-1, -1, 1]);
});

test("a sweep tells when each run has come near to the lowest loss and stays there", () => {
  const engine = new Engine(dataOf({ steps: 40 })), rates = [0.25, 0.01, 1e200];
  const goal = { lowest: 0, share: 1e-3, rounding: 0 };
  const { arrival } = engine.sweep("Ball", rates, { goal });
  const values = column(engine.run("Ball"), "value"), near = (value) => value <= 1e-3 * values[0];
  assert.ok(arrival[0] > 0 && near(values[arrival[0]]) && !near(values[arrival[0] - 1]));
  assert.deepEqual([...arrival].slice(1), [-1, -1]);
  assert.deepEqual([...engine.sweep("Ball", rates).arrival], [-1, -1, -1]);
});

test("noise tilts what the rule sees and not what is recorded", () => {
  const engine = new Engine(dataOf({ noise: { slopes: [[1, 0, 0], [0, 0, 0]], strength: 2 } }));
  const run = engine.run("Ball");
  assert.deepEqual(column(run, "theta1"), [1, 0, 0]);
  assert.deepEqual(column(run, "gradient1"), [2, 0, 0]);
  assert.deepEqual(column(run, "seen_gradient1"), [4, 0, 0]);
  assert.throws(() => engine.run("Ball", { steps: 3 }), /known for 2 updates/);
  const seen = (options) => column(engine.run("Ball", options), "seen_gradient1")[0];
  assert.deepEqual([0, 5, undefined].map((noise) => seen({ noise })), [2, 7, 4]);
  const [none, usual] = [{ noise: 0 }, {}].map((options) => engine.sweep("Ball", [0.25], options).theta1[0]);
  assert.equal(none, column(engine.run("Ball", { noise: 0 }), "theta1").at(-1));
  assert.notEqual(none, usual);
});

test("examples are summed or averaged, all of them or those that an update sees", () => {
  const example = {
    values: [["input", "theta1"], ["input", "column0"], ["subtract", 0, 1], ["square", 2], ["constant", 2],
      ["multiply", 4, 2], ["constant", 0]],
    outputs: { value: 3, gradient1: 5, gradient2: 6 },
  };
  const examples = { program: example, columns: [[0, 2, 4]], reduction: "mean" };
  const surface = { program: null, mends: null, examples };
  const run = new Engine(dataOf({ surface })).run("Ball");
  assert.deepEqual(column(run, "gradient1"), [-2, -1, -0.5]);
  const sampled = new Engine(dataOf({ surface, noise: { indices: [[0], [1, 2], [0]] } })).run("Ball");
  assert.deepEqual(column(sampled, "seen_gradient1"), [2, -5, 3.5]);
  const sum = { ...examples, reduction: "sum" };
  const summed = new Engine(dataOf({ surface: { program: null, mends: null, examples: sum } })).run("Ball");
  assert.equal(column(summed, "gradient1")[0], -6);
});

test("a derivative that is no number is the limit from both sides", () => {
  // |theta1|^1.5, whose slope by the rules of calculus is 0/0 at 0.
  const tip = {
    values: [["input", "theta1"], ["absolute", 0], ["constant", 1.5], ["power", 1, 2], ["divide", 3, 0], ["constant", 0],
      ["multiply", 2, 4]],
    outputs: { value: 3, gradient1: 6, gradient2: 5 },
  };
  const surface = { program: tip, mends: 10, examples: null };
  const run = new Engine(dataOf({ surface, start: [0, 0] })).run("Ball");
  assert.ok(column(run, "gradient1").every((slope) => Math.abs(slope) < 1e-2));
  assert.equal(run.divergedAt, -1);
});
