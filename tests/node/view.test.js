import assert from "node:assert/strict";
import { test } from "node:test";

import { viewOf } from "../../browser/canvas/view.js";

test("a view lasts for its key, and belongs to no other", () => {
  viewOf("one").begin("booth", 30);
  assert.equal(viewOf("one").clock.now, 30);
  assert.equal(viewOf("other").clock.now, 0);
});

test("what was chosen stays until something else is shown", () => {
  const view = viewOf("chosen");
  view.begin("booth", 30);
  view.clock.goTo(7);
  view.toggle("Adam");
  view.zooms.set("contour", {});
  view.begin("booth", 50);
  assert.deepEqual([view.clock.now, view.shows("Adam"), view.shows("Momentum"), view.zooms.size], [7, false, true, 1]);
  view.toggle("Adam");
  assert.ok(view.shows("Adam"));
  view.toggle("Adam");
  view.begin("himmelblau", 50);
  assert.deepEqual([view.clock.now, view.shows("Adam"), view.zooms.size], [50, true, 0]);
});
