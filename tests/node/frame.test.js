import assert from "node:assert/strict";
import test from "node:test";

import { Frame, targetOf } from "../../browser/page/frame.js";

const SCHOOL = "https://school.example";

// A page in another one: what it posts, and what it would hear.
function framed(origin, isFramed = true) {
  const posted = [], heard = [], listeners = [];
  const page = { addEventListener: (_, listener) => listeners.push(listener) };
  page.parent = isFramed ? { postMessage: (...message) => posted.push(message) } : page;
  const frame = new Frame({ origin, set: (query) => heard.push(query) }, page);
  const say = (data, event = {}) => {
    for (const listener of listeners) listener({ source: page.parent, origin: SCHOOL, data, ...event });
  };
  return { frame, page, posted, heard, say };
}

test("settings are heard as texts, and what is neither text nor number is left out", () => {
  const { heard, say } = framed(SCHOOL);
  say({ set: { learning_rate: 0.05, surface: "booth", start: [1, 2], seed: NaN, noise: null, arrows: true } });
  assert.deepEqual(heard, [{ learning_rate: "0.05", surface: "booth", arrows: "yes" }]);
});

test("nobody else is heard", () => {
  const { heard, say } = framed(SCHOOL);
  say({ set: { seed: 1 } }, { origin: "https://other.example" });
  say({ set: { seed: 1 } }, { source: {} });
  assert.deepEqual(heard, []);
});

test("nonsense is ignored", () => {
  const { heard, say } = framed(SCHOOL);
  for (const data of [null, undefined, "set", 1, {}, { set: null }, { set: "seed" }, { set: ["seed"] }, { set: {} }]) {
    say(data);
  }
  assert.deepEqual(heard, []);
});

test("what is told goes to the origin of the address alone", () => {
  const { frame, posted } = framed(`${SCHOOL}/`);
  frame.tell({ seed: "1" }, { Adam: {} });
  assert.deepEqual(posted, [[{ state: { seed: "1" }, outcome: { Adam: {} } }, SCHOOL]]);
});

test("any origin is heard where the address says so", () => {
  const { frame, posted, heard, say } = framed("*");
  say({ set: { seed: 1 } }, { origin: "null" });
  frame.tell({}, {});
  assert.deepEqual(heard, [{ seed: "1" }]);
  assert.equal(posted[0][1], "*");
});

test("without an origin, and without a page around, nothing is sent or heard", () => {
  for (const { frame, posted, heard, say } of [framed(""), framed("school"), framed(SCHOOL, false)]) {
    say({ set: { seed: 1 } });
    frame.tell({}, {});
    assert.deepEqual([posted, heard], [[], []]);
  }
});

test("an origin is one of the web", () => {
  assert.equal(targetOf("https://school.example:8443/course?x"), "https://school.example:8443");
  for (const text of ["", undefined, "school.example", "javascript:1", "file:///a", "data:,a", "null"]) {
    assert.equal(targetOf(text), null);
  }
});
