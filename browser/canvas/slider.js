// One slider: a label, its help, a way back, the number as it is written, and the browser's own range over positions.

import { element } from "./dom.js";
import { positionAfter, positionOf, written } from "./positions.js";

let made = 0;

export class Slider {
  // spec: as browser.hand of Python writes it. grip: who is told what is held. changed(slider): the number is another.
  constructor(spec, grip, changed) {
    this.spec = spec;
    this.grip = grip;
    this.changed = () => changed(this);
    this.id = `canvas-slider-${++made}`;
    this.range = this.makeRange();
    const attributes = { for: this.id, "aria-live": "off" };
    this.output = element("output", { className: "canvas-slider-value", attributes });
    this.back = this.makeBack();
    const label = element("label", { htmlFor: this.id, textContent: spec.label });
    const head = element("div", { className: "canvas-slider-head" }, label, ...this.makeHelp(), this.back, this.output);
    const named = { "data-slider": spec.name };
    this.box = element("div", { className: "canvas-slider", attributes: named }, head, this.range);
    this.put(spec.value);
  }

  get number() {
    return this.spec.numbers[this.range.valueAsNumber];
  }

  // True where another spec differs in nothing but its value.
  is(spec) {
    return JSON.stringify({ ...this.spec, value: 0 }) === JSON.stringify({ ...spec, value: 0 });
  }

  // Moves the thumb to a number, the nearest one that it has.
  put(number) {
    this.range.value = positionOf(number, this.spec.numbers);
    this.show();
  }

  show() {
    const { range, number, spec } = this;
    const text = written(number);
    range.setAttribute("aria-valuetext", `${spec.spoken} ${text}`);
    range.style.setProperty("--share", String(range.max > 0 ? range.value / range.max : 0));
    this.output.textContent = text;
    this.back.classList.toggle("canvas-slider-at-default", number === spec.default);
    this.back.tabIndex = number === spec.default ? -1 : 0;
  }

  move(position) {
    if (position === this.range.valueAsNumber) return;
    this.range.value = position;
    this.input();
  }

  input() {
    this.grip.move(this.spec.name);
    this.show();
    this.changed();
  }

  reset() {
    this.move(positionOf(this.spec.default, this.spec.numbers));
    this.grip.end();
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { range, spec } = this;
    if (event.key === "Delete" || event.key === "Backspace") this.reset();
    else {
      this.grip.keyDown(event.code);
      const position = positionAfter(event.key, range.valueAsNumber, spec.numbers.length);
      if (position === null) return;
      this.move(position);
    }
    event.preventDefault();
  }

  makeRange() {
    const { spec, id, grip } = this;
    return element("input", {
      type: "range", id, min: 0, max: spec.numbers.length - 1, step: 1,
      oninput: () => this.input(),
      ondblclick: () => this.reset(),
      onpointerdown: (event) => { if (event.button === 0) grip.press(event.pointerId, spec.name); },
      onkeydown: (event) => this.key(event),
      onkeyup: (event) => grip.keyUp(event.code),
      onblur: () => grip.leave(),
      attributes: spec.help ? { "aria-describedby": `${id}-help` } : {},
    });
  }

  // Takes no part in the tab order while there is nothing to go back from, and stays where it is.
  makeBack() {
    const words = `Back to ${written(this.spec.default)}: ${this.spec.label}`;
    return element("button", {
      type: "button", className: "canvas-slider-back", textContent: "↺",
      title: `Back to ${written(this.spec.default)}`,
      onclick: () => { this.range.focus(); this.reset(); }, attributes: { "aria-label": words },
    });
  }

  // A text that appears under the pointer, by keys and by a finger, and that Escape puts away.
  makeHelp() {
    const { help, label } = this.spec;
    if (!help) return [];
    const toggle = (event, open) => {
      event.currentTarget.parentElement.classList.toggle("canvas-help-open", open);
      event.currentTarget.setAttribute("aria-expanded", String(open));
    };
    const button = element("button", {
      type: "button", textContent: "?",
      onclick: (event) => toggle(event, event.currentTarget.getAttribute("aria-expanded") !== "true"),
      onblur: (event) => toggle(event, false),
      onkeydown: (event) => { if (event.key === "Escape") toggle(event, false); },
      attributes: { "aria-label": `Help: ${label}`, "aria-expanded": "false", "aria-describedby": `${this.id}-help` },
    });
    const text = element("span", { id: `${this.id}-help`, textContent: help, attributes: { role: "tooltip" } });
    return [element("span", { className: "canvas-help" }, button, text)];
  }
}
