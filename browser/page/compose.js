// From settings to the message for the canvas, which in the app the server makes: pictures, sliders and runs. No DOM.

import { Live } from "../canvas/live.js";
import { followsOf, runOf } from "../canvas/meta.js";
import { inFrame, lossFrame } from "./loss_axis.js";
import { descriptionsOf } from "./descriptions.js";
import { outcomeOf } from "./outcome.js";
import { atRest, sheetIn } from "./rest.js";
import { sensitiveSentences } from "./sensitive.js";
import { argumentsOf, chosenRule, chosenUpdate, END, valueOf, valuesOf } from "./settings.js";

const UPDATE = "update_shown";
const ANY_RUN = "any run";
const RATE = "learning_rate", SHARED = "rate", SCHEDULE = "schedule.";
const HEIGHTS = { contour: 430, surface: 430, loss: 430 };

export class Composer {
  #live = new Live();

  // common: what browser/contents.py says of rules and schedules.
  constructor(common) {
    this.common = common;
  }

  // The message for settings. contents: {surface, noise}: what browser/contents.py says of the surface, and the slopes
  // of the noise of their seed, or null. theme: "light" or "dark".
  message(settings, { surface, noise }, theme) {
    const now = settings.update === END ? settings.updates : settings.update;
    const live = this.#liveOf(settings, surface, noise);
    this.#live.serve(live);
    this.settings = settings;
    const { inputs } = this.#live;
    live.sentences = live.sentences.map((said) => ({ ...said, text: this.#live.said(said, now, inputs) }));
    const { content, sensitive } = this.#once(drawnOf(settings, theme, noise), () => ({
      content: this.#pictures(settings, surface, surface.pictures[theme][settings.heights], now, inputs),
      sensitive: sensitiveSentences(this.#live, this.#titles(settings), inputs),
    }));
    live.sentences.push(...sensitive);
    return {
      key: "canvas", module: "", style: "", plotly: "", ground: surface.name, content, heights: HEIGHTS,
      descriptions: descriptionsOf(this.outcome(), this.#titles(settings), surface, settings),
      steps: settings.updates, unit: "update", revision: surface.name, pick: ["contour"], verdicts: [], live, answered: 0, now, told: 0,
    };
  }

  // The same where nothing else is drawn: the canvas then leaves its pictures alone.
  #once(key, make) {
    if (this.drawn?.key !== key) this.drawn = { key, made: make() };
    return this.drawn.made;
  }

  #titles({ optimizers }) {
    return Object.fromEntries(optimizers.map((run) => [run, this.common.rules[run].title]));
  }

