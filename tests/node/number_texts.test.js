import assert from "node:assert/strict";
import test from "node:test";

import { advice, exactText, fieldText, numberIn, wrong } from "../../browser/page/number_texts.js";

test("a number is read as people write it, and nothing else", () => {
  for (const [text, number] of [["0.5", 0.5], ["-3", -3], ["+.5", 0.5], ["5.", 5], [" 1E-3 ", 0.001], ["0e-400", 0],
    ["0,5", 0.5], ["−3", -3], ["1/4", 0.25], ["-1 / 2", -0.5], ["12345,6", 12345.6]]) {
    assert.equal(numberIn(text), number);
  }
  for (const text of ["", " ", "1,234", "1,2,3", "1/0", "1/2/3", "0x10", "1_0", "Infinity", "nan", "1e999", "1e-400", "1 2", "--1", "5e"]) {
    assert.equal(numberIn(text), null, text);
  }
});

test("a link holds the shortest text of a number", () => {
  const texts = [[0.1, "0.1"], [-0, "0"], [12, "12"], [1e-5, "1e-05"], [1e15, "1000000000000000.0"], [1e16, "1e+16"],
    [1.5e300, "1.5e+300"], [-2.5e-7, "-2.5e-07"]];
  for (const [number, text] of texts) assert.equal(exactText(number), text);
});

test("a field shows the digits that matter", () => {
  for (const [number, text] of [[1 / 3, "0.333333"], [1000000, "1000000"], [1e12, "1e+12"], [-0.5, "-0.5"]]) {
    assert.equal(fieldText(number), text);
  }
});

test("a field says what is wrong, and what to write", () => {
  const seed = { low: 0, high: 1000000, isWhole: true };
  assert.equal(wrong("7", seed), "");
  assert.equal(wrong("", seed), "a number is missing");
  assert.equal(wrong("0,5"), "");
  assert.equal(wrong("1,234"), "“1,234” can be 1.234 or 1234: leave the comma out, or write a point");
  assert.equal(wrong("0.5", seed), "“0.5” is not a whole number");
  assert.equal(wrong("-1", seed), "“-1” is below 0");
  assert.equal(wrong("1000001", seed), "“1000001” is above 1000000");
  assert.equal(wrong("-inf"), "“-inf” is not a finite number");
  assert.equal(wrong("1e999"), "“1e999” is too large for a number of the computer");
  assert.equal(wrong("1e-999"), "“1e-999” is too small for a number of the computer");
  assert.equal(wrong("a\nword without any end"), "“a word without any e…” is not a number");
  assert.equal(advice(seed), "Write a whole number from 0 to 1000000.");
  assert.equal(advice({ low: 0 }), "Write a number of at least 0.");
  assert.equal(advice(), "Write a number such as 0.5 or -3.");
});
