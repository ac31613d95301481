// What the hand moves on a canvas: a frame for its moves, a message when it lets go, and what waits until then.

import { isSpace } from "./plot.js";

const BETWEEN_SCENES = 50; // milliseconds: a layer over a scene costs a browser more than all flat pictures

export class AtHand {
  #frame;
  #hovering;
  #later;
  #sceneAt = -Infinity;

  // canvas: its root, cells and sentences, show(), send(kind, message) to the server, and catchUp() with what has come.
  constructor(canvas, { live, clock }) {
    Object.assign(this, { canvas, live, clock });
  }

  close() {
    cancelAnimationFrame(this.#frame);
    cancelAnimationFrame(this.#hovering);
    clearTimeout(this.#later);
    this.live.hand.cancel();
    this.dim(false);
  }

  // Puts inputs where the hand has them; false where there are none, so that nothing follows.
  move(inputs) {
    if (!inputs) return false;
    if (!this.live.hand.isLive) this.#begin();
    this.live.hand.move(inputs);
    this.#frame ??= requestAnimationFrame(() => this.#draw());
    return true;
  }

  // Nothing below jumps while short sentences take the places of long ones.
  #begin() {
    const { sentences } = this.canvas;
    sentences.style.minHeight = `${sentences.offsetHeight}px`;
    this.dim(true);
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

  // What only the server can say does not fit while the hand is ahead of it.
  dim(isAhead) {
    const { root, sentences } = this.canvas;
    root.toggleAttribute("data-held", isAhead);
    document.documentElement.toggleAttribute("data-canvas-held", isAhead);
    if (!isAhead) sentences.style.minHeight = "";
  }

  // Every picture as the hand has it; scenes not in every frame, but in the end.
  follow(cells) {
    const scenes = cells.filter(({ figure }) => isSpace(figure.layout));
    for (const cell of cells) if (!scenes.includes(cell)) this.#place(cell);
    const isDue = !this.live.hand.isHolding || performance.now() - this.#sceneAt >= BETWEEN_SCENES;
    if (isDue) this.#placeScenes(scenes);
    else this.#later ??= setTimeout(() => this.live.hand.isLive && this.#placeScenes(scenes), BETWEEN_SCENES);
  }

  #placeScenes(scenes) {
    clearTimeout(this.#later);
    this.#later = undefined;
    for (const cell of scenes) this.#place(cell);
    this.#sceneAt = performance.now();
  }

  #place(cell, inputs = this.live.inputs, moved = this.live.moved(inputs)) {
    const { live, clock: { now } } = this;
    cell.follow(live.traces(cell.figure, now, inputs), live.arrows(cell.figure, now, inputs), moved);
  }

  release(inputs) {
    this.move(inputs);
    this.canvas.send("moved", { values: inputs, serial: this.live.hand.release() });
  }

  pick(figure, x, y) {
    const follows = this.move(this.live.inputsOf("points", figure, [x, y]));
    this.canvas.send("picked", { figure, x, y, serial: follows ? this.live.hand.release() : 0 });
  }

  // The hand lets go, and nothing has moved. What has come meanwhile is drawn now.
  keep() {
    const { hand } = this.live;
    if (!hand.isHolding) return;
    hand.cancel();
    this.live.take();
    this.dim(hand.isLive);
    if (!hand.isLive) for (const cell of this.canvas.cells.values()) cell.rest();
    this.canvas.show();
    this.canvas.catchUp();
  }

  // What would follow from a point under the pointer, over what there is.
  hover(figure, point) {
    const cell = this.canvas.cells.get(figure);
    if (this.live.hand.isLive || !this.live.data.hover[figure] || !cell?.figure) return;
    cancelAnimationFrame(this.#hovering);
    if (!point) {
      cell.rest();
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
