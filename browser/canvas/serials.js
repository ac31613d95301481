// The numbers of messages to the server, and of the last one that it has answered. No DOM.

export class Serials {
  #sent = 0;
  #answered = 0;

  // The number of a new message: later ones are larger, also after a page is left.
  next(time = Date.now()) {
    this.#sent = Math.max(this.#sent + 1, time);
    return this.#sent;
  }

  // Only the answer to the last message is the last word.
  answer(number) {
    this.#answered = Math.max(this.#answered, number);
  }

  giveUp() {
    this.answer(this.#sent);
  }

  get isWaiting() {
    return this.#answered < this.#sent;
  }
}
