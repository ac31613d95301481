// One clock for the browser and the server: the server hears of the time when it has come to rest. No DOM.

import { Serials } from "./serials.js";

const UNTIL_REST = 300; // milliseconds without a move
const UNTIL_AGAIN = 10_000;

export class Timekeeper {
  #serials = new Serials();
  #later;
  #again;
  #send = () => {};

  constructor(clock) {
    this.clock = clock;
    this.served = null; // the server's time; null where it has none
    this.isHeld = false; // by a hand on the slider
  }

  // Whether the server does not know the time yet.
  get isAhead() {
    return this.served !== null && this.clock.now !== this.served;
  }

  get #isMoving() {
    return this.clock.isPlaying || this.isHeld;
  }

  // Where messages go: send({now, serial}).
  open(send) {
    this.#send = send;
  }

  close() {
    clearTimeout(this.#later);
    clearTimeout(this.#again);
    this.#later = undefined;
    this.isHeld = false;
    this.#serials.giveUp();
  }

  // What the server says: its time, and the number of the last message that it has answered. The clock goes there
  // unless it has been moved meanwhile.
  serve(now, answered) {
    this.#serials.answer(answered);
    this.served = now;
    if (now !== null && !this.#isMoving && this.#later === undefined && !this.#serials.isWaiting) this.clock.goTo(now);
  }

  // The clock has moved, or come to rest.
  moved() {
    if (this.served === null) return;
    clearTimeout(this.#later);
    this.#later = this.#isMoving ? undefined : setTimeout(() => this.#say(), UNTIL_REST);
  }

  // A message can be lost, with its connection for one. What is not answered is said again.
  #say() {
    this.#later = undefined;
    if (this.#isMoving || !(this.isAhead || this.#serials.isWaiting)) return;
    this.#send({ now: this.clock.now, serial: this.#serials.next() });
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.#serials.isWaiting && this.#say(), UNTIL_AGAIN);
  }
}
