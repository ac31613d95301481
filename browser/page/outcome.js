// What became of a run. No DOM.

const NUMBERS = ["theta1", "theta2", "value", "gradient1", "gradient2"];

// rows: of a LiveRuns. Returns {theta, loss, diverged_at}, as a Trajectory of Python has them; what is not finite is
// null, and so is the outcome of a run that is not made here.
export function outcomeOf(rows) {
  if (!rows) return null;
  const columns = NUMBERS.map((name) => rows.column(name)), last = rows.count - 1;
  const [theta1, theta2, loss] = columns.map((column) => (Number.isFinite(column[last]) ? column[last] : null));
  let end = 0;
  while (end < rows.count && columns.every((column) => Number.isFinite(column[end]))) end += 1;
  return { theta: [theta1, theta2], loss, diverged_at: end < rows.count ? end : -1 };
}
