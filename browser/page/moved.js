// The pictures of a lesson as the app has drawn them, moved by a hand without a server. No DOM.

import { Live } from "../canvas/live.js";
import { followsOf, hasCursor, numbered, runOf } from "../canvas/meta.js";
import { inFrame, lossFrame } from "./loss_axis.js";
import { numberIn } from "./number_texts.js";
import { outcomeOf } from "./outcome.js";
import { sensitiveSentences } from "./sensitive.js";
import { atRest, sheetIn } from "./rest.js";

const START = "start";
// Every gap as it is.
const EVERYTHING = { loss_low: -Infinity, loss_below: -Infinity };

export class MovedPictures {
  #live = new Live();
  #moved = {};
  #asked = {};

  // given: what browser/instrument.py says of the lesson: live, steps, unit, heights, descriptions, pick, verdicts, and
  // by theme {figures, ground}.
  constructor(given) {
    this.given = given;
    this.#live.serve(given.live);
    this.now = given.now;
  }

  // Whether the pictures are those that the lesson had.
  get isUntouched() {
    return this.now === this.given.now && !this.#touched(this.#live.moved(this.#inputs())).length;
  }

  // What has moved beside the time, which changes no run.
  #touched(changed) {
    return changed.filter((name) => name !== this.given.live.clock);
  }

  reset() {
    this.#moved = {};
    this.now = this.given.now;
  }

  // What the canvas says, as Streamlit would hear it.
  hear(kind, message) {
    if (kind === "rested") this.now = message.now;
    if (kind === "moved") Object.assign(this.#moved, message.values);
    if (kind === "picked") Object.assign(this.#moved, this.#live.inputsOf("points", message.figure, [message.x, message.y]));
  }

  // What the page around asks for: texts by the keys of sliders, and "start".
  set(query) {
    const { sliders, start } = this.given.live;
    for (const { key, name, numbers } of sliders) {
      const number = numberIn(query[key] ?? "");
      if (number === null || number < numbers[0] || number > numbers.at(-1)) continue;
      if (numbers.every(Number.isInteger) && !Number.isInteger(number)) continue;
      this.#moved[name] = this.#asked[name] = number;
    }
    const point = (query[START] ?? "").split(",").map(numberIn);
    if (point.length === 2 && point.every(Number.isFinite)) {
      start.forEach((name, place) => { if (name in this.#inputs()) this.#moved[name] = point[place]; });
    }
  }

  // What a page around is told: where the sliders and the start are, and what became of the runs.
  get state() {
    const inputs = this.#inputs(), { sliders, start } = this.given.live;
    const point = start.map((name) => inputs[name]);
    const values = sliders.map(({ key, name }) => [key, String(inputs[name])]);
    return { ...Object.fromEntries(values), ...(point.every(Number.isFinite) && { [START]: point.join(",") }) };
  }

  get outcome() {
    const runs = Object.keys(this.given.live.runs?.rules ?? {});
    return Object.fromEntries(runs.map((run) => [run, outcomeOf(this.#live.rows(run, this.#inputs()))]));
  }

  groundOf(theme) {
    return this.given.themes[theme].ground;
  }

  message(theme) {
    const { given, now } = this, { figures, ground, verdicts } = given.themes[theme];
    const inputs = this.#inputs(), changed = this.#live.moved(inputs), touched = this.#touched(changed);
    const titles = titlesIn(figures), view = viewIn(figures);
    const content = Object.fromEntries(Object.entries(figures).map(([name, figure]) => {
      const how = { changed, sheet: sheetIn(figure, ground), titles };
      const made = touched.length ? this.#framed(figure, view, now, inputs) : figure;
      return [name, atRest(made, this.#live, now, inputs, how)];
    }));
    const { heights, steps, unit, pick } = given;
    return {
      key: "canvas", module: "", style: "", plotly: "", ground: theme, content, heights, steps, unit, pick,
      descriptions: this.#descriptions(figures, touched), revision: "lesson",
      verdicts: touched.length ? [] : verdicts, live: this.#following(inputs, changed, titles), answered: 0,
      now: given.live.clock ? now : null, told: 0,
    };
  }

  #inputs() {
    const inputs = { ...this.given.live.inputs, ...valuesOf(this.given.live.sliders), ...this.#moved };
    const { clock } = this.given.live;
    return clock ? { ...inputs, [clock]: Math.max(this.now, 1) } : inputs;
  }

  // The curves of other runs need another axis than those of the lesson.
  #framed(figure, view, now, inputs) {
    const { xaxis, yaxis } = figure.layout;
    const curves = figure.data.filter((trace) => hasCursor(trace) && followsOf(trace)?.rows === "run");
    if (!view || xaxis?.title?.text !== "update" || !curves.length) return figure;
    const isLog = yaxis.type === "log";
    const open = isLog ? curves.map((trace) => numbered(trace, EVERYTHING)) : curves;
    const runs = this.#live.traces({ ...figure, data: open }, now, inputs, Object.keys(inputs)).map(gapsOf);
    return inFrame(figure, lossFrame(runs, isLog ? 0 : null, view), this.given.steps);
  }

  // The app has said it of the lesson's own runs.
  #sensitive(touched, titles, inputs) {
    const { runs } = this.given.live;
    if (!touched.length || !runs) return [];
    return sensitiveSentences(this.#live, titles, inputs);
  }

  // What was said of the lesson's own settings is not true of others.
  #descriptions(figures, touched) {
    if (!touched.length) return this.given.descriptions;
    const title = ({ layout }, name) => layout.title?.text ?? name;
    return Object.fromEntries(Object.entries(figures).map(([name, figure]) =>
      [name, `${title(figure, name)}. It has been changed: the numbers below the pictures say where the runs are.`]));
  }

  #following(inputs, changed, titles) {
    const { live } = this.given;
    const sliders = live.sliders.map((slider) => this.#placed(slider, inputs[slider.name] ?? slider.value));
    const touched = this.#touched(changed);
    // What a sentence without a program says is of the lesson's own runs, and where it has an update, of its own time.
    const isTrue = ({ program, update }) => program || !(update ? changed : touched).length;
    const said = live.sentences.filter(isTrue);
    const text = (record) => (changed.length && record.program ? this.#live.said(record, this.now, inputs) : record.text);
    const sentences = said.map((record) => ({ ...record, text: text(record) }));
    return { ...live, sliders, inputs, sentences: [...sentences, ...this.#sensitive(touched, titles, inputs)] };
  }

  // A slider at a value. What was asked for has a place of its own.
  #placed(slider, value) {
    const asked = this.#asked[slider.name];
    if (asked === undefined || slider.numbers.includes(asked)) return { ...slider, value };
    return { ...slider, value, numbers: [...slider.numbers, asked].sort((a, b) => a - b) };
  }
}

function valuesOf(sliders) {
  return Object.fromEntries(sliders.map(({ name, value }) => [name, value]));
}

// The frame of the map; null where there is none.
function viewIn(figures) {
  const isMap = ({ layout: { xaxis, yaxis } }) => xaxis?.title?.text === "θ₁" && yaxis?.title?.text === "θ₂";
  const map = Object.values(figures).find(isMap);
  return map ? [map.layout.xaxis.range, map.layout.yaxis.range] : null;
}

// What a curve shows, and where its points are.
function gapsOf({ y, customdata }) {
  return { value: y, theta1: customdata.map((row) => row[1]), theta2: customdata.map((row) => row[2]) };
}

function titlesIn(figures) {
  const traces = Object.values(figures).flatMap(({ data }) => data).filter(hasCursor);
  return Object.fromEntries(traces.map((trace) => [runOf(trace), trace.name]));
}
