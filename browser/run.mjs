// Reads the JSON of `browser.program(...)` on standard input and prints the paths of its rules on standard output:
// {"Adam": [[theta1, theta2], ...], ...}, null for every number that is not finite.

import { readFileSync } from "node:fs";

import { Engine } from "./engine/descent.js";

const engine = new Engine(JSON.parse(readFileSync(0, "utf8")));
const paths = engine.names.map((name) => {
  const { columns, rows, count } = engine.run(name);
  const point = (update) => [rows[update * columns.length], rows[update * columns.length + 1]];
  return [name, Array.from({ length: count }, (_, update) => point(update))];
});
process.stdout.write(`${JSON.stringify(Object.fromEntries(paths))}\n`);
