// What of a trace has come to pass at an update, and what comes later. No DOM.

import { lagOf, movesOf } from "./meta.js";

const PAINTED = ["scatter", "scatter3d"];

// Whether a trace is drawn in full only as far as it has come.
export const grows = (trace) => lagOf(trace) !== undefined;

// How many of its points have come to pass: their updates rise, and gaps have none.
export function elapsedCount(trace, update) {
  const rows = trace.customdata ?? [];
  const last = update - lagOf(trace);
  let count = rows.length;
  while (count > 0 && !(momentOf(rows[count - 1]) <= last)) count -= 1;
  return count;
}

// The update of a point, by its row of customdata.
export const momentOf = (row) => (typeof row === "number" ? row : row[0]);

// The points of a trace in two parts, [what has come to pass, what comes later], each with null in the places of the
// other; a line goes on from its last point.
export function cutAt(trace, points, update) {
  const count = elapsedCount(trace, update);
  const from = trace.mode.includes("lines") ? count - 1 : count;
  const keep = (isKept) => points.map((point, place) => (isKept(place) ? point : null));
  return [keep((place) => place < count), keep((place) => place >= from)];
}

// The places of the traces that are painted as long as something is to come: those that grow, and what lies over them.
export function painted(traces) {
  const first = traces.findIndex(grows);
  const isOver = (trace, place) =>
    first >= 0 && place >= first && PAINTED.includes(trace.type) && Boolean(trace.mode) && !movesOf(trace);
  return new Set(traces.flatMap((trace, place) => (isOver(trace, place) ? [place] : [])));
}
