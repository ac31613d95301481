// What is said of runs that another computer draws otherwise, as Python's optimizers.sensitivity says it. No DOM.

const SENSITIVE = "sensitive to the last digit: another computer draws another path";

// Sentences for a canvas. live: a Live; runs: the words for runs by their names.
export function sensitiveSentences(live, runs, inputs) {
  const titles = Object.keys(runs).filter((run) => live.isSensitive(run, inputs)).map((run) => runs[run]);
  if (!titles.length) return [];
  return [{ text: `${titles.join(" and ")}: ${SENSITIVE}.`, program: null, cases: [], rows: "once", run: "", update: "" }];
}
