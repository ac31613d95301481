// Questions and answers line by line, for scripts that Python's tests ask.

import { createInterface } from "node:readline";

// Numbers that JSON has none for travel as texts.
export function shown(number) {
  return Number.isFinite(number) ? (Object.is(number, -0) ? "-0.0" : number) : String(number).replace("Infinity", "inf");
}

export async function answer(reply) {
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify(reply(JSON.parse(line)))}\n`);
  }
}
