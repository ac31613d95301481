// What lies over a picture, so that moving it redraws nothing: cursors, moving curves, labels of exits, what lights up,
// the ghost; and the marks in space that nothing may hide.

import { drawing, textWidth } from "./dom.js";
import { elapsedCount, momentOf } from "./elapsed.js";
import { cut, tipOf } from "./geometry.js";
import { beside } from "./labels.js";
import { head, outline } from "./marks.js";
import { hasCursor, isAbove, leftOf, linkOf, movesOf, runOf } from "./meta.js";
import { inSpace } from "./painter.js";
import { lookOf, rowAt } from "./readout.js";

const RIM = "#0b1020";
const LETTERS = 12, LINE = 18, PADDING = 5; // pixels, of a label
const LARGEST = 0.6; // of the picture's width: a label

export class Overlay {
  #above = [];
  #cursors = new Map();
  #moving = null;
  #links = [];
  #labels = [];
  #font = null;
  #ghost = null;

  // plot: its toPixel, toPixelInSpace, holds, inside and room say where things are.
  constructor(plot) {
    this.plot = plot;
    this.svg = drawing("svg", { class: "canvas-overlay", "aria-hidden": "true" });
  }

  // traces: those of the runs that are not hidden. update: the present one; unit: what is counted. linked: {link, id}
  // of what lights up, or null.
  draw(traces, { update, unit }, linked) {
    // What is painted for the hand hides behind nothing.
    this.#drawAbove(traces.filter((trace) => isAbove(trace) && !trace.isLive));
    this.#drawCursors(traces.filter(hasCursor), update);
    this.#drawMoving(traces.filter(movesOf), update);
    this.#drawLabels(traces, update, unit);
    this.light(traces, linked);
  }

