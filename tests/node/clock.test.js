import assert from "node:assert/strict";
import { test } from "node:test";

import { Clock } from "../../browser/canvas/clock.js";

function clockOf(steps, now) {
  const clock = new Clock();
  clock.setSteps(steps);
  clock.goTo(now);
  return clock;
}

test("the time stays among the updates", () => {
  const clock = clockOf(40, 0);
  for (const [asked, due] of [[-3, 0], [7.4, 7], [99, 40]]) {
    clock.goTo(asked);
    assert.equal(clock.now, due);
  }
});

test("who looks at the end looks at the end of longer and shorter runs; who does not keeps the time", () => {
  for (const [now, steps, due] of [[40, 60, 60], [40, 20, 20], [7, 60, 7], [7, 20, 7], [30, 20, 20]]) {
    const clock = clockOf(40, now);
    clock.setSteps(steps);
    assert.equal(clock.now, due);
  }
});

test("a run takes eight seconds, from the beginning where the time was at the end, and then pauses", () => {
  const clock = clockOf(80, 80);
  clock.play(1000);
  for (const [time, due] of [[990, 0], [1000, 0], [1099, 0], [1100, 1], [5000, 40], [8999, 79], [9000, 80]]) {
    assert.ok(clock.isPlaying);
    clock.tick(time);
    assert.equal(clock.now, due);
  }
  assert.equal(clock.isPlaying, false);
  clock.goTo(60);
  clock.play(0);
  clock.tick(1000);
  assert.equal(clock.now, 70);
});

test("another speed counts from when it was chosen", () => {
  const clock = clockOf(80, 0);
  clock.play(0);
  clock.setSpeed(4, 1000);
  clock.tick(1000);
  assert.equal(clock.now, 10);
  clock.tick(2000);
  assert.equal(clock.now, 50);
});

test("a loop begins anew after the last update", () => {
  const clock = clockOf(7, 7);
  clock.isLooping = true;
  clock.play(0);
  const shown = Array.from({ length: 10 }, (_, index) => {
    clock.tick((index * 8000) / 7 + 1);
    return clock.now;
  });
  assert.deepEqual(shown, [0, 1, 2, 3, 4, 5, 6, 7, 0, 1]);
  assert.ok(clock.isPlaying);
});

test("without motion the time stands still for a second at a time", () => {
  const clock = clockOf(80, 0);
  clock.play(0, true);
  for (const [time, due] of [[999, 0], [1000, 10], [1999, 10], [2000, 20]]) {
    clock.tick(time);
    assert.equal(clock.now, due);
  }
});

test("a pause stays until somebody plays", () => {
  const clock = clockOf(80, 3);
  clock.play(0);
  clock.pause();
  clock.tick(5000);
  assert.equal(clock.now, 3);
});

test("runs without an update end at once", () => {
  const clock = clockOf(0, 0);
  clock.play(0);
  clock.tick(1);
  assert.deepEqual([clock.now, clock.isPlaying], [0, false]);
});
