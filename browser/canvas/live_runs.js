// The runs of a page for any inputs: what the followers ask. Every run is made once for the same inputs. No DOM.

import { Engine } from "../engine/descent.js";

const SCHEDULE = "schedule.", SEEN = "seen_", RATE = "learning_rate";

export class LiveRuns {
  #engine = null;
  #programs = "";
  #made = new Map();

  // runs: data of `browser.program`, or null. bound: for every run, the input that each of its hyperparameters takes,
  // under "steps" its number of updates, and under "noise" how strong its noise is. start: the names of the two inputs
  // from which all runs set out.
  serve({ runs, bound, start }) {
    Object.assign(this, { bound, startNames: start });
    this.#made.clear();
    if (!runs) {
      this.#engine = null;
      return;
    }
    // What is compiled is kept as long as the programs stay the same.
    const programs = JSON.stringify([runs.surface, runs.noise, runs.equations, runs.schedules]);
    if (!this.#engine || programs !== this.#programs) this.#engine = new Engine(runs);
    else this.#engine.serve(runs);
    this.#programs = programs;
  }

  has(run) {
    return Boolean(this.#engine?.rules.has(run));
  }

  start(inputs) {
    return this.startNames.map((name) => inputs[name]);
  }

  value(theta1, theta2) {
    return this.#engine ? this.#engine.value(theta1, theta2) : NaN;
  }

  // {count, column(name)}: of every update what is known before it; null where the run is made by the server alone.
  rows(run, inputs) {
    if (!this.has(run)) return null;
    const options = this.#options(run, inputs);
    return this.#once(run, options, () => rowsOf(this.#engine.run(run, options), this.#engine.numbers(run, options)));
  }

  // Whether another computer may draw another path.
  isSensitive(run, inputs) {
    return this.has(run) && this.#engine.isSensitive(run, this.#options(run, inputs));
  }

  // {count, column(name)}: the end of the run with each of these learning rates, or with the one that it has; and as
  // `arrival`, when it has reached a goal.
  sweep(run, rates, inputs, goal) {
    if (!this.has(run)) return null;
    const options = { ...this.#options(run, inputs), goal };
    return this.#once(`${run} at ${rates ? "all rates" : "its rate"}`, options, () => {
      const swept = rates ?? [this.#engine.numbers(run, options)[RATE]];
      const ends = { [RATE]: swept, ...this.#engine.sweep(run, swept, options) };
      return { count: swept.length, column: (name) => ends[name] };
    });
  }

  #options(run, inputs) {
    const [values, schedule] = [{}, {}];
    for (const [name, input] of Object.entries(this.bound[run] ?? {})) {
      if (name.startsWith(SCHEDULE)) schedule[name.slice(SCHEDULE.length)] = inputs[input];
      else values[name] = inputs[input];
    }
    return { start: this.start(inputs), values, schedule, steps: values.steps, noise: values.noise };
  }

  #once(key, options, make) {
    const text = JSON.stringify(options);
    if (this.#made.get(key)?.text !== text) this.#made.set(key, { text, made: make() });
    return this.#made.get(key).made;
  }
}

// The columns of a run, each taken out of the rows when it is first asked for. numbers: those that are the same in all
// rows, or columns, by name.
export function rowsOf({ columns, rows, count }, numbers = {}) {
  const [width, taken] = [columns.length, new Map()];
  const take = (place) => {
    const column = new Float64Array(count);
    for (let row = 0; row < count; row += 1) column[row] = rows[row * width + place];
    return column;
  };
  // A rule that sees the loss itself has no column of what it sees.
  const placeOf = (name) => {
    const place = columns.indexOf(name);
    return place < 0 && name.startsWith(SEEN) ? columns.indexOf(name.slice(SEEN.length)) : place;
  };
  const update = () => Float64Array.from({ length: count }, (_, row) => row);
  return {
    count,
    column: (name) => {
      if (!taken.has(name)) {
        const place = placeOf(name);
        taken.set(name, name === "update" ? update() : place < 0 ? numbers[name] : take(place));
      }
      return taken.get(name);
    },
  };
}
