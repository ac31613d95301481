// What the pictures show, in words, for those who do not see them. No DOM.

import { digits } from "../canvas/readout.js";

const PICTURES = {
  contour: (title) => `Contour map of the loss ${title}.`,
  surface: (title) => `The loss ${title} as a surface in space.`,
  loss: () => "Loss against updates.",
};

// By the name of a picture. outcome: of every run {theta, loss, diverged_at}; titles: the words for runs.
export function descriptionsOf(outcome, titles, surface, { start, updates }) {
  const from = `All runs start at (${start.map(digits).join(", ")}).`;
  const ends = Object.entries(outcome).map(([run, end]) => `${titles[run]}: ${inWords(end, updates)}`);
  const runs = ends.length ? [from, ...ends].join(" ") : "No optimizer is chosen.";
  return Object.fromEntries(Object.entries(PICTURES).map(([name, words]) => [name, `${words(surface.title)} ${runs}`]));
}

function inWords({ theta, loss, diverged_at: divergedAt }, updates) {
  if (divergedAt >= 0) return `diverged at update ${divergedAt}.`;
  return `after ${updates} updates at (${theta.map(digits).join(", ")}), where the loss is ${digits(loss)}.`;
}
