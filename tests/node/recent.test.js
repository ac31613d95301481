import assert from "node:assert/strict";
import { test } from "node:test";

import { Recent } from "../../browser/canvas/recent.js";

function storeOf(most, ...names) {
  const store = new Recent(most);
  for (const name of names) store.set(name, name.toUpperCase());
  return store;
}

const kept = (store) => ["a", "b", "c", "d"].filter((name) => store.has(name));

test("what was not used for the longest time is forgotten", () => {
  const store = storeOf(3, "a", "b", "c");
  assert.equal(store.get("a"), "A");
  store.set("d", "D");
  assert.deepEqual(kept(store), ["a", "c", "d"]);
  assert.equal(store.get("b"), undefined);
});

test("to ask whether a thing is there is no use of it", () => {
  const store = storeOf(2, "a", "b");
  store.has("a");
  store.set("c", "C");
  assert.deepEqual(kept(store), ["b", "c"]);
});

test("what is held stays, also where that makes too many", () => {
  const store = storeOf(2, "a", "b");
  store.set("c", "C", new Set(["a"]));
  assert.deepEqual(kept(store), ["a", "c"]);
  store.set("d", "D", new Set(["a", "c"]));
  assert.deepEqual(kept(store), ["a", "c", "d"]);
});

test("a new value under an old name pushes nothing out", () => {
  const store = storeOf(2, "a", "b");
  store.set("a", "new");
  assert.deepEqual(kept(store), ["a", "b"]);
  assert.equal(store.get("a"), "new");
});
