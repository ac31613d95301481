// Runs of rules on a loss, from the data that `browser.program(surface, rules, start, steps)` makes in Python.
//
//   const engine = new Engine(data);
//   engine.names                    the rules that run here; engine.waiting: {name: why it cannot}
//   engine.value(theta1, theta2)    the loss; NaN where it waits, too
//   engine.run(name, options)       -> {columns, rows, count, divergedAt}
//   engine.numbers(name, options)   -> {learning_rate, ..., scheduled_learning_rate}, numbers or one for each update
//   engine.isSensitive(name, options) -> whether another computer may draw another path
//   engine.sweep(name, rates, options) -> {theta1, theta2, value, divergedAt, arrival}, typed arrays with an entry for
//                                   each rate
//
// options: {start: [theta1, theta2], steps, values: {learning_rate, beta1, ...}, schedule: {decay, ...}, noise: how
// strong it is}; what is left out is as in the data. Nothing is compiled again for other numbers. A sweep also takes
// goal: {lowest, share, rounding}; arrival is the update after which the loss stays as near to the lowest as this share
// of its first distance, and rounding, allow; -1 where it never does, and without a goal.
//
// rows: a Float64Array, row by row; the number of column j after update k is rows[k * columns.length + j], for k from 0
// to steps (count = steps + 1). columns: theta1, theta2, what the rule remembers, value, gradient1, gradient2,
// seen_gradient1 and seen_gradient2 where the rule sees another gradient, and what the rule shows. What is shown in row
// k belongs to the update that begins there. divergedAt: the first update whose point, loss or gradient is not finite,
// -1 where there is none.
//
// The data: surface: null where all rules wait, else {program, mends, examples}, of which program may be null; mends:
// null, or the size of the picture where derivatives are mended by one-sided limits; examples: {program, columns,
// reduction}. noise: null, or {slopes: [[...], [...]], strength}, or {indices: [[...], ...]} with the examples that each
// update sees. equations, schedules: the programs that rules share; rules: {name: {equations, schedule, values}} with
// places among them. start, steps, waiting.

import { ExamplesLoss, HESSIAN, MendedLoss, ProgramLoss, TiltedLoss } from "./losses.js";
import { Builder, Program, numberOf, overRows } from "./program.js";
import { Recurrence } from "./recurrence.js";
import { armijo } from "./search.js";
import { departure, nudges, THRESHOLD } from "./sensitivity.js";

const THETA = ["theta1", "theta2"];
const MOMENTS = ["value", "gradient1", "gradient2"];
const SLOPE = ["slope1", "slope2"];
const NUDGE = ["nudge1", "nudge2"];
const RATE = "learning_rate", SCHEDULED = "scheduled_learning_rate";

export class Engine {
  constructor(data) {
    this.serve(data);
    this.loss = data.surface && lossOf(data.surface);
    this.noise = data.noise && new Noise(this.loss, data);
    this.schedules = data.schedules.map((program) => new Schedule(Program.fromData(program)));
    this.equations = data.equations.map((rule) => ({ ...rule, program: Program.fromData(rule.program) }));
    this.descents = new Map();
  }

  // Takes the numbers of other data whose programs and noise are the same.
  serve(data) {
    this.start = data.start.map(numberOf);
    this.steps = data.steps;
    this.waiting = data.waiting;
    this.rules = new Map(Object.entries(data.rules));
  }

  get names() {
    return [...this.rules.keys()];
  }

  value(theta1, theta2) {
    return this.loss ? this.loss.valueAt(theta1, theta2) : NaN;
  }

  run(name, { start = this.start, steps = this.steps, values = {}, schedule = {}, noise } = {}) {
    this.noise?.strengthen(noise);
    const descent = this.descentOf(name), { columns } = descent, count = steps + 1;
    const rows = new Float64Array(count * columns.length);
    descent.run(rows, count, start, this.numbersOf(name, values, schedule));
    return { columns, rows, count, divergedAt: descent.divergedAt(rows, count) };
  }

  // Whether the path is another one where every point is nudged in its last digit.
  isSensitive(name, { start = this.start, steps = this.steps, values = {}, schedule = {}, noise } = {}) {
    this.noise?.strengthen(noise);
    const count = steps + 1, numbers = this.numbersOf(name, values, schedule);
    const [path, other] = [false, true].map((isNudged) => {
      const descent = this.descentOf(name, isNudged), width = descent.columns.length;
      const rows = new Float64Array(count * width);
      const from = isNudged ? nudges(1).map(([factor], axis) => start[axis] * factor) : start;
      descent.run(rows, count, from, numbers);
      return { rows, width, count };
    });
    return departure(path, other) > THRESHOLD;
  }

  // What a run does not change: its hyperparameters by name, and the learning rates of all updates.
  numbers(name, { steps = this.steps, values = {}, schedule = {} } = {}) {
    const descent = this.descentOf(name), numbers = this.numbersOf(name, values, schedule), count = steps + 1;
    const rate = numbers.values.get(RATE);
    const rates = descent.schedule ? descent.schedule.rates(rate, numbers.schedule, count) : rate;
    return { ...Object.fromEntries(numbers.values), [SCHEDULED]: rates };
  }

