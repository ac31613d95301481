// Sentences with numbers that are computed while the hand moves: a program says which template holds, and its numbers.
// No DOM.

import { digits } from "./readout.js";

// said: {program, cases, rows, run, update} as Python's browser.hand.Sentence says; a number that the program does not
// have is that of an input. The text, or "" where there is none.
export function sentence(said, followers, inputs, now) {
  const shown = followers.of(said, { run: said.run || undefined, now }, inputs);
  if (!shown?.rows.count) return "";
  const { outputs } = shown;
  const number = (name) => outputs[name]?.[0] ?? inputs[name];
  const template = said.cases[outputs.case?.[0] ?? 0] ?? "";
  return template.replace(/\{(\w+)\}/g, (_, name) => (number(name) === undefined ? "" : digits(number(name))));
}
