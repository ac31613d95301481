// Which rules run: a button that names them, and opens a panel with a box to tick for each.

import { element } from "../canvas/dom.js";

let made = 0;

export class OptimizerPicker {
  #chosen = [];

  // rules: {name: {title, fullTitle, family}}. most: how many may be chosen. changed(names): in the order in which
  // they were chosen.
  constructor({ rules, most, changed }) {
    Object.assign(this, { rules, most, changed });
    const id = `page-optimizers-${++made}`;
    this.names = element("span", { className: "page-chosen" });
    this.button = element("button", {
      type: "button", className: "page-open", onclick: () => this.#open(this.panel.hidden),
      attributes: { "aria-expanded": "false", "aria-controls": id },
    }, element("span", { className: "page-words", textContent: "Optimizers: " }), this.names);
    this.boxes = new Map(Object.keys(rules).map((name) => [name, this.#box(name)]));
    this.full = element("p", { className: "page-help", attributes: { "aria-live": "polite" } });
    this.panel = element("div", { id, className: "page-panel", hidden: true }, this.full, ...this.#groups());
    this.box = element("div", {
      className: "page-picker", onkeydown: (event) => this.#key(event),
      onfocusout: ({ relatedTarget }) => { if (relatedTarget && !this.box.contains(relatedTarget)) this.#open(false); },
    }, this.button, this.panel);
    document.addEventListener("pointerdown", ({ target }) => { if (!this.box.contains(target)) this.#open(false); });
  }

  show(names) {
    this.#chosen = [...names];
    const text = names.map((name) => this.rules[name].title).join(", ") || "choose at least one";
    this.names.textContent = text;
    this.button.setAttribute("aria-label", `Optimizers: ${text}`);
    this.button.title = text;
    const isFull = names.length >= this.most;
    this.full.textContent = isFull ? `These are ${this.most}. Take one away to choose another.` :
      `Up to ${this.most} at a time.`;
    for (const [name, box] of this.boxes) {
      box.checked = names.includes(name);
      box.disabled = isFull && !box.checked;
    }
  }

  #box(name) {
    return element("input", {
      type: "checkbox", value: name, onchange: ({ target }) => this.#choose(name, target.checked),
    });
  }

  #choose(name, isOn) {
    const others = this.#chosen.filter((other) => other !== name);
    this.changed(isOn ? [...others, name] : others);
  }

  #groups() {
    const names = Object.keys(this.rules), familyOf = (name) => this.rules[name].family;
    return [...new Set(names.map(familyOf))].map((family) => {
      const labels = names.filter((name) => familyOf(name) === family).map((name) =>
        element("label", { className: "page-check" }, this.boxes.get(name), this.rules[name].fullTitle));
      return element("fieldset", {}, element("legend", { textContent: family }), ...labels);
    });
  }

  #key(event) {
    if (event.key !== "Escape" || this.panel.hidden) return;
    this.#open(false);
    this.button.focus();
  }

  #open(isOpen) {
    this.panel.hidden = !isOpen;
    this.button.setAttribute("aria-expanded", String(isOpen));
  }
}
