// What the hand does: nothing, holding something, or waiting for the server's answer to what it has left. No DOM.

import { Serials } from "./serials.js";

export class Hand {
  #serials = new Serials();
  #moved = {};
  #left = {}; // what it has moved and let go of

  constructor() {
    this.isHolding = false;
  }

  // Whether what is on the screen is the hand's and not the server's.
  get isLive() {
    return this.isHolding || this.#serials.isWaiting;
  }

  // The hand holds on, and has put these inputs where they are.
  move(inputs) {
    this.isHolding = true;
    Object.assign(this.#moved, inputs);
  }

  // Whether the hand has moved an input, and the server has not answered yet.
  has(name) {
    return Object.hasOwn(this.#moved, name);
  }

  // The hand lets go. Returns the number of the message that says so.
  release(time = Date.now()) {
    this.isHolding = false;
    this.#left = { ...this.#moved };
    return this.#serials.next(time);
  }

  // The hand lets go as if it had moved nothing.
  cancel() {
    this.isHolding = false;
    this.#moved = { ...this.#left };
  }

  // The hand gives up all that it has moved: the picture is the server's again.
  forget() {
    this.isHolding = false;
    this.#serials.giveUp();
    this.answer(0);
  }

  // The server has answered the message of this number.
  answer(number) {
    this.#serials.answer(number);
    if (!this.isLive) [this.#moved, this.#left] = [{}, {}];
  }

  // The server's inputs, with those that the hand has moved in their places.
  inputs(served) {
    return { ...served, ...this.#moved };
  }
}
