// Choosing a point of a flat picture: by a click anywhere, or by dragging its start.

import { Plot } from "./plot.js";

const GRAB = 18; // pixels around the start
const CLICK = 5; // pixels that a click may move
const DOUBLE_CLICK = 300;

export class Picks {
  #down = null;
  #waiting = 0;

  // plot: the picture in the box. hand: canPick(), start() -> [x, y] or null, isZoomed(), dragged(pixel or null),
  // hovered(pixel or null), picked(x, y), kept() where nothing is picked in the end.
  constructor(box, plot, hand) {
    Object.assign(this, { box, plot, hand });
    const stop = (event) => this.#keepFromPlotly(event);
    box.addEventListener("mousedown", stop, { capture: true });
    box.addEventListener("touchstart", stop, { capture: true, passive: false });
    box.addEventListener("pointermove", (event) => this.#hover(event), true);
    box.addEventListener("pointerleave", () => this.hand.hovered(null));
    box.addEventListener("pointerdown", (event) => this.#begin(event), true);
  }

  cancel() {
    clearTimeout(this.#waiting);
  }

  #at(event) {
    return this.hand.canPick() ? this.plot.pixelOf(event) : null;
  }

  #isNearStart(at) {
    const start = this.hand.start();
    return Boolean(start) && distance(this.plot.toPixel(...start), at) <= GRAB;
  }

  #keepFromPlotly(event) {
    const at = this.#at(event.touches?.[0] ?? event);
    if (!at || !this.#isNearStart(at) || !Plot.drags(event.target)) return;
    if (event.cancelable) event.preventDefault();
    event.stopPropagation();
  }

  #hover(event) {
    const at = this.#down ? null : this.#at(event);
    this.box.classList.toggle("canvas-grab", Boolean(at && this.#isNearStart(at)));
    this.hand.hovered(event.pointerType === "mouse" ? at : null);
  }

  #begin(event) {
    const at = event.button === 0 && !Plot.isButton(event.target) ? this.#at(event) : null;
    if (!at || this.#down) return;
    // Plotly covers the page while a button is down, so the end arrives at the window, not at the picture.
    const listening = new AbortController();
    this.#down = { at, isDragging: this.#isNearStart(at), hasMoved: false, listening };
    const options = { capture: true, signal: listening.signal };
    window.addEventListener("pointermove", (moved) => this.#move(moved), options);
    window.addEventListener("pointerup", (up) => this.#end(this.#at(up)), options);
    window.addEventListener("pointercancel", () => this.#end(null), options);
  }

  #move(event) {
    const at = this.#at(event);
    if (!at) return;
    if (distance(at, this.#down.at) > CLICK) this.#down.hasMoved = true;
    if (this.#down.isDragging) this.hand.dragged(at);
  }

  #end(at) {
    const { isDragging, hasMoved, listening } = this.#down;
    listening.abort();
    this.#down = null;
    if (at && (isDragging || !hasMoved)) this.#pick(at);
    else this.hand.kept();
    this.hand.dragged(null);
  }

  #pick(at) {
    const point = this.plot.toPoint(at);
    this.cancel();
    // On a zoomed picture a click may be the first half of a double click, which shows the whole picture again.
    this.#waiting = setTimeout(() => this.hand.picked(...point), this.hand.isZoomed() ? DOUBLE_CLICK : 0);
  }
}

function distance([x0, y0], [x1, y1]) {
  return Math.hypot(x1 - x0, y1 - y0);
}
