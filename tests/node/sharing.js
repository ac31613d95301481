// Answers shared data, JSON line by line, with what they stand for.

import { readFileSync } from "node:fs";

import { restored } from "../../browser/page/sharing.js";

for (const line of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  process.stdout.write(`${JSON.stringify(restored(JSON.parse(line)))}\n`);
}
