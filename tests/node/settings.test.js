import assert from "node:assert/strict";
import test from "node:test";

import {
  chosenRule, chosenUpdate, END, onSurface, resetOf, surfaceNameIn, withChanges,
} from "../../browser/page/settings.js";

const plain = {
  surface: "bowl", start: [1, 2], optimizers: ["Adam", "Newton"], learning_rate: 0.1, same_rate: true, updates: 10,
  schedule: "Constant", noise: 0, seed: 0, heights: "spaced", arrows: false, circle: false, rule: "", update: END,
  values: {},
};
const booth = { name: "booth", defaults: { ...plain, surface: "booth", start: [3, 4], learning_rate: 0.02 } };

test("the update and the rule that are worked out", () => {
  const worked = [[END, 10], [0, 1], [1, 1], [7, 7]];
  for (const [update, expected] of worked) assert.equal(chosenUpdate({ ...plain, update }), expected);
  assert.equal(chosenRule(plain), "Adam");
  assert.equal(chosenRule({ ...plain, rule: "Newton" }), "Newton");
  assert.equal(chosenRule({ ...plain, optimizers: [] }), "");
});

test("another surface brings its start and its rate, keeps the rest and shows the end", () => {
  const before = withChanges(plain, { update: 3, noise: 0.5, "Adam.beta1": 0.5 });
  assert.deepEqual(onSurface(before, booth), {
    ...plain, surface: "booth", start: [3, 4], learning_rate: 0.02, noise: 0.5, values: { "Adam.beta1": 0.5 },
  });
  assert.deepEqual(resetOf(booth), booth.defaults);
});

test("settings do not change in place", () => {
  const changed = withChanges(plain, { seed: 1 });
  for (const part of [changed, changed.start, changed.optimizers, changed.values]) assert(Object.isFrozen(part));
  assert.equal(plain.seed, 0);
});

test("a page that does not hold what a link asks for opens with what it has", () => {
  const held = { surfaces: { bowl: "Bowl", booth: "Booth" }, defaults: { surface: "booth" } };
  assert.equal(surfaceNameIn({ surface: "bowl" }, held), "bowl");
  for (const query of [{}, { surface: "ackley" }, { surface: "constructor" }]) {
    assert.equal(surfaceNameIn(query, held), "booth");
  }
  assert.equal(surfaceNameIn({}, { ...held, surfaces: { bowl: "Bowl" } }), "bowl");
});
