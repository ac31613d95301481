import assert from "node:assert/strict";
import { test } from "node:test";

import { fitIn } from "../../browser/canvas/embed.js";

const map = () => ({
  data: [{ type: "contour", colorbar: { title: { text: "loss L", side: "right" }, y: 1 } }, { type: "scatter" }],
  layout: { title: { text: "Contour map", font: { size: 14 } }, margin: { l: 8, b: 8 } },
});

test("in upright room the colour bar lies below the map, and has a margin of its own", () => {
  const figure = map(), { data: [{ colorbar }], layout } = figure;
  fitIn(figure, { width: 262, height: 380 });
  assert.equal(colorbar.orientation, "h");
  assert.deepEqual(colorbar.title, { text: "loss L", side: "bottom" });
  assert.ok(layout.margin.b > 60 && layout.margin.l === 8);
  assert.equal(layout.title.font.size, 14);
});

for (const [why, figure, size] of [
  ["in wide room", map(), { width: 390, height: 380 }],
  ["without a colour bar", { data: [{ type: "scatter" }], layout: { margin: { b: 8 } } }, { width: 262, height: 380 }],
]) {
  test(`${why} a picture stays as it is`, () => {
    const before = structuredClone(figure);
    fitIn(figure, size);
    assert.deepEqual(figure, before);
  });
}

test("a small picture has a small title", () => {
  const figure = map();
  fitIn(figure, { width: 190, height: 180 });
  assert.deepEqual(figure.layout.title, { text: "Contour map", font: { size: 12 } });
});
