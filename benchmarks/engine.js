// Reads {data, swept, rates, updates} and prints seconds: all runs of the data, and a sweep over rates, each the best of
// many times and the first.

import { readFileSync } from "node:fs";
import process from "node:process";

import { Engine } from "../browser/engine/descent.js";

const TIMES = 40;
const { data, swept, rates, updates } = JSON.parse(readFileSync(0, "utf8"));

function seconds(work) {
  const begin = performance.now();
  work();
  return (performance.now() - begin) / 1000;
}

function timed(work) {
  const first = seconds(work);
  return [first, Math.min(...Array.from({ length: TIMES }, () => seconds(work)))];
}

const engine = new Engine(data);
const [firstRuns, runs] = timed(() => engine.names.forEach((name) => engine.run(name)));
const [firstSweep, sweep] = timed(() => swept.forEach((name) => engine.sweep(name, rates, { steps: updates })));
process.stdout.write(JSON.stringify({ firstRuns, runs, firstSweep, sweep }));
