// What is set on a page without a server, and the link that carries it: names, rules and sentences of the app. No DOM.
//
// Settings are frozen: {surface, start, optimizers, learning_rate, same_rate, updates, schedule, noise, seed, heights,
// arrows, circle, rule, update, values}, where values holds hyperparameters of rules and schedules as "Adam.beta1".

import { exactText, numberIn } from "./number_texts.js";

// The moment after the last update, however many there are.
export const END = -1;
export const RATE = "learning_rate";
const LONGEST_NAME = 1020, LONGEST_VALUE = 200, LONGEST_SHOWN = 40;

// ---- reading settings ---------------------------------------------------------------------------------------------

// The update that is worked out: the one that led to the moment that is shown.
export function chosenUpdate({ update, updates }) {
  return Math.max(1, update === END ? updates : update);
}

// The rule whose update is worked out: the first of all unless another one is chosen.
export function chosenRule({ rule, optimizers }) {
  return optimizers.includes(rule) ? rule : optimizers[0] ?? "";
}

// What a value of each hyperparameter of a rule or a schedule has to be, and the one that it has by itself.
export function rangesOf(owner, { rules, schedules }) {
  return (Object.hasOwn(rules, owner) ? rules : schedules)[owner].ranges;
}

// The value of one hyperparameter of a rule or a schedule.
export function valueOf({ values }, owner, name, common) {
  const key = `${owner}.${name}`;
  return Object.hasOwn(values, key) ? values[key] : rangesOf(owner, common)[name].default;
}

// The values of all hyperparameters of a rule or a schedule, by name.
export function valuesOf(settings, owner, common) {
  const names = Object.keys(rangesOf(owner, common));
  return Object.fromEntries(names.map((name) => [name, valueOf(settings, owner, name, common)]));
}

// The hyperparameters that one of the chosen rules runs with.
export function argumentsOf(settings, rule, common) {
  const isShared = settings.same_rate && common.rules[rule].isScheduled;
  return { ...valuesOf(settings, rule, common), ...(isShared ? { [RATE]: settings.learning_rate } : {}) };
}

// ---- changing settings --------------------------------------------------------------------------------------------

// Settings with changes, {"Adam.beta1": 0.5} for the value of a hyperparameter. A moment beyond the last update is the
// end, and a rule that is not chosen, or is the first one, need not be named.
export function withChanges(settings, changes) {
  const isValue = ([name]) => name.includes(".");
  const named = Object.entries(changes).filter((change) => !isValue(change));
  const merged = { ...settings, ...Object.fromEntries(named) };
  const values = { ...merged.values, ...Object.fromEntries(Object.entries(changes).filter(isValue)) };
  const { update, updates, rule, optimizers } = merged;
  return frozen({
    ...merged,
    values,
    update: 0 <= update && update < updates ? update : END,
    rule: optimizers.indexOf(rule) > 0 ? rule : "",
  });
}

// What a surface opens with.
export function resetOf(surface) {
  return frozen(surface.defaults);
}

// Another surface brings its own start and a learning rate that suits it, and its runs are shown to their end.
export function onSurface(settings, { name, defaults }) {
  const { start, learning_rate: rate } = defaults;
  return withChanges(settings, { surface: name, start, [RATE]: rate, update: END });
}

function frozen(settings) {
  const { start, optimizers, values } = settings;
  return Object.freeze({
    ...settings,
    start: Object.freeze([...start]),
    optimizers: Object.freeze([...optimizers]),
    values: Object.freeze({ ...values }),
  });
}

// ---- the link -----------------------------------------------------------------------------------------------------

// The settings as parameters of a link: only what differs from the start of the surface and from the defaults.
export function encoded(settings, { defaults, ...common }, surface) {
  const query = {};
  const put = (name, write, plain = defaults[name]) => {
    if (!isSame(settings[name], plain)) query[name] = write(settings[name]);
  };
  put("surface", String);
  put("start", (start) => start.map(exactText).join(","), surface.defaults.start);
  put("optimizers", (names) => names.join(","));
  for (const name of [RATE, "updates", "noise", "seed", "update"]) put(name, exactText);
  for (const name of ["schedule", "heights", "rule"]) put(name, String);
  for (const name of ["same_rate", "arrows", "circle"]) put(name, (is) => (is ? "yes" : "no"));
  if (settings.update === END && (settings.arrows || settings.circle)) query.update = exactText(settings.updates);
  const used = [...settings.optimizers, settings.schedule];
  for (const [key, value] of Object.entries(settings.values)) {
    const [owner, name] = key.split(".");
    if (used.includes(owner) && value !== rangesOf(owner, common)[name].default) query[key] = exactText(value);
  }
  return query;
}

function isSame(one, other) {
  if (!Array.isArray(one)) return one === other;
  return one.length === other.length && one.every((part, place) => part === other[place]);
}

// The surface that a link asks for, if the page holds it; else the one that the page opens with.
export function surfaceNameIn(query, { surfaces, defaults }) {
  const asked = Object.hasOwn(query, "surface") ? query.surface : defaults.surface;
  if (Object.hasOwn(surfaces, asked)) return asked;
  return Object.hasOwn(surfaces, defaults.surface) ? defaults.surface : Object.keys(surfaces)[0];
}

