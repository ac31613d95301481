// The legend of a picture: a button for each of its curves, by which it is hidden and shown again.

import { drawing, element } from "./dom.js";
import { mark } from "./marks.js";
import { runOf } from "./meta.js";
import { dashes } from "./painter.js";

const WIDTH = 26, MIDDLE = 6; // pixels

// What a trace is hidden by: its run, in all pictures, or its own name.
export const hiddenBy = (trace) => runOf(trace) ?? trace.name;

// The traces that the legend of a picture names, one for each name. Those of one run are hidden together.
export function named({ data, layout }) {
  if (!layout.showlegend) return [];
  const traces = data.filter((trace) => trace.name && trace.showlegend !== false);
  return traces.filter((trace, place) => traces.findIndex((other) => other.name === trace.name) === place);
}

export class Legend {
  #shown = null;

  // toggled(key): what to do when a button is pressed. shows(key): whether the view shows what is hidden by it.
  constructor(toggled) {
    this.toggled = toggled;
    this.box = element("div", { className: "canvas-legend", hidden: true });
  }

  update(figure, shows) {
    const traces = named(figure);
    const looks = JSON.stringify(traces.map(({ name, mode, line, marker = {} }) =>
      [name, mode, line, ...[marker.symbol, marker.color, marker.line?.color].map(one)]));
    if (looks !== this.#shown) {
      this.#shown = looks;
      this.box.replaceChildren(...traces.map((trace) => this.#button(trace)));
    }
    this.box.hidden = !traces.length;
    traces.forEach((trace, place) =>
      this.box.children[place].setAttribute("aria-pressed", String(shows(hiddenBy(trace)))));
  }

  #button(trace) {
    const onclick = () => this.toggled(hiddenBy(trace));
    return element("button", { type: "button", title: "Hide or show", onclick }, sample(trace), trace.name);
  }
}

// How a trace looks: a piece of its line, and its marker.
function sample({ mode = "lines", line = {}, marker = {} }) {
  const svg = drawing("svg", { width: WIDTH, height: 2 * MIDDLE, "aria-hidden": "true" });
  if (mode.includes("lines")) {
    const stroke = { stroke: line.color ?? "currentColor", "stroke-width": 2.4 };
    const ends = { x1: 0, x2: WIDTH, y1: MIDDLE, y2: MIDDLE };
    svg.append(drawing("line", { ...ends, ...stroke, "stroke-dasharray": dashes(line.dash, 2.4).join(" ") }));
  }
  if (mode.includes("markers")) {
    const color = one(marker.color) ?? "currentColor";
    const drawn = mark(one(marker.symbol) ?? "circle", color, 10);
    drawn.setAttribute("x", (WIDTH - 10) / 2);
    drawn.setAttribute("y", MIDDLE - 5);
    if (one(marker.line?.color)) drawn.firstChild.setAttribute("stroke", one(marker.line.color));
    svg.append(drawn);
  }
  return svg;
}

const one = (value) => (Array.isArray(value) || ArrayBuffer.isView(value) ? value[0] : value);
