// The pictures while the hand moves: inputs become runs, and runs become traces in place of the server's. No DOM.

import { dependsOn } from "./dependencies.js";
import { grows } from "./elapsed.js";
import { Followers, lastFinite } from "./followers.js";
import { Hand } from "./hand.js";
import { LiveRuns } from "./live_runs.js";
import { arrowsOf, ending, followsOf, hasCursor, leaving, ofMoments, runOf } from "./meta.js";
import { inBox } from "./polygon.js";
import { sentence } from "./sentences.js";

const NOTHING = {
  sliders: [], runs: null, bound: {}, points: {}, start: [], inputs: {}, hover: {}, sentences: [], clock: "",
};

export class Live {
  #runs = new LiveRuns();
  #followers = new Followers(this.#runs);
  #served = {};
  #now;

  constructor() {
    this.hand = new Hand();
    this.data = NOTHING;
    this.inputs = {};
  }

  // What the server says: data of browser.hand.Live of Python, or null where nothing follows the hand; and the number
  // of the last message that it has answered.
  serve(data, answered = 0) {
    this.hand.answer(answered);
    this.data = data ?? NOTHING;
    this.#runs.serve(this.data);
    const values = this.data.sliders.map(({ name, value }) => [name, value]);
    this.#served = { ...this.data.inputs, ...Object.fromEntries(values) };
    this.take();
  }

  // Takes what the hand has moved, and the time: the input of the clock is the update that led there.
  take(now = this.#now) {
    this.#now = now;
    this.inputs = this.hand.inputs({ ...this.#served });
    if (this.data.clock && now !== undefined) this.inputs[this.data.clock] = Math.max(now, 1);
  }

  // Whether the pictures are not those of the server.
  get isAhead() {
    return this.hand.isLive || this.#isClockAhead;
  }

  get #isClockAhead() {
    const { clock } = this.data;
    return Boolean(clock) && this.inputs[clock] !== this.#served[clock];
  }

  // The inputs that a point of a figure sets, as `points` or `hover` names them; null where it sets none.
  inputsOf(kind, figure, [x, y]) {
    const names = this.data[kind][figure];
    return names ? Object.fromEntries([[names[0], x], [names[1], y]].filter(([name]) => name)) : null;
  }

  // The names of the inputs that the hand has moved, also where they are back at their place by now, and of others that
  // are not where the server has them.
  moved(inputs = this.inputs) {
    return Object.keys(inputs).filter((name) => this.hand.has(name) || inputs[name] !== this.#served[name]);
  }

  // Whether a trace has to make room for what follows the hand, since an input that it depends on has moved.
  isReplaced(trace, moved) {
    return dependsOn(trace, moved, this.data);
  }

  // The traces of a figure at the present inputs, or at others: those that follow in new places, without those that
  // cannot; the rest as they are. changed: the names of the inputs that are not those of the figure.
  traces(figure, now, inputs = this.inputs, changed = this.moved(inputs)) {
    const box = boxOf(figure.layout);
    return figure.data.flatMap((trace) => {
      if (!this.isReplaced(trace, changed)) return [trace];
      const where = { run: runOf(trace), frame: box.slice(0, 2), box, now };
      const moved = this.#following(trace, where, inputs);
      return moved ? [moved, ...this.#exits(moved, where, inputs)] : [];
    });
  }

  // The marks where the run of a trace leaves the frame.
  #exits(trace, where, inputs) {
    const { exitMarker, program, updates } = followsOf(trace);
    const shown = exitMarker && this.#followers.of({ rows: "exits", program, updates }, where, inputs);
    if (!shown?.rows.count) return [];
    const look = { type: trace.type, mode: "markers", marker: exitMarker, cliponaxis: false };
    const customdata = shown.rows.column("update");
    const marks = { ...look, ...ofMoments(where.run), customdata, isLive: true, ...shown.outputs };
    return [leaving(marks, shown.rows.until === null ? null : trace.name)];
  }

  #following(trace, where, inputs) {
    const follows = followsOf(trace);
    const shown = follows && this.#followers.of(follows, where, inputs);
    if (!shown) return null;
    const { rows, outputs } = shown;
    const { x, y, z } = { x: trace.x, y: trace.y, z: trace.z, ...outputs };
    const moved = { ...ending(trace, rows.until), x, y, z, ...follows.look, isLive: true };
    if (z && moved.fill) Object.assign(moved, inBox(moved, where.box));
    if (follows.rows === "run" || follows.rows === "seen") moved.marker = markerOf(trace, follows, rows);
    if (hasCursor(trace)) moved.customdata = moments(rows);
    else if (grows(trace)) moved.customdata = rows.column("update");
    else if (follows.rows === "start") moved.customdata = [rows.column("value")];
    return moved;
  }

  // The arrows of a figure: {from, to, color}.
  arrows(figure, now, inputs = this.inputs) {
    return arrowsOf(figure.layout).flatMap((follows) => {
      const shown = this.#followers.of(follows, { run: follows.run, now }, inputs);
      if (!shown?.rows.count) return [];
      const [x0, y0, x1, y1] = ["x0", "y0", "x1", "y1"].map((name) => shown.outputs[name]?.[0]);
      return [x0, y0, x1, y1].every(Number.isFinite) ? [{ from: [x0, y0], to: [x1, y1], color: follows.color }] : [];
    });
  }

  // The run of this name at the present inputs, or at others, {count, column(name)}; null where the server alone makes
  // it.
  rows(run, inputs = this.inputs) {
    return this.#runs.rows(run, inputs);
  }

  // Whether another computer may draw another path of this run.
  isSensitive(run, inputs = this.inputs) {
    return this.#runs.isSensitive(run, inputs);
  }

  // What a sentence with a program says at these inputs.
  said(record, now, inputs = this.inputs) {
    return sentence(record, this.#followers, inputs, now);
  }

  // {text, waits}: the server's sentences, or those of the moment while something moves; one without a program waits.
  sentences(now) {
    return this.data.sentences.map((said) => {
      const isStale = this.hand.isLive || (this.#isClockAhead && said.update === this.data.clock);
      if (!isStale || !said.program) return { text: said.text, waits: isStale };
      return { text: this.said(said, now), waits: false };
    });
  }
}

// The ranges of a picture's axes as the server has drawn them, two or three.
export function boxOf({ scene, xaxis, yaxis }) {
  const axes = scene ? [scene.xaxis, scene.yaxis, scene.zaxis] : [xaxis, yaxis];
  return axes.map((axis) => axis?.range ?? [-Infinity, Infinity]);
}

// The moments of a run as cursors and readout know them: update, theta1, theta2, loss and the size of the gradient.
function moments(rows) {
  const [update, theta1, theta2, value, gradient1, gradient2] =
    ["update", "theta1", "theta2", "value", "gradient1", "gradient2"].map((name) => rows.column(name));
  return Array.from({ length: rows.count }, (_, row) =>
    [update[row], theta1[row], theta2[row], value[row], Math.hypot(gradient1[row], gradient2[row])]);
}

// The last point of a path is larger than the others, wherever it is now.
function markerOf(trace, { sizes }, rows) {
  if (!sizes) return trace.marker;
  const size = new Float64Array(rows.count).fill(sizes[0]);
  size[lastFinite(rows)] = sizes[1];
  return { ...trace.marker, size };
}
