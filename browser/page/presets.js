// What a preset asks the reader to look at, as long as the runs are those of the preset. No DOM.

import { argumentsOf, rangesOf, valueOf } from "./settings.js";

// The words of the preset whose runs these are; else what the surface itself teaches.
export function lookAt(settings, surface, common) {
  const paths = whatMakesThePaths(settings, common);
  const preset = surface.presets.find((other) => whatMakesThePaths(other.settings, common) === paths);
  return preset?.lookAt ?? surface.lesson;
}

function whatMakesThePaths(settings, common) {
  const { surface, start, updates, schedule, optimizers, noise, seed } = settings;
  const ofSchedule = Object.keys(rangesOf(schedule, common)).map((name) => valueOf(settings, schedule, name, common));
  const rules = [...optimizers].sort().map((name) => [name, argumentsOf(settings, name, common)]);
  return JSON.stringify([surface, start, updates, schedule, ofSchedule, rules, noise, noise ? seed : 0]);
}
