// What is shown, in one line: the formula, the rules and all that a run depends on, as Python's lessons.summary says it.
// No DOM.

import { exactText } from "./number_texts.js";
import { argumentsOf, chosenRule, chosenUpdate, rangesOf, valuesOf } from "./settings.js";

// settings: of a page; surface, common: what it holds.
export function madeWith(settings, surface, common) {
  const { rules, heights } = common;
  const ofRules = settings.optimizers.map((rule) =>
    [rules[rule].title, inWords(rule, argumentsOf(settings, rule, common), common)]);
  const { start, updates, noise, seed } = settings;
  const rows = [
    ["Surface", surface.title],
    ["Loss L(θ₁, θ₂)", surface.formula],
    ["Start (θ₁, θ₂)", `(${start.map(exactText).join(", ")})`],
    ["Updates", String(updates)],
    ...ofRules,
    ["Schedule", scheduleOf(settings, common)],
    ["Noise on the gradient", noise ? `${exactText(noise)}, seed ${seed}` : "none"],
    ["Heights", heights[settings.heights]],
    ...drawnOf(settings, rules),
  ];
  return `Made with these settings. ${rows.map(([name, words]) => `${name}: ${words}.`).join(" ")}`;
}

function inWords(owner, values, common) {
  const ranges = rangesOf(owner, common);
  return Object.entries(values).map(([name, value]) => `${ranges[name].label.toLowerCase()} = ${exactText(value)}`).join(", ");
}

function scheduleOf(settings, common) {
  const { schedule, optimizers } = settings, { rules } = common, { title } = common.schedules[schedule];
  const said = inWords(schedule, valuesOf(settings, schedule, common), common);
  const without = optimizers.filter((rule) => !rules[rule].isScheduled).map((rule) => rules[rule].title);
  const apart = without.length && schedule !== common.defaults.schedule ? `. Not for ${listed(without)}` : "";
  return `${title}${said ? `: ${said}` : ""}${apart}`;
}

function drawnOf(settings, rules) {
  const drawn = [...(settings.arrows ? ["the arrows"] : []), ...(settings.circle ? ["the red circle"] : [])].join(" and ");
  const rule = chosenRule(settings);
  return drawn ? [["Also drawn", `${drawn} of update ${chosenUpdate(settings)} of ${rule ? rules[rule].title : rule}`]] : [];
}

function listed(words) {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
