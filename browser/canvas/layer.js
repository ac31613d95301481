// The canvas layer of a picture: what is painted in place of Plotly's traces, or over them.

import { cutAt, grows } from "./elapsed.js";
import { element } from "./dom.js";
import { boxOf } from "./live.js";
import { around, arrow, inSpace, paint, prepared, widened } from "./painter.js";
import { isWithin } from "./pieces.js";
import { isSpace } from "./plot.js";

export class Layer {
  #region = null;
  #stance = null;
  #places = new WeakMap(); // the pixels of traces, as long as the picture keeps its stance

  constructor(plot) {
    this.plot = plot;
    const attributes = { "aria-hidden": "true" };
    this.element = element("canvas", { className: "canvas-layer", attributes, hidden: true });
  }

  // Paints traces and arrows. update: the present one, or null at the end; later: how opaque that is which comes later.
  draw({ traces, arrows, layout }, update, later) {
    this.element.hidden = !traces.length && !arrows.length;
    if (this.element.hidden) {
      this.#region = null;
      return;
    }
    const isInSpace = isSpace(layout);
    const pixelsOf = this.#pixelsIn(layout);
    const drawn = traces.map((trace) => [isInSpace ? inSpace(trace) : trace, pixelsOf(trace)]);
    const inside = isInSpace ? null : this.plot.inside;
    const shafts = arrows.map(({ from, to, color }) => [this.plot.toPixel(...from), this.plot.toPixel(...to), color]);
    const places = [...drawn.map(([, points]) => points), ...shafts.map((shaft) => shaft.slice(0, 2))];
    this.#region = around(places, this.#region, inside && widened(inside));
    const context = prepared(this.element, this.#region);
    for (const [trace, points] of drawn) {
      if (update === null || !grows(trace)) paint(context, trace, points, inside);
      else inTwo(context, trace, cutAt(trace, points, update), inside, later);
    }
    for (const [from, to, color] of shafts) arrow(context, from, to, color, inside);
  }

  // The pixels of a trace of this layout, null where it is not seen.
  #pixelsIn(layout) {
    if (this.plot.stance !== this.#stance) [this.#stance, this.#places] = [this.plot.stance, new WeakMap()];
    const find = isSpace(layout) ? this.#inSpace(layout) : (trace) => this.#onPaper(trace);
    return (trace) => {
      if (!this.#places.has(trace)) this.#places.set(trace, find(trace));
      return this.#places.get(trace);
    };
  }

  #onPaper({ x, y }) {
    return Array.from(x, (_, place) => {
      const at = this.plot.toPixel(x[place], y[place]);
      return at[0] - at[0] === 0 && at[1] - at[1] === 0 ? at : null;
    });
  }

  #inSpace(layout) {
    const [box, project] = [boxOf(layout), this.plot.projection];
    return ({ x, y, z }) => Array.from(x, (_, place) =>
      (isWithin(box, x[place], y[place], z[place]) && project?.(x[place], y[place], z[place])) || null);
  }
}

// What comes later lies below what has come to pass.
function inTwo(context, trace, [past, coming], inside, later) {
  if (later > 0) paint(context, { ...trace, opacity: (trace.opacity ?? 1) * later }, coming, inside);
  paint(context, trace, past, inside);
}
