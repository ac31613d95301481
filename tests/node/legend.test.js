import assert from "node:assert/strict";
import { test } from "node:test";

import { hiddenBy, named } from "../../browser/canvas/legend.js";

const of = (run, name, more = {}) => ({ name, meta: { run }, ...more });

test("the legend names every curve once, also where a run has several, and leaves out what has no place in it", () => {
  const data = [
    of("Adam", "Adam, θ₁"), of("Adam", "Adam, θ₂"), of("Adam", "Adam, θ₂"), of("Adam", "mark", { showlegend: false }),
    { name: "goal" }, of("Adam", undefined),
  ];
  const shown = named({ data, layout: { showlegend: true } });
  assert.deepEqual(shown.map(({ name }) => name), ["Adam, θ₁", "Adam, θ₂", "goal"]);
  assert.deepEqual(shown.map(hiddenBy), ["Adam", "Adam", "goal"]);
  assert.deepEqual(named({ data, layout: {} }), []);
});
