// One picture of a canvas: its box, its plot, what lies over it, and the part of it that a student has chosen to see.

import { element } from "./dom.js";
import { steppedBack } from "./geometry.js";
import { elapsedCount, grows, painted } from "./elapsed.js";
import { Layer } from "./layer.js";
import { hiddenBy, Legend, named } from "./legend.js";
import { arrowsOf, isStart, linkOf, movesOf, runOf } from "./meta.js";
import { Overlay } from "./overlay.js";
import { Picks } from "./picks.js";
import { canDraw, isSpace, Plot } from "./plot.js";
import { PointKeys } from "./point_keys.js";
import { Turning } from "./turning.js";

// Plotly's own ways back to the whole picture lead to the last zoom instead, since a rerun draws the zoom. Nothing is
// sent to anybody's cloud.
const CONFIG = {
  displaylogo: false,
  showSendToCloud: false,
  responsive: false,
  doubleClick: false,
  modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d", "resetScale2d"],
};
const NO_WEBGL = "This browser has no WebGL, so the 3D surface cannot be drawn. "
  + "The contour map shows the same loss from above.";
const STILL = 4; // frames: a camera that has not moved so long has come to rest

let made = 0;

export class Cell {
  #linked = null;
  // {traces, arrows, moved} that are painted over the picture; the inputs that have moved, if in place of its own.
  #live = null;
  #hidden = ""; // why which traces are hidden
  #painted = new Set(); // the places of the figure's traces that are painted as long as something is to come
  #config = null;
  #following = 0;
  #isFitting = false; // the page, not a student, moves the camera

  // view: what is chosen. hand: canPick(name), dragged(name, x, y) -> whether the pictures follow,
  // moves(name) -> which coordinates a point sets, hovered(name, point or null), picked(name, x, y), kept(),
  // toggled(run), linked(what lights up, or null).
  constructor(name, view, hand) {
    Object.assign(this, { name, view, hand, figure: null });
    const attributes = { role: "img", "data-figure": name };
    const box = element("div", { className: "canvas-plot", id: `canvas-plot-${++made}`, attributes });
    this.plot = new Plot(box);
    this.overlay = new Overlay(this.plot);
    this.layer = new Layer(this.plot);
    this.legend = new Legend((key) => hand.toggled(key));
    this.box = element("div", { className: "canvas-cell" }, box, this.layer.element, this.overlay.svg, this.legend.box);
    const moving = this.#moving();
    this.picks = new Picks(this.box, this.plot, moving);
    this.keys = new PointKeys(this.plot, moving);
    this.legend.box.before(this.keys.box, this.keys.said);
  }

