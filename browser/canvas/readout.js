// The numbers of the runs at an update, as the page says them.

import { hasCursor, isThinned, runOf, untilOf } from "./meta.js";

// The index of an update among the points of a trace, which has some updates left out where it is clipped; of a thinned
// trace, which has most of them left out, the last one that it has. Null where there is none, and where its path has
// ended.
export function rowAt(trace, update) {
  const rows = trace.customdata;
  if (!rows?.length || update >= (untilOf(trace) ?? Infinity)) return null;
  let index = Math.min(update, rows.length - 1);
  while (index > 0 && rows[index][0] > update) index -= 1;
  while (index < rows.length - 1 && rows[index][0] < update) index += 1;
  if (!isThinned(trace)) return rows[index][0] === update ? index : null;
  return rows[index][0] > update && index > 0 ? index - 1 : index;
}

// A line for each run that has a cursor in one of these traces: its text, and the symbol and colour of its mark.
export function linesAt(traces, update, unit) {
  const runs = new Map();
  for (const trace of traces.filter(hasCursor)) {
    const index = rowAt(trace, update);
    const line = index === null ? null : { text: `${trace.name}${inWords(trace, index, unit)}`, ...lookOf(trace) };
    // Every run keeps its place, also where the first picture has no point of it.
    runs.set(runOf(trace), runs.get(runOf(trace)) ?? line);
  }
  return [...runs.values()].filter(Boolean);
}

// The symbol and the colour of the markers of a run.
export function lookOf({ marker, line }) {
  return { symbol: marker?.symbol ?? "circle", color: marker?.color ?? line?.color ?? "currentColor" };
}

// The numbers of a point; after the first one that is none, what became of the run.
export function inWords(trace, index, unit) {
  const usual = (row) => row.every(Number.isFinite);
  const [now, theta1, theta2, loss, slope] = trace.customdata[index];
  if (usual(trace.customdata[index])) {
    const when = isThinned(trace) ? `, ${unit} ${now}` : "";
    return `${when}: ${pointInWords(theta1, theta2)}, L = ${digits(loss)}, |∇L| = ${digits(slope)}`;
  }
  return whatBecame(trace.customdata.find((row) => !usual(row)), `${isThinned(trace) ? "by" : "at"} ${unit}`);
}

function whatBecame([update, theta1, theta2, loss, slope], when) {
  const diverged = `: diverged ${when} ${update}; `;
  if (![theta1, theta2].every(Number.isFinite)) return `${diverged}its numbers are too large for a computer`;
  const [what, number] = Number.isFinite(loss) ? ["slope", slope] : ["loss", loss];
  const has = Number.isNaN(number) ? "has no value" : "is too large for a computer";
  const point = pointInWords(theta1, theta2);
  return update === 0 ? `: the ${what} ${has} at the start ${point}` : `${diverged}the ${what} ${has} at ${point}`;
}

const pointInWords = (theta1, theta2) => `θ = (${digits(theta1)}, ${digits(theta2)})`;

export function digits(value) {
  if (value === 0) return "0";
  if (!Number.isFinite(value)) return String(value);
  const number = Number(value.toPrecision(4));
  const isPlain = Math.abs(number) >= 1e-3 && Math.abs(number) < 1e5;
  return (isPlain ? String(number) : value.toExponential(2).replace("e+", "e")).replaceAll("-", "−");
}