  #drawAbove(traces) {
    this.#above.forEach((mark) => mark.remove());
    this.#above = traces.flatMap((trace) => Array.from(trace.x, (_, index) => this.#at(trace, index))
      .filter(Boolean).map((at) => standing(inSpace(trace).marker, at)));
    this.svg.prepend(...this.#above);
  }

  #drawCursors(traces, update) {
    const unused = new Map(this.#cursors);
    for (const trace of traces) {
      const at = this.#at(trace, rowAt(trace, update));
      if (!at) continue;
      const cursor = this.#cursor(runOf(trace));
      unused.delete(runOf(trace));
      cursor.style.display = "";
      cursor.setAttribute("transform", `translate(${at[0]} ${at[1]})`);
      wear(cursor, trace);
    }
    for (const cursor of unused.values()) cursor.style.display = "none";
  }

  #cursor(run) {
    if (!this.#cursors.has(run)) {
      const cursor = drawing("g", { "data-run": run });
      this.#cursors.set(run, cursor);
      this.svg.append(cursor);
    }
    return this.#cursors.get(run);
  }

  // Where a point of a trace is; null where the picture does not show it.
  #at(trace, index) {
    if (index === null) return null;
    if (trace.type === "scatter3d") return this.plot.toPixelInSpace(trace.x[index], trace.y[index], trace.z[index]);
    const at = this.plot.toPixel(trace.x[index], trace.y[index]);
    return this.plot.holds(at) && at.every(Number.isFinite) ? at : null;
  }

  // Curves and points whose rows of customdata are an update, all x, all y.
  #drawMoving(traces, update) {
    this.#moving?.remove();
    this.#moving = null;
    if (!traces.length) return;
    const { inside } = this.plot;
    // A drawing within the drawing cuts what leaves the axes.
    this.#moving = drawing("svg", inside);
    for (const trace of traces) this.#moving.append(...moved(trace, this.#pointsOf(trace, update, inside)));
    this.svg.prepend(this.#moving);
  }

  #pointsOf(trace, update, { x, y }) {
    return pointsAt(trace, update).map((point) => {
      const at = this.plot.toPixel(...point);
      return [at[0] - x, at[1] - y];
    }).filter((point) => point.every(Number.isFinite));
  }

  // Where a path ends, once the shared time has come there: "left at update 8"; of several runs with their names, where
  // these do not hide the picture.
  #drawLabels(traces, update, unit) {
    this.#labels.forEach((label) => label.remove());
    this.#labels = [];
    const areSeveral = new Set(traces.filter(hasCursor).map(runOf)).size > 1;
    const labels = traces.filter((trace) => leftOf(trace) !== null).map((trace) => {
      const last = trace.customdata.length - 1;
      const at = elapsedCount(trace, update) > last ? this.#at(trace, last) : null;
      const left = `left at ${unit} ${momentOf(trace.customdata[last])}`;
      const texts = areSeveral ? [`${leftOf(trace)} ${left}`, left] : [left];
      return { at, texts, color: trace.marker.color ?? trace.marker.line.color };
    }).filter(({ at }) => at);
    if (!labels.length) return;
    const { room } = this.plot;
    const fitting = labels.map((label) => ({ ...label, ...this.#fitting(label.texts, LARGEST * room.width) }));
    const places = beside(fitting, room);
    this.#labels = places.map((place, order) => labelled(fitting[order], place));
    this.svg.append(...this.#labels);
  }

  // The first of some texts that is no wider than this many pixels, else the last; with its size.
  #fitting(texts, most) {
    this.#font ??= `${LETTERS}px ${getComputedStyle(this.svg).fontFamily}`;
    const widthOf = (text) => Math.ceil(textWidth(text, this.#font)) + 2 * PADDING;
    const sized = texts.map((text) => ({ text, width: widthOf(text), height: LINE }));
    return sized.find(({ width }) => width <= most) ?? sized.at(-1);
  }

  // The points that have this link and id.
  light(traces, linked) {
    this.#links.forEach((mark) => mark.remove());
    this.#links = linked ? traces.filter((trace) => linkOf(trace)?.link === linked.link).flatMap((trace) => {
      const index = trace.ids.indexOf(linked.id);
      const at = index < 0 ? null : this.#at(trace, index);
      return at ? this.#lit(linkOf(trace), at) : [];
    }) : [];
    this.svg.append(...this.#links);
  }

  #lit({ light: stroke, tail }, [x2, y2]) {
    const look = { stroke, "stroke-width": 4 };
    const ring = drawing("circle", { class: "canvas-linked", cx: x2, cy: y2, r: 11, fill: "none", ...look });
    if (!tail) return [ring];
    const [x1, y1] = this.plot.toPixel(...tail);
    return [drawing("line", { x1, y1, x2, y2, ...look }), ring];
  }

  // Where the start would be if the hand let it go; null where there is no hand.
  drawGhost(at) {
    this.#ghost?.remove();
    this.#ghost = at && drawing("circle", { cx: at[0], cy: at[1], r: 8, fill: "#fff", stroke: RIM, "stroke-width": 3 });
    if (this.#ghost) this.svg.append(this.#ghost);
  }
}

function standing({ symbol, size, color, line }, [x, y]) {
  const look = { fill: color, stroke: line.color, "stroke-width": line.width };
  const place = { d: outline(symbol, size / 2), transform: `translate(${x} ${y})` };
  return drawing("path", { class: "canvas-above", ...place, ...look });
}

// Gives a cursor the marker of its trace.
function wear(cursor, trace) {
  const { symbol, color } = lookOf(trace), look = `${symbol} ${color}`;
  if (cursor.dataset.look === look) return;
  cursor.dataset.look = look;
  cursor.replaceChildren(...head(symbol, color));
}

function labelled({ text, color }, { x, y, width, height }) {
  const label = drawing("g", { class: "canvas-exit" });
  const words = drawing("text", { x: x + PADDING, y: y + height / 2, "font-size": LETTERS });
  words.textContent = text;
  label.append(drawing("rect", { x, y, width, height, rx: 4, stroke: color }), words);
  return label;
}

// The points of what moves, at an update; what follows the hand is there already.
function pointsAt(trace, update) {
  if (trace.isLive) return Array.from(trace.x, (x, index) => [x, trace.y[index]]);
  const index = rowAt(trace, update);
  if (index === null) return [];
  const { count } = movesOf(trace), [, ...row] = trace.customdata[index];
  return row.slice(0, count).map((x, place) => [x, row[count + place]]);
}

function moved(trace, points) {
  if (!points.length) return [];
  const { color, rim, hasTip } = movesOf(trace);
  if (trace.mode !== "lines") {
    return points.map(([cx, cy]) => drawing("circle", { cx, cy, r: 4.5, fill: color, stroke: rim }));
  }
  const line = { points: cut(points).join(" "), fill: "none", "stroke-linejoin": "round" };
  const parts = [
    drawing("polyline", { ...line, stroke: rim, "stroke-width": 6 }),
    drawing("polyline", { ...line, stroke: color, "stroke-width": 3.5 }),
  ];
  if (hasTip) parts.push(drawing("polygon", { points: tipOf(points).join(" "), fill: color, stroke: rim }));
  return parts;
}
