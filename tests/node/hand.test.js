import assert from "node:assert/strict";
import { test } from "node:test";

import { Hand } from "../../browser/canvas/hand.js";

test("what the hand moves takes the place of what the server says, until the server answers", () => {
  const hand = new Hand();
  assert.equal(hand.isLive, false);
  hand.move({ rate: 2 });
  assert.deepEqual([hand.isLive, hand.isHolding], [true, true]);
  assert.deepEqual(hand.inputs({ rate: 1, start1: 5 }), { rate: 2, start1: 5 });
  const number = hand.release(100);
  assert.deepEqual([hand.isLive, hand.isHolding], [true, false]);
  hand.answer(number);
  assert.equal(hand.isLive, false);
  assert.deepEqual(hand.inputs({ rate: 1 }), { rate: 1 });
});

test("an answer to an earlier message is not the last word", () => {
  const hand = new Hand();
  hand.move({ rate: 2 });
  const first = hand.release(100);
  hand.move({ rate: 3 });
  const second = hand.release(100);
  assert.ok(second > first);
  hand.answer(first);
  assert.equal(hand.isLive, true);
  assert.deepEqual(hand.inputs({ rate: 2 }), { rate: 3 });
  hand.answer(second);
  assert.equal(hand.isLive, false);
});

test("an answer in the middle of a drag does not take anything out of the hand", () => {
  const hand = new Hand();
  hand.move({ rate: 2 });
  hand.answer(hand.release(100));
  hand.move({ rate: 3 });
  hand.answer(100);
  assert.deepEqual([hand.isLive, hand.inputs({ rate: 2 }).rate], [true, 3]);
});

test("a hand that moves nothing in the end leaves what it had left before", () => {
  const hand = new Hand();
  hand.move({ rate: 2 });
  hand.cancel();
  assert.deepEqual([hand.isLive, hand.inputs({ rate: 1 })], [false, { rate: 1 }]);
  hand.move({ rate: 2 });
  hand.release(100);
  hand.move({ start1: 7 });
  hand.cancel();
  assert.deepEqual(hand.inputs({ rate: 1, start1: 0 }), { rate: 2, start1: 0 });
});

test("a hand that is given up leaves the picture to the server, and later answers change nothing", () => {
  const hand = new Hand();
  hand.move({ rate: 2 });
  const number = hand.release(100);
  hand.move({ rate: 3 });
  hand.forget();
  assert.deepEqual([hand.isLive, hand.isHolding, hand.inputs({ rate: 1 })], [false, false, { rate: 1 }]);
  hand.answer(number);
  assert.equal(hand.isLive, false);
});