  sweep(name, rates, { start = this.start, steps = this.steps, values = {}, schedule = {}, noise, goal = null } = {}) {
    this.noise?.strengthen(noise);
    const descent = this.descentOf(name), count = steps + 1, width = descent.columns.length;
    const rows = new Float64Array(count * width), last = (count - 1) * width;
    const arrival = new Int32Array(rates.length).fill(-1);
    const [theta1, theta2, value] = [0, 1, 2].map(() => new Float64Array(rates.length));
    const divergedAt = new Int32Array(rates.length);
    for (let place = 0; place < rates.length; place++) {
      descent.run(rows, count, start, this.numbersOf(name, { ...values, [RATE]: rates[place] }, schedule));
      theta1[place] = rows[last];
      theta2[place] = rows[last + 1];
      value[place] = rows[last + descent.places[2]];
      divergedAt[place] = descent.divergedAt(rows, count);
      if (goal) arrival[place] = descent.arrival(rows, count, goal);
    }
    return { theta1, theta2, value, divergedAt, arrival };
  }

  // The hyperparameters of a rule and of its schedule, changed by those that are given.
  numbersOf(name, values, schedule) {
    const rule = this.rules.get(name);
    return { values: merged(rule.values, values), schedule: rule.schedule && merged(rule.schedule.values, schedule) };
  }

  descentOf(name, isNudged = false) {
    const { equations, schedule } = this.rules.get(name);
    const place = schedule ? schedule.program : -1, key = `${equations} ${place} ${isNudged}`;
    if (!this.descents.has(key)) {
      const rates = schedule && this.schedules[place];
      this.descents.set(key, new Descent(this.equations[equations], this.loss, this.noise, rates, isNudged));
    }
    return this.descents.get(key);
  }
}

function merged(before, changed) {
  const numbers = new Map(Object.entries(before).map(([name, value]) => [name, numberOf(value)]));
  for (const [name, value] of Object.entries(changed)) {
    if (numbers.has(name)) {
      numbers.set(name, value);
    }
  }
  return numbers;
}

function lossOf({ program, mends, examples }) {
  if (program) {
    const checked = Program.fromData(program);
    return mends === null ? new ProgramLoss(checked) : new MendedLoss(checked, mends);
  }
  return examplesOf(examples);
}

function examplesOf({ program, columns, reduction }) {
  return new ExamplesLoss(Program.fromData(program), columns.map((column) => Float64Array.from(column)), reduction);
}

// What a rule sees in place of the loss, another one in every update.
class Noise {
  constructor(loss, { noise, surface }) {
    this.unit = noise.slopes && noise.slopes.map((column) => Float64Array.from(column, numberOf));
    const examples = loss instanceof ExamplesLoss || this.unit ? loss : examplesOf(surface.examples);
    this.updates = this.unit ? this.unit[0].length : noise.indices.length;
    this.made = (update) => this.unit
      ? new TiltedLoss(loss, this.slopes[0][update], this.slopes[1][update])
      : examples.only(noise.indices[update]);
    this.losses = new Map();
    this.usual = noise.strength;
    this.strengthen();
  }

  // Makes slopes so many times as strong as those of the data.
  strengthen(strength = this.usual) {
    if (!this.unit || strength === this.strength) return;
    this.strength = strength;
    this.slopes = this.unit.map((column) => column.map((slope) => strength * slope));
    this.losses.clear();
  }

  at(update) {
    if (!this.losses.has(update)) {
      this.losses.set(update, this.made(update));
    }
    return this.losses.get(update);
  }
}

// The learning rates of a run.
class Schedule {
  constructor(program) {
    this.names = [...program.inputs.keys()].filter((name) => name !== "update");
    this.scheduled = overRows(program, this.names, ["update"], [SCHEDULED]);
  }

  rates(learningRate, values, count) {
    const numbers = this.names.map((name) => (name === RATE ? learningRate : values.get(name)));
    const rates = new Float64Array(count);
    this.scheduled(Float64Array.from(numbers), [updatesUpTo(count)], [rates], count);
    return rates;
  }
}

let updates = new Float64Array(0);

function updatesUpTo(count) {
  if (updates.length < count) {
    updates = Float64Array.from({ length: count }, (_, update) => update);
  }
  return updates;
}

// A rule on a loss as a recurrence. A loss that is a program becomes a part of it; every other one is asked.
class Descent {
  constructor(rule, loss, noise, schedule, isNudged) {
    Object.assign(this, { rule, loss, noise, schedule, seen: loss });
    // A rule that asks for values sees those of the tilted loss, too.
    const mayTilt = Boolean(noise?.unit) && !rule.asked.includes("value");
    const isInside = loss.program && !(loss instanceof MendedLoss) && (!noise || mayTilt);
    this.recurrence = new Recurrence(...joined(rule, isInside ? loss.program : null, noise, schedule, isNudged));
    this.columns = this.recurrence.columns;
    this.places = [...THETA, ...MOMENTS].map((name) => this.columns.indexOf(name));
    this.asked = this.recurrence.questions.map((question) => question.isSearch ? this.searching() : this.answering());
  }

