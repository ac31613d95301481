import assert from "node:assert/strict";
import { test } from "node:test";

import { Program } from "../../browser/engine/program.js";
import { Recurrence } from "../../browser/engine/recurrence.js";

const halving = Program.fromData({
  values: [["input", "x"], ["input", "rate"], ["input", "push"], ["multiply", 0, 1], ["add", 3, 2], ["negative", 0]],
  outputs: { x: 4, opposite: 5 },
});

test("each round records what is carried into it and what it makes", () => {
  const recurrence = new Recurrence(halving, { carried: ["x"], streamed: ["push"], recorded: ["opposite"] });
  assert.deepEqual(recurrence.fixed, ["rate"]);
  assert.deepEqual(recurrence.columns, ["x", "opposite"]);
  const rows = new Float64Array(6);
  recurrence.run(rows, 3, [8], [0.5], [Float64Array.of(1, 0, 0)]);
  assert.deepEqual([...rows], [8, -8, 5, -5, 2.5, -2.5]);
});

test("a question is asked in the middle of a round, with what it shows", () => {
  const program = Program.fromData({
    values: [["input", "x"], ["square", 0], ["input", "answer"], ["subtract", 0, 2]],
    outputs: { x: 3, shown: 1 },
  });
  const question = { arguments: ["shown"], answers: ["answer"] };
  const recurrence = new Recurrence(program, { carried: ["x"], questions: [question], recorded: ["shown"] });
  const rows = new Float64Array(6), seen = [];
  recurrence.run(rows, 3, [3], [], [], [(answers, round, shown) => {
    seen.push([round, shown]);
    answers[0] = 1;
  }]);
  assert.deepEqual([...rows], [3, 9, 2, 4, 1, 1]);
  assert.deepEqual(seen, [[0, 9], [1, 4], [2, 1]]);
});

test("what two carried numbers become is read before either changes", () => {
  const program = Program.fromData({ values: [["input", "a"], ["input", "b"]], outputs: { a: 1, b: 0 } });
  const rows = new Float64Array(6);
  new Recurrence(program, { carried: ["a", "b"], recorded: [] }).run(rows, 3, [1, 2], [], []);
  assert.deepEqual([...rows], [1, 2, 2, 1, 1, 2]);
});

test("a question that shows what depends on its own answer is refused", () => {
  const program = Program.fromData({
    values: [["input", "answer"], ["square", 0]],
    outputs: { shown: 1 },
  });
  const questions = [{ arguments: ["shown"], answers: ["answer"] }];
  assert.throws(() => new Recurrence(program, { carried: [], questions, recorded: ["shown"] }), /its own answer/);
});
