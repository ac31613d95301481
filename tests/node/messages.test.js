import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { unpack } from "../../browser/canvas/messages.js";

// Made by Python's browser.wire; tests/test_wire.py says of what.
const PACKED = (await readFile(new URL("packed.txt", import.meta.url), "utf8")).trim();

test("the browser reads what Python packs", async () => {
  const small = Float32Array.of(1.5, NaN, -Infinity, 0.25);
  const content = await unpack(PACKED);
  assert.deepEqual(content, {
    θ: ["a", null, true, 3, -0.5, null, []],
    small,
    again: { deep: [small] },
    odd: Int32Array.of(0, 1, 2),
    large: Float64Array.of(1e300, 1e-300, 0.1),
    table: [Float32Array.of(0, 1, 2), Float32Array.of(3, 4, 5)],
    tall: [Int32Array.of(0), Int32Array.of(1), Int32Array.of(2)],
    cube: [[Int32Array.of(0, 1), Int32Array.of(2, 3)], [Int32Array.of(4, 5), Int32Array.of(6, 7)]],
    none: [],
    array: { array: [1, 2] },
  });
  assert.equal(content.small, content.again.deep[0]);
});

test("what was cut short is refused", async () => {
  await assert.rejects(unpack(PACKED.slice(0, PACKED.length / 2)));
  await assert.rejects(unpack("not base64 at all!"));
});
