import assert from "node:assert/strict";
import { test } from "node:test";

import { dependsOn } from "../../browser/canvas/dependencies.js";

const LIVE = { start: ["start1", "start2"], bound: { Adam: { learning_rate: "rate", beta1: "beta" } } };
const PROGRAM = { values: [["input", "theta1"], ["input", "lift"], ["add", 0, 1]], outputs: { y: 2 } };
const INPUTS = ["start1", "start2", "rate", "beta", "lift", "k", "other"];
const moving = (meta) => INPUTS.filter((name) => dependsOn({ meta }, [name], LIVE));

test("a run depends on the start and on its own hyperparameters, whether it follows or not", () => {
  assert.deepEqual(moving({ run: "Adam" }), ["start1", "start2", "rate", "beta"]);
  assert.deepEqual(moving({ run: "small, η = 0.01" }), ["start1", "start2"]);
});

test("a program's inputs and the chosen update count, too", () => {
  assert.deepEqual(moving({ follows: { rows: "once", program: PROGRAM } }), ["lift"]);
  assert.deepEqual(moving({ run: "none", follows: { rows: "row", program: PROGRAM, update: "k" } }), ["start1", "start2", "lift", "k"]);
  assert.deepEqual(moving({ follows: { rows: "start" } }), ["start1", "start2"]);
});

test("a sweep over all rates does not depend on the rate of its run, the place of that rate does", () => {
  const table = { learning_rate: [1, 2] };
  assert.deepEqual(moving({ run: "Adam", follows: { rows: "sweep", table } }), ["start1", "start2", "beta"]);
  assert.deepEqual(moving({ run: "Adam", follows: { rows: "sweep" } }), ["start1", "start2", "rate", "beta"]);
});

test("what waits for the server waits for what moves it", () => {
  assert.deepEqual(moving({ waits: ["other"] }), ["other"]);
  assert.deepEqual(moving({ waits: [] }), INPUTS);
  assert.ok(!dependsOn({ meta: { waits: [] } }, [], LIVE));
  assert.deepEqual(moving(undefined), []);
});
