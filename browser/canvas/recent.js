// A store of a few things by name, which forgets those that were not used for the longest time.

export class Recent {
  constructor(most) {
    this.most = most;
    this.values = new Map(); // in the order of their last use
  }

  has(name) {
    return this.values.has(name);
  }

  get(name) {
    if (!this.values.has(name)) return undefined;
    const value = this.values.get(name);
    this.values.delete(name);
    this.values.set(name, value);
    return value;
  }

  // held: the names that stay, however long nobody asked for them.
  set(name, value, held = new Set()) {
    this.values.delete(name);
    const spare = [...this.values.keys()].filter((other) => !held.has(other));
    for (const other of spare.slice(0, Math.max(0, this.values.size - this.most + 1))) this.values.delete(other);
    this.values.set(name, value);
  }
}
