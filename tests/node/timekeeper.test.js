import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { Clock } from "../../browser/canvas/clock.js";
import { Timekeeper } from "../../browser/canvas/timekeeper.js";

const REST = 301;

function kept(now = 40, steps = 40) {
  const clock = new Clock();
  clock.setSteps(steps);
  const [keeper, sent] = [new Timekeeper(clock), []];
  keeper.open((message) => sent.push(message));
  keeper.serve(now, 0);
  return { clock, keeper, sent };
}

function move({ clock, keeper }, update) {
  clock.goTo(update);
  keeper.moved();
}

function timed(name, body) {
  test(name, () => {
    mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1000 });
    try {
      body((milliseconds) => mock.timers.tick(milliseconds));
    } finally {
      mock.timers.reset();
    }
  });
}

timed("the clock goes where the server has it, and is not ahead there", () => {
  const { clock, keeper } = kept(7);
  assert.equal(clock.now, 7);
  assert.equal(keeper.isAhead, false);
});

timed("the server hears of the time once, when it has come to rest", (pass) => {
  const page = kept();
  for (const update of [30, 20, 10]) {
    move(page, update);
    pass(100);
  }
  assert.deepEqual(page.sent, []);
  assert.equal(page.keeper.isAhead, true);
  pass(REST);
  assert.deepEqual(page.sent.map(({ now }) => now), [10]);
  page.keeper.serve(10, page.sent[0].serial);
  assert.equal(page.keeper.isAhead, false);
});

timed("nothing is sent while time plays or a hand holds the slider", (pass) => {
  const page = kept();
  page.clock.play(0);
  move(page, 5);
  pass(REST);
  page.clock.pause();
  page.keeper.isHeld = true;
  page.keeper.moved();
  pass(REST);
  assert.deepEqual(page.sent, []);
  page.keeper.isHeld = false;
  page.keeper.moved();
  pass(REST);
  assert.deepEqual(page.sent.map(({ now }) => now), [5]);
});

timed("an answer to an older message pulls the clock nowhere", (pass) => {
  const page = kept();
  move(page, 10);
  pass(REST);
  move(page, 20);
  page.keeper.serve(10, page.sent[0].serial);
  assert.equal(page.clock.now, 20);
  pass(REST);
  page.keeper.serve(10, page.sent[0].serial);
  assert.equal(page.clock.now, 20);
  page.keeper.serve(20, page.sent[1].serial);
  page.keeper.serve(3, page.sent[1].serial);
  assert.equal(page.clock.now, 3);
});

timed("what has no answer is said again", (pass) => {
  const page = kept();
  move(page, 10);
  pass(REST);
  pass(10_000);
  assert.deepEqual(page.sent.map(({ now }) => now), [10, 10]);
  page.keeper.serve(10, page.sent[1].serial);
  pass(20_000);
  assert.equal(page.sent.length, 2);
});

timed("where the server has no clock, it hears of none", (pass) => {
  const page = kept(null);
  move(page, 10);
  pass(REST);
  assert.deepEqual(page.sent, []);
  assert.equal(page.keeper.isAhead, false);
});
