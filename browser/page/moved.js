// The pictures of a lesson as the app has drawn them, moved by a hand without a server. No DOM.

import { Live } from "../canvas/live.js";
import { hasCursor, runOf } from "../canvas/meta.js";
import { numberIn } from "./number_texts.js";
import { outcomeOf } from "./outcome.js";
import { atRest, sheetIn } from "./rest.js";

const START = "start";

export class MovedPictures {
  #live = new Live();
  #moved = {};

  // given: what browser/instrument.py says of the lesson: live, steps, unit, heights, descriptions, pick, verdicts, and
  // by theme {figures, ground}.
  constructor(given) {
    this.given = given;
    this.#live.serve(given.live);
    this.now = given.now;
  }

  // Whether the pictures are those that the lesson had.
  get isUntouched() {
    return !this.#live.moved(this.#inputs()).length;
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
      if (number >= numbers[0] && number <= numbers.at(-1)) this.#moved[name] = number;
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
    const inputs = this.#inputs(), changed = this.#live.moved(inputs);
    const content = Object.fromEntries(Object.entries(figures).map(([name, figure]) => {
      const how = { changed, sheet: sheetIn(figure, ground), titles: titlesIn(figures) };
      return [name, fitted(atRest(figure, this.#live, now, inputs, how), changed)];
    }));
    const { heights, steps, unit, pick } = given;
    return {
      key: "canvas", module: "", style: "", plotly: "", ground: theme, content, heights, steps, unit, pick,
      descriptions: this.#descriptions(figures, changed), revision: "lesson",
      verdicts: changed.length ? [] : verdicts, live: this.#following(inputs, changed), answered: 0,
      now: given.live.clock ? now : null, told: 0,
    };
  }

  #inputs() {
    const inputs = { ...this.given.live.inputs, ...valuesOf(this.given.live.sliders), ...this.#moved };
    const { clock } = this.given.live;
    return clock ? { ...inputs, [clock]: Math.max(this.now, 1) } : inputs;
  }

  // What was said of the lesson's own settings is not true of others.
  #descriptions(figures, changed) {
    if (!changed.length) return this.given.descriptions;
    const title = ({ layout }, name) => layout.title?.text ?? name;
    return Object.fromEntries(Object.entries(figures).map(([name, figure]) =>
      [name, `${title(figure, name)}. It has been changed: the numbers below the pictures say where the runs are.`]));
  }

  #following(inputs, changed) {
    const { live } = this.given;
    const sliders = live.sliders.map((slider) => ({ ...slider, value: inputs[slider.name] ?? slider.value }));
    const said = live.sentences.filter(({ program }) => program || !changed.length);
    const text = (record) => (changed.length && record.program ? this.#live.said(record, this.now, inputs) : record.text);
    return { ...live, sliders, inputs, sentences: said.map((record) => ({ ...record, text: text(record) })) };
  }
}

// The curves of other runs may need another axis than those of the lesson.
function fitted({ data, layout }, changed) {
  if (!changed.length || layout.xaxis?.title?.text !== "update") return { data, layout };
  const kept = Object.entries(layout.yaxis).filter(([name]) => !["range", "tickvals", "ticktext"].includes(name));
  return { data, layout: { ...layout, yaxis: { ...Object.fromEntries(kept), autorange: true } } };
}

function valuesOf(sliders) {
  return Object.fromEntries(sliders.map(({ name, value }) => [name, value]));
}

function titlesIn(figures) {
  const traces = Object.values(figures).flatMap(({ data }) => data).filter(hasCursor);
  return Object.fromEntries(traces.map((trace) => [runOf(trace), trace.name]));
}
