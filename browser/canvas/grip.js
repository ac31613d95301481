// When sliders are held and when they are let go: by pointers, by keys, or by neither, as by a screen reader. No DOM.

export const PAUSE = 300; // milliseconds without a key after which a key's work is done

export class Grip {
  // letGo(names, moved): the sliders that were held, and whether any of them has moved.
  constructor(letGo) {
    this.letGo = letGo;
    this.names = new Set();
    this.pointers = new Map();
    this.keys = new Set();
    this.moved = false;
  }

  get isHolding() {
    return this.names.size > 0;
  }

  press(pointer, name) {
    clearTimeout(this.timer);
    this.pointers.set(pointer, name);
    this.names.add(name);
  }

  // The slider that this pointer holds.
  under(pointer) {
    return this.pointers.get(pointer);
  }

  lift(pointer) {
    if (this.pointers.delete(pointer) && !this.isBusy) this.end();
  }

  move(name) {
    this.names.add(name);
    this.moved = true;
    if (!this.isBusy) this.endSoon();
  }

  keyDown(key) {
    clearTimeout(this.timer);
    this.keys.add(key);
  }

  keyUp(key) {
    this.keys.delete(key);
    if (this.isHolding && !this.isBusy) this.endSoon();
  }

  // The focus has left, and a key that is still down will come up elsewhere.
  leave() {
    this.keys.clear();
    if (!this.isBusy) this.end();
  }

  get isBusy() {
    return this.pointers.size + this.keys.size > 0;
  }

  endSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.end(), PAUSE);
  }

  end() {
    const [names, moved] = [[...this.names], this.moved];
    this.forget();
    if (names.length) this.letGo(names, moved);
  }

  // Nobody is told.
  forget() {
    clearTimeout(this.timer);
    for (const held of [this.names, this.pointers, this.keys]) held.clear();
    this.moved = false;
  }
}
