// All sliders of a canvas, some in groups that fold. They say what the hand does, and stay in the hand while it does.

import { element } from "./dom.js";
import { Grip } from "./grip.js";
import { Slider } from "./slider.js";

const OWN_KEYS = [" ", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];

export class Sliders {
  // changed(inputs): at every move while the hand holds on, numbers by name. released(inputs): it has let go of what
  // it has moved. kept(): it has let go, and nothing is moved. open: the titles of the open groups, which outlive this.
  constructor({ changed, released, kept }, open = new Set()) {
    this.open = open;
    this.sliders = new Map();
    this.groups = new Map();
    this.changed = changed;
    this.released = released;
    this.kept = kept;
    this.grip = new Grip((names, moved) => this.letGo(this.numbers(names), moved));
    this.beside = element("div", { className: "canvas-beside", hidden: true });
    this.folded = element("div", { className: "canvas-folded", hidden: true });
    // Keys move the slider that has the focus, not also the time.
    for (const box of this.boxes) {
      box.addEventListener("keydown", (event) => { if (OWN_KEYS.includes(event.key)) event.stopPropagation(); });
    }
    this.listeners = {
      pointermove: ({ pointerId }) => this.tell(this.grip.under(pointerId)),
      pointerup: ({ pointerId }) => this.grip.lift(pointerId),
      pointercancel: ({ pointerId }) => this.grip.lift(pointerId),
    };
    for (const [kind, listener] of Object.entries(this.listeners)) window.addEventListener(kind, listener, true);
  }

  close() {
    for (const [kind, listener] of Object.entries(this.listeners)) window.removeEventListener(kind, listener, true);
    this.grip.forget();
    for (const box of this.boxes) box.remove();
  }

  get boxes() {
    return [this.beside, this.folded];
  }

  numbers(names) {
    return Object.fromEntries(names.map((name) => [name, this.sliders.get(name).number]));
  }

  tell(name) {
    if (name !== undefined) this.changed(this.numbers([name]));
  }

  letGo(numbers, moved) {
    const { late } = this;
    this.late = null;
    if (moved) this.released(numbers);
    else this.kept();
    if (late) this.update(late.specs, { ...late.moved, ...(moved ? numbers : {}) });
  }

  // What the page says. Nothing moves while the hand holds on. moved: numbers by name of which the page has not heard.
  update(specs, moved = {}) {
    if (this.grip.isHolding) {
      this.late = { specs, moved };
      return;
    }
    const before = this.sliders;
    this.sliders = new Map(specs.map((spec) => [spec.name, this.slider(before.get(spec.name), spec)]));
    for (const slider of this.sliders.values()) {
      const { name, value, numbers } = slider.spec;
      const number = numbers.includes(moved[name]) ? moved[name] : value;
      if (slider.number !== number) slider.put(number);
    }
    this.arrange(specs);
  }

  slider(before, spec) {
    if (!before?.is(spec)) return new Slider(spec, this.grip, ({ spec: { name } }) => this.tell(name));
    before.spec = spec;
    return before;
  }

  // Elements that are where they belong are left alone, and with them the focus.
  arrange(specs) {
    const titles = [...new Set(specs.map(({ group }) => group))];
    const focused = document.activeElement;
    const inside = (title) =>
      specs.filter(({ group }) => group === title).map(({ name }) => this.sliders.get(name).box);
    for (const title of titles.filter(Boolean)) fill(this.group(title).lastChild, inside(title));
    fill(this.beside, inside(""));
    fill(this.folded, titles.filter(Boolean).map((title) => this.group(title)));
    for (const box of this.boxes) {
      box.hidden = !box.children.length;
      if (box.contains(focused)) focused.focus({ preventScroll: true });
    }
  }

  group(title) {
    if (!this.groups.has(title)) {
      const summary = element("summary", { textContent: title });
      const content = element("div", { className: "canvas-group" });
      this.groups.set(title, element("details", {
        open: this.open.has(title),
        ontoggle: ({ target }) => (target.open ? this.open.add(title) : this.open.delete(title)),
      }, summary, content));
    }
    return this.groups.get(title);
  }
}

function fill(box, children) {
  const isSame = (child, place) => child === box.children[place];
  if (children.length !== box.children.length || !children.every(isSame)) box.replaceChildren(...children);
}
