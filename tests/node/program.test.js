import assert from "node:assert/strict";
import { test } from "node:test";

import { MOST_VALUES, Program, compiled, overRows } from "../../browser/engine/program.js";

const data = {
  values: [["input", "x"], ["input", "y"], ["constant", 2], ["multiply", 0, 2], ["add", 3, 1], ["square", 3]],
  outputs: { sum: 4, square: 5 },
};

function withLine(...line) {
  return { values: [...data.values, line], outputs: data.outputs };
}

test("a program is compiled to a function of typed arrays", () => {
  const outputs = new Float64Array(2);
  compiled(Program.fromData(data), ["x", "y"], ["square", "sum"])(Float64Array.of(3, 1), outputs);
  assert.deepEqual([...outputs], [36, 7]);
});

test("constants that JSON has no number for travel as texts", () => {
  const program = Program.fromData({
    values: [["constant", "inf"], ["constant", "-inf"], ["constant", "nan"], ["constant", -0]],
    outputs: { a: 0, b: 1, c: 2, d: 3 },
  });
  const outputs = new Float64Array(4);
  compiled(program, [], ["a", "b", "c", "d"])(new Float64Array(0), outputs);
  assert.deepEqual([...outputs], [Infinity, -Infinity, NaN, -0]);
});

test("a program goes over the rows of a table", () => {
  const sum = new Float64Array(3);
  const run = overRows(Program.fromData(data), ["y"], ["x"], ["sum"]);
  run(Float64Array.of(10), [Float64Array.of(1, 2, 3)], [sum], 3);
  assert.deepEqual([...sum], [12, 14, 16]);
});

test("what is no program is refused with a sentence", () => {
  const refused = [
    null,
    [],
    { values: data.values },
    { values: "input", outputs: {} },
    { values: data.values, outputs: { sum: 6 } },
    { values: data.values, outputs: { "a.b": 0 } },
    { values: data.values, outputs: { "": 0 } },
    { values: [["input", "x); alert(1"]], outputs: {} },
    { values: [["input", "ｘ"]], outputs: {} },
    { values: [["input", "x"], ["input", "x"]], outputs: {} },
    { values: new Array(MOST_VALUES + 1).fill(["constant", 1]), outputs: {} },
    withLine("eval", 0),
    withLine("constructor", 0),
    withLine("__proto__", 0),
    withLine("add", 0),
    withLine("add", 0, 6),
    withLine("add", 0, -1),
    withLine("add", 0, 0.5),
    withLine("add", 0, "1"),
    withLine("constant", "1"),
    withLine("constant", "Infinity"),
    withLine("constant", null),
    withLine("constant", true),
    withLine("constant", [1]),
    withLine("where", 0, 1, 2),
    withLine("spherical", 0, 1),
    withLine("square", 3),
  ];
  for (const each of refused) {
    assert.throws(() => Program.fromData(each), /^Error: (A|Line|What|add|where|spherical)[^\n]* .+\.$/, JSON.stringify(each));
  }
});

test("a truth is no number, and a number no truth", () => {
  const truth = { values: [["input", "x"], ["greater", 0, 0], ["add", 1, 0]], outputs: {} };
  assert.throws(() => Program.fromData(truth), /takes 0 truths/);
  const number = { values: [["input", "x"], ["logical_not", 0]], outputs: {} };
  assert.throws(() => Program.fromData(number), /takes 1 truths/);
});

test("an input that is missing is refused before it runs", () => {
  assert.throws(() => compiled(Program.fromData(data), ["x"], ["sum"]), /input that it is not given/);
  assert.throws(() => compiled(Program.fromData(data), ["x", "y"], ["product"]), /lacks an output/);
});
