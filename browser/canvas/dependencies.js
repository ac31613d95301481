// Which inputs a trace depends on: only where one of them moves does it make room for what follows the hand. No DOM.

import { followsOf, runOf, waitsFor } from "./meta.js";

const RATE = "learning_rate";
const OF_RUN = ["run", "seen", "path", "end", "exits", "row"];

// Whether a trace is another one once these inputs have moved. start, bound: as of browser.hand.Live of Python.
export function dependsOn(trace, moved, { start, bound }) {
  const [follows, waits] = [followsOf(trace), waitsFor(trace)];
  const run = follows?.run ?? runOf(trace);
  if (waits && !waits.length) return moved.length > 0;
  const names = new Set(waits ?? []);
  const add = (others) => others.forEach((name) => names.add(name));
  if (follows?.program) add(inputsOf(follows.program));
  if (follows?.update) names.add(follows.update);
  const isSwept = follows?.rows === "sweep" && Boolean(follows.table);
  if (run !== undefined || follows?.rows === "start" || OF_RUN.includes(follows?.rows)) add(start);
  if (run !== undefined) {
    const given = Object.entries(bound[run] ?? {});
    add(given.filter(([name]) => !isSwept || name !== RATE).map(([, input]) => input));
  }
  return moved.some((name) => names.has(name));
}

const read = new WeakMap();

// The names of a program's inputs.
function inputsOf(program) {
  if (!read.has(program)) {
    read.set(program, program.values.filter(([operation]) => operation === "input").map(([, name]) => name));
  }
  return read.get(program);
}
