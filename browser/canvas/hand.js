// What the hand does: nothing, holding something, or waiting for the server's answer to what it has left. No DOM.

export class Hand {
  #sent = 0;
  #answered = 0;
  #moved = {};
  #left = {}; // what it has moved and let go of

  constructor() {
    this.isHolding = false;
  }

  // Whether what is on the screen is the hand's and not the server's.
  get isLive() {
    return this.isHolding || this.#answered < this.#sent;
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

  // The hand lets go. Returns the number of the message that says so: later ones are larger, also after a page is left.
  release(time = Date.now()) {
    this.isHolding = false;
    this.#sent = Math.max(this.#sent + 1, time);
    this.#left = { ...this.#moved };
    return this.#sent;
  }

  // The hand lets go as if it had moved nothing.
  cancel() {
    this.isHolding = false;
    this.#moved = { ...this.#left };
  }

  // The hand gives up all that it has moved: the picture is the server's again.
  forget() {
    this.isHolding = false;
    this.answer(this.#sent);
  }

  // The server has answered the message of this number. Only the answer to the last one is the last word.
  answer(number) {
    this.#answered = Math.max(this.#answered, number);
    if (!this.isLive) [this.#moved, this.#left] = [{}, {}];
  }

  // The server's inputs, with those that the hand has moved in their places.
  inputs(served) {
    return { ...served, ...this.#moved };
  }
}
