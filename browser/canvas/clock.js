// The one time of all pictures: which update is shown. It is told what time it is, in milliseconds.

export const SPEEDS = [0.25, 0.5, 1, 2, 4];
const SECONDS_FOR_A_RUN = 8;

export class Clock {
  constructor() {
    this.steps = 0;
    this.now = 0;
    this.speed = 1;
    this.isLooping = false;
    this.playing = null;
  }

  get isAtEnd() {
    return this.now >= this.steps;
  }

  get isPlaying() {
    return this.playing !== null;
  }

  // Runs of another length: who looked at the end, looks at the new end.
  setSteps(steps) {
    if (this.isAtEnd || this.now > steps) this.now = steps;
    this.steps = steps;
  }

  toEnd() {
    this.now = this.steps;
  }

  goTo(update) {
    this.now = Math.max(0, Math.min(this.steps, Math.round(update)));
  }

  // isCalm: without motion, the time stands still for a second at a time.
  play(time, isCalm = false) {
    this.playing = { begun: time, from: this.isAtEnd ? 0 : this.now, isCalm };
  }

  pause() {
    this.playing = null;
  }

  setSpeed(speed, time) {
    if (this.isPlaying) Object.assign(this.playing, { from: this.#exact(time), begun: time });
    this.speed = speed;
  }

  // Moves on to this time; at the end it pauses, or begins anew.
  tick(time) {
    if (!this.isPlaying) return;
    const update = this.#exact(time);
    this.goTo(Math.floor(this.isLooping ? update % (this.steps + 1) : update));
    if (!this.isLooping && update >= this.steps) this.pause();
  }

  #exact(time) {
    const { begun, from, isCalm } = this.playing;
    const seconds = Math.max(0, time - begun) / 1000;
    return from + (isCalm ? Math.floor(seconds) : seconds) * (Math.max(this.steps, 1) / SECONDS_FOR_A_RUN) * this.speed;
  }
}