// The settings of a link on the surface that it asks for, and a sentence for every part of it that was ignored. A link
// with arrows or the red circle that does not say of which update means the first, where the most is seen.
export function decoded(query, common, surface) {
  const { defaults, most } = common, reader = new Reader(query);
  reader.surface(common.surfaces);
  const updates = reader.whole("updates", defaults.updates, 1, most.updates);
  const arrows = reader.yesOrNo("arrows", defaults.arrows), circle = reader.yesOrNo("circle", defaults.circle);
  const settings = frozen({
    surface: surface.name,
    start: reader.point("start", surface.defaults.start),
    optimizers: reader.rules("optimizers", defaults.optimizers, common.rules, most.optimizers),
    learning_rate: reader.number(RATE, defaults.learning_rate, (number) => number > 0),
    same_rate: reader.yesOrNo("same_rate", defaults.same_rate),
    updates,
    schedule: reader.oneOf("schedule", common.schedules, defaults.schedule),
    noise: reader.number("noise", defaults.noise, (number) => number >= 0),
    seed: reader.whole("seed", defaults.seed, 0, most.seed),
    heights: reader.oneOf("heights", common.heights, defaults.heights),
    arrows,
    circle,
    rule: reader.oneOf("rule", common.rules, defaults.rule),
    update: reader.moment("update", arrows || circle ? 1 : END, updates),
    values: reader.hyperparameters({ ...common.schedules, ...common.rules }),
  });
  return { settings, ignored: reader.complaints() };
}

// Reads one link and remembers what it could not use.
class Reader {
  constructor(query) {
    this.query = Object.fromEntries(Object.entries(query).map(([key, value]) => [key, String(value)]));
    this.ignored = [];
    this.read = new Set();
  }

  complaints() {
    const unknown = Object.keys(this.query).filter((key) => !this.read.has(key));
    return [...this.ignored, ...unknown.map((key) => `${shown(key)} is not a setting`)];
  }

  get(key, longest = LONGEST_VALUE) {
    this.read.add(key);
    if (!Object.hasOwn(this.query, key)) return null;
    return [...this.query[key]].length > longest ? this.ignore(key, "is too long") : this.query[key];
  }

  ignore(key, reason) {
    this.ignored.push(`${shown(key)} = ${shown(this.query[key])} ${reason}`);
    return null;
  }

  // One of the names in a table.
  oneOf(key, table, otherwise) {
    const text = this.get(key);
    if (text === null) return otherwise;
    return Object.hasOwn(table, text) ? text : this.ignore(key, "is not known") ?? otherwise;
  }

  // A page without a server knows no surface but its own, and no formulas.
  surface(surfaces) {
    const text = this.get("surface", LONGEST_NAME);
    if (text === null || Object.hasOwn(surfaces, text)) return;
    this.ignore("surface", text.startsWith("= ") ? "is a formula, which this page cannot read" : "is not known");
  }

  yesOrNo(key, otherwise) {
    const text = this.oneOf(key, { yes: true, no: true }, null);
    return text === null ? otherwise : text === "yes";
  }

  number(key, otherwise, isUsable = () => true) {
    const text = this.get(key);
    if (text === null) return otherwise;
    const number = numberIn(text);
    if (number !== null && isUsable(number)) return number;
    return this.ignore(key, "is not a number that can be used here") ?? otherwise;
  }

  whole(key, otherwise, low, high) {
    const number = this.number(key, null);
    if (number === null) return otherwise;
    if (Number.isInteger(number) && low <= number && number <= high) return number + 0;
    return this.ignore(key, `is not a whole number from ${low} to ${high}`) ?? otherwise;
  }

  moment(key, otherwise, updates) {
    const update = this.whole(key, otherwise, 0, updates);
    return update === updates ? END : update;
  }

  point(key, otherwise) {
    const text = this.get(key);
    if (text === null) return otherwise;
    const numbers = text.split(",").map(numberIn);
    if (numbers.length === 2 && !numbers.includes(null)) return numbers;
    return this.ignore(key, "is not two finite numbers with a comma between them") ?? otherwise;
  }

  rules(key, otherwise, rules, most) {
    const text = this.get(key);
    if (text === null) return otherwise;
    if (!text) return [];
    const names = text.split(","), isKnown = (name) => Object.hasOwn(rules, name);
    const known = [...new Set(names)].filter(isKnown);
    if (!names.every(isKnown)) this.ignore(key, "holds a name that is not known");
    else if (known.length < names.length) this.ignore(key, "holds a name twice");
    else if (known.length > most) this.ignore(key, `holds more than ${most} rules`);
    return known.length ? known.slice(0, most) : otherwise;
  }

  hyperparameters(owners) {
    const values = {};
    for (const [owner, { ranges }] of Object.entries(owners)) {
      for (const [name, range] of Object.entries(ranges)) {
        const key = `${owner}.${name}`, text = this.get(key), number = text === null ? null : numberIn(text);
        if (number !== null && isWithin(number, range)) values[key] = number;
        else if (text !== null) this.ignore(key, "is outside its range");
      }
    }
    return values;
  }
}

function isWithin(number, { isWhole, above, at_least: atLeast, below, at_most: atMost }) {
  return (!isWhole || Number.isInteger(number)) &&
    !(number <= above) && !(number < atLeast) && !(number >= below) && !(number > atMost);
}

// Text from a link, made harmless: printable and short.
function shown(text) {
  if (!text) return "nothing";
  const letters = [...text.replace(/(?! )[\p{C}\p{Z}`$]/gu, "?")];
  return letters.slice(0, LONGEST_SHOWN).join("") + (letters.length > LONGEST_SHOWN ? "…" : "");
}
