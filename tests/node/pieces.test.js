import assert from "node:assert/strict";
import { test } from "node:test";

import { departure, divided, exits, visiblePieces } from "../../browser/canvas/pieces.js";

const FRAME = [[-1, 1], [-2, 2]];

test("a step inside is one piece, and leaves nothing", () => {
  assert.deepEqual(visiblePieces([0, 0.5], [0, 1], FRAME), [
    { from: [0, 0], to: [0.5, 1], update: 1, shares: [0, 1], leaves: false },
  ]);
});

test("a step that leaves is cut at the frame, and marked with its update", () => {
  const left = exits([0, 0, 2], [0, 0.5, 0.5], FRAME, [0, 1, 2]);
  assert.deepEqual([left.count, [...left.theta1], [...left.theta2], left.update], [1, [1], [0.5], [2]]);
});

test("a line over updates that are left out is no step, and leaves nothing", () => {
  assert.deepEqual(exits([0, 2, 0, 2], [0, 0, 0, 0], FRAME, [0, 4, 5, 6]).update, [6]);
  assert.equal(exits([0, 2], [0, 0], FRAME, [0, 4]).count, 0);
});

test("a step that passes through leaves, too", () => {
  const [piece] = visiblePieces([-3, 3], [0, 0], FRAME);
  assert.deepEqual([piece.from, piece.to, piece.leaves], [[-1, 0], [1, 0], true]);
});

test("a step beside the frame is not seen", () => {
  assert.deepEqual(visiblePieces([-3, 3], [5, 5], FRAME), []);
  assert.deepEqual(visiblePieces([5, 5], [-1, 1], FRAME), []);
});

test("a step to the largest numbers is cut where it should be", () => {
  const [piece] = visiblePieces([0, 1e308], [0, 1e308], FRAME);
  assert.ok(Math.abs(piece.to[0] - 1) < 1e-12 && Math.abs(piece.to[1] - 1) < 1e-12);
});

test("a path ends where its numbers do", () => {
  assert.equal(visiblePieces([0, NaN, 0.5], [0, 0, 0], FRAME).length, 0);
  assert.equal(visiblePieces([0, 0.5, Infinity, 0], [0, 0, 0, 0], FRAME).length, 1);
});

// Of theta1; theta2 is 0.
for (const [what, theta1, due] of [
  ["stays in the frame", [0, 0.5], { count: 2, until: null }],
  ["leaves and comes back", [0, 5, 0], { count: 3, until: null }],
  ["is a hundred frames outside", [0, 201], { count: 2, until: null }],
  ["goes further", [0, 201.5, 0], { count: 2, until: 1 }],
  ["leaves, comes back and goes far later", [0, 5, 0.5, 0.6, -9, 9, -300, 300], { count: 5, until: 4 }],
  ["is no number after its exit", [0, 5, NaN], { count: 2, until: 1 }],
  ["is no number in the frame", [0, 5, 0, NaN], { count: 3, until: null }],
  ["crosses the frame from outside, and goes far", [-9, -8, 9, -300], { count: 3, until: 2 }],
  ["goes far beside the frame", [9, 1000], { count: 1, until: null }],
]) {
  test(`how much is drawn of a path that ${what}`, () =>
    assert.deepEqual(departure(theta1, theta1.map(() => 0), FRAME), due));
}

test("a path that has no frame goes nowhere far", () => {
  const endless = [[-Infinity, Infinity], [-Infinity, Infinity]];
  assert.deepEqual(departure([0, 1e300], [0, 0], endless), { count: 2, until: null });
});

test("long pieces are divided, and pieces that do not join are set apart", () => {
  const line = divided([-1, 1, 5, 5, 1], [0, 0, 0, 1, 1], FRAME, 0.05, [0, 1, 2, 3, 4]);
  assert.ok(line.count > 10);
  assert.ok(line.theta1.some(Number.isNaN));
  for (let place = 1; place < line.count; place += 1) {
    const length = Math.hypot(line.theta1[place] - line.theta1[place - 1], line.theta2[place] - line.theta2[place - 1]);
    assert.ok(!(length > 0.05 * Math.hypot(2, 4) + 1e-12));
  }
});

test("points in between know how far their update has come, also where the frame cuts it or updates are left out", () => {
  const { theta1, update } = divided([0, 2, 2, 0.5], [0, 0, 1, 1], FRAME, 0.05, [0, 4, 5, 8]);
  const gap = theta1.findIndex(Number.isNaN);
  assert.ok(gap > 5 && theta1.length > gap + 2 && Number.isNaN(update[gap]));
  theta1.forEach((x, place) => {
    const due = place < gap ? 2 * x : 5 + 2 * (2 - x);
    assert.ok(place === gap || Math.abs(update[place] - due) < 1e-12, `${update[place]} is not ${due}`);
  });
});

test("a run of no updates is its point", () => {
  assert.deepEqual(divided([0.5], [1], FRAME, 0.1, [0]), { count: 1, theta1: [0.5], theta2: [1], update: [0] });
});
