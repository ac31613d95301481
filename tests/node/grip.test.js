import assert from "node:assert/strict";
import test, { beforeEach, mock } from "node:test";

import { Grip, PAUSE } from "../../browser/canvas/grip.js";

let letGo;
let grip;

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  letGo = [];
  grip = new Grip((names, moved) => letGo.push([names, moved]));
});

test("a pointer holds from the moment when it is down, and lets go when it is up", () => {
  grip.press(1, "rate");
  assert.deepEqual([grip.isHolding, grip.under(1), grip.under(2)], [true, "rate", undefined]);
  grip.move("rate");
  mock.timers.tick(10 * PAUSE);
  assert.deepEqual(letGo, []);
  grip.lift(1);
  assert.deepEqual(letGo, [[["rate"], true]]);
  assert.equal(grip.isHolding, false);
});

test("what a pointer has not moved is let go as it was", () => {
  grip.press(1, "rate");
  grip.lift(1);
  assert.deepEqual(letGo, [[["rate"], false]]);
});

test("a pointer that holds nothing lets nothing go", () => {
  grip.press(1, "rate");
  grip.lift(2);
  assert.deepEqual(letGo, []);
});

test("two fingers on two sliders let go together", () => {
  grip.press(1, "rate");
  grip.press(2, "momentum");
  grip.move("momentum");
  grip.lift(1);
  assert.deepEqual(letGo, []);
  grip.lift(2);
  assert.deepEqual(letGo, [[["rate", "momentum"], true]]);
});

test("keys hold while they are down and until no other follows", () => {
  for (let press = 0; press < 3; press += 1) {
    grip.keyDown("ArrowRight");
    grip.move("rate");
    mock.timers.tick(10 * PAUSE);
    grip.keyUp("ArrowRight");
    mock.timers.tick(PAUSE - 1);
  }
  assert.deepEqual(letGo, []);
  mock.timers.tick(1);
  assert.deepEqual(letGo, [[["rate"], true]]);
});

test("a key that moves nothing holds nothing", () => {
  grip.keyDown("Tab");
  assert.equal(grip.isHolding, false);
  grip.keyUp("Tab");
  mock.timers.tick(PAUSE);
  assert.deepEqual(letGo, []);
});

test("what moves without key or pointer is let go after a pause", () => {
  grip.move("rate");
  mock.timers.tick(PAUSE - 1);
  grip.move("rate");
  mock.timers.tick(PAUSE - 1);
  assert.deepEqual(letGo, []);
  mock.timers.tick(1);
  assert.deepEqual(letGo, [[["rate"], true]]);
});

test("a key that is still down when the focus leaves does not hold for ever", () => {
  grip.keyDown("ArrowRight");
  grip.move("rate");
  grip.leave();
  assert.deepEqual(letGo, [[["rate"], true]]);
  mock.timers.tick(PAUSE);
  assert.equal(letGo.length, 1);
});

test("a pointer that still holds when the focus leaves goes on holding", () => {
  grip.press(1, "rate");
  grip.leave();
  assert.deepEqual(letGo, []);
});

test("the end may be called at any time, and counts once", () => {
  grip.end();
  grip.move("rate");
  grip.end();
  grip.end();
  assert.deepEqual(letGo, [[["rate"], true]]);
});
