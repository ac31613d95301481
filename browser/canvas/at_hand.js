// What the hand moves on a canvas: a frame for its moves, a message when it lets go, and what waits until then.

import { isSpace } from "./plot.js";

// Milliseconds: what changes far from the flat pictures makes a browser put the whole page together again, with its
// scene.
const BETWEEN_REST = 50;
const UNTIL_AGAIN = 10_000;

export class AtHand {
  #frame;
  #hovering;
  #later;
  #again;
  #restAt = -Infinity;

  // canvas: its root, cells and sentences, show(), tell(), send(kind, message) to the server, and catchUp() with what
  // has come.
  constructor(canvas, { live, clock, keeper }) {
    Object.assign(this, { canvas, live, clock, keeper });
  }

  close() {
    cancelAnimationFrame(this.#frame);
    cancelAnimationFrame(this.#hovering);
    clearTimeout(this.#later);
    clearTimeout(this.#again);
    this.live.hand.forget();
    this.keeper.close();
    this.dim();
  }

  // Puts inputs where the hand has them; false where there are none, so that nothing follows.
  move(inputs) {
    if (!inputs) return false;
    const isFirst = !this.live.hand.isLive;
    this.live.hand.move(inputs);
    if (isFirst) this.dim();
    this.#frame ??= requestAnimationFrame(() => this.#draw());
    return true;
  }

  #draw() {
    this.#frame = undefined;
    this.live.take();
    this.canvas.show();
    this.#count();
  }

  #count() {
    const { dataset } = this.canvas.root;
    dataset.live = String(Number(dataset.live ?? 0) + 1);
  }

  // What only the server can say does not fit while the hand is ahead of it; what it says of a moment, nor while the
  // clock is. Nothing below jumps while short sentences take the places of long ones.
  dim() {
    const { root, sentences } = this.canvas, { documentElement } = document;
    const isHeld = this.live.hand.isLive, isAhead = isHeld || this.keeper.isAhead;
    if (isAhead !== documentElement.hasAttribute("data-canvas-ahead")) {
      sentences.style.minHeight = isAhead ? `${sentences.offsetHeight}px` : "";
    }
    root.toggleAttribute("data-held", isHeld);
    documentElement.toggleAttribute("data-canvas-held", isHeld);
    documentElement.toggleAttribute("data-canvas-ahead", isAhead);
  }

  // Every picture and all numbers as the hand has them: flat pictures in every frame, the rest a little less often.
  follow(cells) {
    const [scenes, flat] = [true, false].map((wanted) =>
      cells.filter(({ figure }) => isSpace(figure.layout) === wanted));
    for (const cell of flat) this.#place(cell);
    const isDue = !this.live.hand.isHolding || performance.now() - this.#restAt >= BETWEEN_REST;
    if (isDue) this.#followRest(scenes);
    else this.#later ??= setTimeout(() => this.live.hand.isLive && this.#followRest(scenes), BETWEEN_REST);
  }

  #followRest(scenes) {
    clearTimeout(this.#later);
    this.#later = undefined;
    for (const cell of scenes) this.#place(cell);
    this.canvas.tell();
    this.#restAt = performance.now();
  }

  #place(cell, inputs = this.live.inputs, moved = this.live.moved(inputs)) {
    const { live, clock: { now } } = this;
    cell.follow(live.traces(cell.figure, now, inputs), live.arrows(cell.figure, now, inputs), moved);
  }

  // A message takes the place of one that still waits on the server, so it says all that is not answered yet.
  release(inputs) {
    this.move(inputs);
    this.#send("moved", { values: this.live.hand.inputs({}), serial: this.live.hand.release() });
  }

  pick(figure, x, y) {
    const follows = this.move(this.live.inputsOf("points", figure, [x, y]));
    this.#send("picked", { figure, x, y, serial: follows ? this.live.hand.release() : 0 });
  }

  // A message can be lost, with its connection for one. What is not answered is said again.
  #send(kind, message) {
    clearTimeout(this.#again);
    this.canvas.send(kind, message);
    this.#again = setTimeout(() => {
      const { isLive, isHolding } = this.live.hand;
      if (isLive && !isHolding) this.#send(kind, message);
    }, UNTIL_AGAIN);
  }

  // The hand lets go, and nothing has moved. What has come meanwhile is drawn now.
  keep() {
    const { hand } = this.live;
    if (!hand.isHolding) return;
    hand.cancel();
    this.live.take();
    this.dim();
    this.canvas.show();
    this.canvas.catchUp();
  }

  // What would follow from a point under the pointer, over what there is.
  hover(figure, point) {
    const cell = this.canvas.cells.get(figure);
    if (this.live.hand.isLive || !this.live.data.hover[figure] || !cell?.figure) return;
    cancelAnimationFrame(this.#hovering);
    if (!point) {
      this.canvas.show();
      return;
    }
    const inputs = { ...this.live.inputs, ...this.live.inputsOf("hover", figure, point) };
    this.#hovering = requestAnimationFrame(() => {
      if (this.live.hand.isLive) return;
      this.#place(cell, inputs, null);
      this.#count();
    });
  }
}
