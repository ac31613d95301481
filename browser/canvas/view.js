// What a student has chosen to see, by the key of the component: it outlives the element, which may be made anew.

import { Clock } from "./clock.js";
import { later } from "./later.js";
import { Live } from "./live.js";
import { Timekeeper } from "./timekeeper.js";

const views = new Map();

export function viewOf(key) {
  if (!views.has(key)) views.set(key, new View());
  return views.get(key);
}

class View {
  constructor() {
    this.turn = 0; // how many messages have come
    this.revision = null;
    this.unit = "update"; // what the clock counts
    this.clock = new Clock();
    this.keeper = new Timekeeper(this.clock);
    this.later = later;
    this.live = new Live();
    this.unfolded = new Set(); // the titles of the groups of sliders that are open
    this.hidden = new Set();
    this.zooms = new Map();
    this.cameras = new Map();
  }

  // What a message says: something else is shown, or the same with other runs.
  begin(revision, steps) {
    this.clock.setSteps(steps);
    if (revision === this.revision) return;
    this.revision = revision;
    for (const chosen of [this.hidden, this.zooms, this.cameras]) chosen.clear();
    this.clock.toEnd();
  }

  toggle(run) {
    if (!this.hidden.delete(run)) this.hidden.add(run);
  }

  shows(run) {
    return !this.hidden.has(run);
  }
}