  run(rows, count, start, { values, schedule }) {
    if (this.noise && this.noise.updates < count) {
      throw new Error(`The noise is known for ${this.noise.updates - 1} updates only.`);
    }
    const learningRate = values.get(RATE);
    const inputs = new Map([...values, [SCHEDULED, learningRate], [THETA[0], start[0]], [THETA[1], start[1]]]);
    const first = ({ first }, name) => typeof first[name] === "string" ? inputs.get(first[name]) : first[name];
    const carried = this.recurrence.carried.map((name) => inputs.get(name) ?? first(this.rule, name));
    const streams = {
      update: () => updatesUpTo(count),
      [SCHEDULED]: () => this.schedule.rates(learningRate, schedule, count),
      [SLOPE[0]]: () => this.noise.slopes[0],
      [SLOPE[1]]: () => this.noise.slopes[1],
      // What an update makes is the next point.
      [NUDGE[0]]: () => nudges(count + 1)[0].subarray(1),
      [NUDGE[1]]: () => nudges(count + 1)[1].subarray(1),
    };
    this.recurrence.run(
      rows,
      count,
      Float64Array.from(carried),
      Float64Array.from(this.recurrence.fixed, (name) => inputs.get(name)),
      this.recurrence.streamed.map((name) => streams[name]()),
      this.asked,
    );
  }

  // Answers what the loss and its derivatives are, and those that the rule sees.
  answering() {
    const { loss, noise, rule } = this;
    if (!noise) {
      return (answers, _round, theta1, theta2) => loss.at(theta1, theta2, answers);
    }
    const shown = new Float64Array(MOMENTS.length);
    const seen = new Float64Array(MOMENTS.length + (rule.asked.includes("hessian") ? HESSIAN.length : 0));
    return (answers, round, theta1, theta2) => {
      loss.at(theta1, theta2, shown);
      this.seen = noise.at(round);
      this.seen.at(theta1, theta2, seen);
      answers.set(shown);
      answers.set(seen, shown.length);
    };
  }

  searching() {
    return (answers, _round, ...shown) => {
      answers[0] = armijo(this.seen.valueAt, ...shown);
    };
  }

  arrival(rows, count, { lowest, share, rounding }) {
    const width = this.columns.length, gap = (update) => rows[update * width + this.places[2]] - lowest;
    const most = share * Math.max(gap(0), 0) + rounding;
    let update = count;
    while (update > 0 && Math.abs(gap(update - 1)) <= most) update--;
    return update === count ? -1 : update;
  }

  divergedAt(rows, count) {
    const width = this.columns.length;
    for (let update = 0; update < count; update++) {
      for (const place of this.places) {
        const number = rows[update * width + place];
        if (number - number !== 0) {
          return update;
        }
      }
    }
    return -1;
  }
}

// The program of a rule with its loss, which is a part of it or, where there is none, asked; and how its rounds go.
function joined(rule, loss, noise, schedule, isNudged) {
  const builder = new Builder(), isAsked = !loss;
  const theta = new Map(THETA.map((name) => [name, builder.input(name)]));
  const names = [
    ...MOMENTS,
    ...(isAsked && noise ? MOMENTS.map(seenName) : []),
    ...(rule.asked.includes("hessian") ? HESSIAN : []),
  ];
  const answers = isAsked
    ? new Map(names.map((name) => [name, builder.input(name)]))
    : builder.include(loss, theta, names);
  const seen = seenBy(builder, answers, noise, isAsked);
  const outputs = new Map([
    ...answers,
    ...MOMENTS.slice(1).map((name) => [seenName(name), seen.get(name)]),
    ...THETA.map((name) => [`here_${name}`, theta.get(name)]),
    ...builder.include(rule.program, new Map([...theta, ...seen])),
  ]);
  if (isNudged) {
    THETA.forEach((name, axis) => {
      outputs.set(name, builder.operation("multiply", outputs.get(name), builder.input(NUDGE[axis])));
    });
  }
  return [new Program(builder.values, outputs), {
    carried: rule.carried,
    streamed: ["update", ...(noise && !isAsked ? SLOPE : []), ...(schedule ? [SCHEDULED] : []),
      ...(isNudged ? NUDGE : [])],
    questions: [
      ...(isAsked ? [{ arguments: THETA.map((name) => `here_${name}`), answers: names }] : []),
      ...(rule.search ? [{ ...rule.search, isSearch: true }] : []),
    ],
    recorded: [...MOMENTS, ...(noise ? MOMENTS.slice(1).map(seenName) : []), ...rule.shown],
  }];
}

function seenName(name) {
  return `seen_${name}`;
}

// What the rule sees of the loss, by name.
function seenBy(builder, answers, noise, isAsked) {
  const seen = new Map(answers);
  if (noise && isAsked) {
    MOMENTS.forEach((name) => seen.set(name, answers.get(seenName(name))));
  } else if (noise) {
    SLOPE.forEach((slope, axis) => {
      const name = MOMENTS[1 + axis];
      seen.set(name, builder.operation("add", answers.get(name), builder.input(slope)));
    });
  }
  return seen;
}