  // What moves the start of a flat picture, by a pointer or by keys.
  #moving() {
    const { name, view, hand } = this;
    return {
      canPick: () => hand.canPick(name),
      start: () => this.#start(),
      moves: () => hand.moves(name),
      isZoomed: () => view.zooms.has(name),
      dragged: (at) => {
        if (!at || !hand.dragged(name, ...this.plot.toPoint(at))) this.overlay.drawGhost(at);
      },
      hovered: (at) => hand.hovered(name, at && this.plot.toPoint(at)),
      picked: (x, y) => hand.picked(name, x, y),
      kept: () => hand.kept(),
    };
  }

  // The room that the page gives the picture.
  get size() {
    const { clientWidth, clientHeight } = this.plot.element;
    return { width: clientWidth, height: clientHeight };
  }

  // From where a scene is seen: the side that a student has chosen, or where it is whole in this room; null for a flat
  // picture.
  get #camera() {
    const camera = this.figure.layout.scene?.camera;
    if (!camera) return null;
    return structuredClone(this.view.cameras.get(this.name) ?? { ...camera, eye: steppedBack(camera, this.size) });
  }

  // Plotly hears of a side when the hand leaves it: a picture drawn before that would jump back.
  #keepSide() {
    if (this.turning?.isPressed && this.plot.isDrawn) this.view.cameras.set(this.name, this.plot.camera);
  }

  // The words above the picture, without what they add to its name.
  get title() {
    return (this.figure?.layout.title?.text ?? this.name).split(/[,;:(]/)[0].trim();
  }

  // Room for the picture before plotly.js is here, so that nothing below it jumps.
  reserve(height, order) {
    this.box.style.order = order;
    this.box.style.setProperty("--height", `${height}px`);
  }

  close() {
    cancelAnimationFrame(this.#following);
    this.picks.cancel();
    this.keys.close();
    this.turning?.close();
    this.plot.release();
    this.box.remove();
  }

  // ---- drawing ----------------------------------------------------------------------------------------------------

  async draw(Plotly, figure, description) {
    this.figure = figure;
    this.#painted = painted(figure.data);
    this.legend.update(figure, (key) => this.view.shows(key));
    if (isSpace(figure.layout)) this.turning ??= new Turning(this.box);
    this.description = description;
    this.keys.update(this.title, this.hand.canPick(this.name));
    if (canDraw(figure.layout)) return this.react(Plotly);
    this.plot.element.replaceChildren(element("p", { className: "canvas-instead", textContent: NO_WEBGL }));
  }

  // What is said of the picture, or its name alone, while a question is open.
  describe(isAsking) {
    const label = isAsking ? this.title : this.description;
    if (this.plot.element.getAttribute("aria-label") !== label) this.plot.element.setAttribute("aria-label", label);
  }

  async react(Plotly) {
    const keys = new Set(named(this.figure).map(hiddenBy));
    for (const trace of this.figure.data) {
      const key = hiddenBy(trace);
      if (runOf(trace) !== undefined || keys.has(key)) trace.visible = this.view.shows(key);
    }
    this.legend.update(this.figure, (key) => this.view.shows(key));
    this.#config ??= this.#configFor(Plotly);
    const isFirst = !this.plot.isDrawn;
    this.#keepSide();
    await this.plot.react(Plotly, this.figure.data, this.#layout(), this.#config);
    if (isFirst && this.plot.isDrawn) this.#listen();
  }

  // A copy, because Plotly writes zoom and camera into what it gets, and then takes them for what the page wants.
  #layout() {
    const layout = { ...structuredClone(this.figure.layout), ...this.size, showlegend: false };
    if (matchMedia("(pointer: coarse)").matches) layout.dragmode = false;
    const camera = this.#camera;
    if (camera) layout.scene.camera = camera;
    for (const [axis, range] of Object.entries(this.view.zooms.get(this.name) ?? {})) {
      layout[axis] = { ...layout[axis], range: [...range], autorange: false };
    }
    return layout;
  }

  // One object for the life of a picture: Plotly makes a picture anew whose configuration has changed.
  #configFor(Plotly) {
    // Where nothing hovers, the buttons would lie on the title all the time; fingers zoom without them.
    if (matchMedia("(hover: none)").matches) return { ...CONFIG, displayModeBar: false };
    if (isSpace(this.figure.layout)) return CONFIG;
    const click = () => this.#unzoom();
    const whole = { name: "whole", title: "Show the whole picture", icon: Plotly.Icons.home, click };
    return { ...CONFIG, modeBarButtonsToAdd: [whole] };
  }

  #listen() {
    this.plot.on("relayout", (changes) => this.#chosen(Object.keys(changes)));
    this.plot.on("doubleclick", () => this.#unzoom());
    this.plot.on("relayouting", () => this.#follow());
    this.plot.on("hover", ({ points: [{ data, pointNumber }] }) => {
      this.#mute(data, pointNumber);
      const link = linkOf(data);
      this.hand.linked(link && { link: link.link, id: data.ids[pointNumber] });
    });
    this.plot.on("unhover", () => this.hand.linked(null));
  }

  async fit() {
    if (!this.plot.isDrawn) return;
    this.#isFitting = true;
    this.#keepSide();
    await this.plot.setSize(this.size, this.#camera);
    this.#isFitting = false;
    this.place();
  }

  // ---- what lies over it ------------------------------------------------------------------------------------------

  // Puts what moves where it belongs now.
  place() {
    if (!this.plot.isDrawn) return;
    const { clock, later, unit } = this.view;
    this.#hide();
    this.layer.draw(this.#overPlot(), clock.isAtEnd ? null : clock.now, later.opacity);
    this.overlay.draw(this.#shown(), { update: clock.now, unit }, this.#linked);
  }

  // The traces as they are seen.
  get traces() {
    return this.#live?.moved ? this.#live.traces : this.figure?.data ?? [];
  }

  // Shows what follows the hand or the time: in place of what depends on the inputs that have moved, or over it where
  // these are null.
  follow(traces, arrows, moved) {
    if (!this.plot.isDrawn) return;
    this.#live = { traces, arrows, moved };
    this.place();
  }

  // Forgets what follows: what the server has drawn is seen again where it is placed next.
  rest() {
    this.#live = null;
  }

  // Hides in Plotly what is painted now, or is not to be seen.
  #hide() {
    const { clock, later, live } = this.view;
    const moved = this.#live?.moved, isHeld = Boolean(moved) && live.hand.isLive;
    const why = [moved, isHeld, clock.isAtEnd, later.opacity].join();
    if (why === this.#hidden) return;
    this.#hidden = why;
    const notes = isHeld || (Boolean(moved) && arrowsOf(this.figure.layout).length > 0);
    this.plot.hide((trace) => this.#isHidden(trace), { notes, pointer: isHeld });
    const isStale = this.figure.data.some((trace) => trace.type === "heatmap" && this.#isReplaced(trace));
    this.box.classList.toggle("canvas-stale", isStale);
  }

  #isReplaced(trace) {
    return Boolean(this.#live?.moved) && this.view.live.isReplaced(trace, this.#live.moved);
  }

  #isHidden(trace) {
    const { clock, later } = this.view;
    if (this.#isReplaced(trace)) return true;
    if (clock.isAtEnd) return false;
    return this.#painted.has(trace.index) || (Boolean(movesOf(trace)) && later.opacity === 0);
  }

  // What is painted over Plotly's own, {traces, arrows, layout}.
  #overPlot() {
    const { traces, figure: { layout, data } } = this;
    const isOwn = this.view.clock.isAtEnd ? () => false : (trace) => this.#painted.has(data.indexOf(trace));
    const isSeen = (trace) => !movesOf(trace) && this.view.shows(hiddenBy(trace));
    const over = this.#live && !this.#live.moved ? this.#live.traces.filter(({ isLive }) => isLive) : [];
    const drawn = [...traces.filter((trace) => trace.isLive || isOwn(trace)), ...over].filter(isSeen);
    return { traces: drawn, arrows: this.#live?.arrows ?? [], layout };
  }

  // What is not shown yet is not told either.
  #mute(trace, point) {
    const { clock, later } = this.view;
    const isLater = !clock.isAtEnd && grows(trace) && point >= elapsedCount(trace, clock.now);
    this.box.classList.toggle("canvas-mute", isLater && later.opacity === 0);
  }

  light(linked) {
    this.#linked = linked;
    if (this.plot.isDrawn) this.overlay.light(this.#shown(), linked);
  }

  #shown() {
    return this.traces.filter((trace) => this.view.shows(hiddenBy(trace)));
  }

  #start() {
    const trace = this.traces.find(isStart);
    return trace ? [trace.x[0], trace.y[0]] : null;
  }

  // The camera of a scene moves on for a few frames after the event that says so.
  #follow() {
    let [before, still] = ["", 0];
    const frame = () => {
      this.place();
      still = this.plot.side === before ? still + 1 : 0;
      before = this.plot.side;
      if (still < STILL) this.#following = requestAnimationFrame(frame);
    };
    cancelAnimationFrame(this.#following);
    frame();
  }

  // ---- the part of a flat picture and the side of a scene that are kept, whatever is drawn next -------------------

  #chosen(changed) {
    this.#follow();
    const { zooms, cameras } = this.view;
    const hasTurned = changed.some((name) => name.startsWith("scene.camera"));
    if (hasTurned && !this.#isFitting) cameras.set(this.name, this.plot.camera);
    if (!changed.some((name) => /^[xy]axis\b/.test(name))) return;
    const { ranges } = this.plot;
    const isWhole = Object.entries(ranges).every(([axis, range]) => String(range) === String(this.#range(axis)));
    if (isWhole) zooms.delete(this.name);
    else zooms.set(this.name, ranges);
  }

  #range(axis) {
    return this.figure.layout[axis]?.range;
  }

  async #unzoom() {
    const { zooms } = this.view;
    if (!zooms.has(this.name)) return;
    this.picks.cancel();
    this.hand.kept();
    await this.plot.setRanges({ xaxis: this.#range("xaxis"), yaxis: this.#range("yaxis") });
    zooms.delete(this.name);
  }
}