  // What became of every run of the last message: {theta, loss, diverged_at}; what is not finite is null.
  outcome() {
    const outcomes = this.settings.optimizers.map((run) => [run, outcomeOf(this.#live.rows(run))]);
    return Object.fromEntries(outcomes.filter(([, outcome]) => outcome));
  }

  // ---- what follows the hand --------------------------------------------------------------------------------------

  #liveOf(settings, surface, noise) {
    const [start1, start2] = settings.start, isEmpty = !settings.optimizers.length;
    const inputs = { start1, start2, [UPDATE]: chosenUpdate(settings) };
    return {
      sliders: this.#sliders(settings, surface),
      runs: isEmpty ? null : this.#runs(settings, surface, noise),
      bound: Object.fromEntries(settings.optimizers.map((run) => [run, this.#bound(settings, run)])),
      points: { contour: ["start1", "start2"] },
      start: ["start1", "start2"],
      inputs, hover: {}, sentences: isEmpty ? [] : this.#sentences(settings, surface), clock: UPDATE,
    };
  }

  #runs(settings, surface, noise) {
    const { rules, equations, schedules } = this.common;
    const kind = schedules[settings.schedule];
    const schedule = { program: 0, values: valuesOf(settings, settings.schedule, this.common) };
    const asksHessian = settings.optimizers.some((run) => equations[rules[run].equations].asked.includes("hessian"));
    const isNoisy = settings.noise > 0 && noise;
    const { program } = asksHessian ? surface.curvedLoss : surface.loss;
    return {
      surface: program,
      noise: isNoisy ? { slopes: noise, strength: settings.noise } : null,
      equations,
      schedules: [kind.program],
      // Without a program of the loss, no rule can run.
      rules: Object.fromEntries((program ? settings.optimizers : []).map((run) => {
        const { equations: place, isScheduled } = rules[run];
        const values = argumentsOf(settings, run, this.common);
        return [run, { equations: place, schedule: isScheduled ? schedule : null, values }];
      })),
      waiting: {},
      start: settings.start,
      steps: settings.updates,
    };
  }

  // The input that each hyperparameter of a rule, and of its schedule, takes its value from.
  #bound(settings, run) {
    const { isScheduled, ranges } = this.common.rules[run];
    const bound = Object.fromEntries(Object.keys(ranges).map((name) => [name, `${run}_${name}`]));
    if (!isScheduled) return bound;
    if (settings.same_rate) bound[RATE] = SHARED;
    for (const name of Object.keys(this.common.schedules[settings.schedule].ranges)) {
      bound[SCHEDULE + name] = `${settings.schedule}_${name}`;
    }
    return bound;
  }

  // The learning rates, and folded, the other hyperparameters.
  #sliders(settings, surface) {
    const { rules, schedules } = this.common;
    const place = (key, value, changes = {}) => placed({ ...surface.sliders[key], ...changes }, value);
    const of = (owner, name, changes) =>
      place(`${owner}.${name}`, valueOf(settings, owner, name, this.common), changes);
    const rates = settings.same_rate
      ? [place(RATE, settings.learning_rate)]
      : settings.optimizers.map((run) => {
        const label = `Learning rate η · ${rules[run].title}`;
        return of(run, RATE, { label, spoken: label });
      });
    const owners = settings.optimizers.map((run) => [run, rules[run], `${rules[run].title}: hyperparameters`]);
    const schedule = schedules[settings.schedule];
    owners.push([settings.schedule, schedule, `Schedule: ${schedule.title}`]);
    const folded = owners.flatMap(([owner, { isScheduled, ranges }, group]) => {
      const isShown = owner in rules && (isScheduled || !settings.same_rate);
      const names = Object.keys(ranges).filter((name) => name !== RATE || !isShown);
      return names.map((name) => of(owner, name, { group }));
    });
    return [...rates, ...folded];
  }

  // What the learning rate of the update that is looked at means beside the limit 2/λ.
  #sentences(settings, { rate }) {
    if (!rate) return [];
    const run = chosenRule(settings);
    const before = `Before update {${UPDATE}} of ${this.common.rules[run].title}, at ({theta1}, {theta2}): `;
    const plain = run === "GradientDescent" ? "" : "for plain gradient descent, ";
    const cases = rate.cases.map((said) => said.replace("{before}", before).replace("{plain}", plain));
    return [{ text: "", program: rate.program, cases, rows: "row", run, update: UPDATE }];
  }

  // ---- pictures ---------------------------------------------------------------------------------------------------

  #pictures(settings, surface, pictures, now, inputs) {
    const runs = settings.optimizers.map((run) => this.#live.rows(run)).filter(Boolean).map(columnsOf);
    const frame = lossFrame(runs, surface.best, surface.view);
    const titles = this.#titles(settings), changed = Object.keys(inputs);
    return Object.fromEntries(Object.keys(HEIGHTS).map((name) => {
      const empty = this.#figure(name, settings, pictures);
      const figure = name === "loss" ? inFrame(empty, frame, settings.optimizers.length ? settings.updates : 1) : empty;
      const sheet = name === "surface" ? sheetIn(figure, surface.ground) : null;
      return [name, atRest(figure, this.#live, now, inputs, { changed, sheet, titles })];
    }));
  }

  // The figure with the traces of the chosen rules, without points.
  #figure(name, settings, pictures) {
    const { data, layout } = pictures.byLength.findLast(({ from }) => settings.updates >= from)[name];
    const isOwn = (trace) => runOf(trace) === undefined && followsOf(trace)?.rows !== "start";
    const starts = data.filter((trace) => followsOf(trace)?.rows === "start");
    const paths = settings.optimizers.flatMap((run) => data.filter((trace) => isOf(trace, run, settings)));
    const circle = this.#hasCircle(settings) ? circleOf(pictures, name, chosenRule(settings)) : [];
    const over = name === "surface" ? [...circle, ...paths] : [...paths, ...circle];
    return {
      data: [...data.filter(isOwn), ...over, ...(settings.optimizers.length ? starts : [])],
      layout: this.#layout(name, layout, settings, pictures),
    };
  }

  // Whether the update that is looked at has a red circle: its step is as long as the radius, and there is a slope.
  #hasCircle(settings) {
    const rows = settings.circle ? this.#live.rows(chosenRule(settings)) : null, update = chosenUpdate(settings);
    const change = (name) => rows.column(name)[update] - rows.column(name)[update - 1];
    const slope = (name) => rows.column(name)[update - 1];
    return Boolean(rows) && [[change, "theta"], [slope, "gradient"]].every(([of, name]) => {
      const length = Math.hypot(of(`${name}1`), of(`${name}2`));
      return length > 0 && length < Infinity;
    });
  }

  #layout(name, layout, settings, { update: { arrows } }) {
    const run = chosenRule(settings);
    if (name !== "contour" || !settings.arrows || !run) return layout;
    const shown = this.common.rules[run].arrows.map((kind) => ({ ...arrows[kind], run }));
    return { ...layout, meta: { arrows: shown } };
  }
}

// What the pictures depend on: without arrows and red circle, not on what is looked at.
function drawnOf({ update, rule, ...settings }, theme, noise) {
  const moment = settings.arrows || settings.circle ? { update, rule } : {};
  return JSON.stringify([settings, moment, theme, Boolean(noise)]);
}

// A trace of a run; that of one update only where this is looked at.
function isOf(trace, run, settings) {
  if (runOf(trace) !== run) return false;
  return followsOf(trace).rows !== "row" || settings.arrows;
}

function circleOf({ update }, name, run) {
  const traces = update.circle[name] ?? [];
  return traces.map((trace) => ({ ...trace, meta: { ...trace.meta, run: runOf(trace) === ANY_RUN ? run : undefined } }));
}

// A slider at a value, which has a place of its own.
function placed(slider, value) {
  const numbers = [...new Set([...slider.numbers, value])].sort((a, b) => a - b);
  return { ...slider, numbers, value, spoken: slider.spoken || slider.label };
}

function columnsOf(rows) {
  return Object.fromEntries(["theta1", "theta2", "value"].map((name) => [name, rows.column(name)]));
}
