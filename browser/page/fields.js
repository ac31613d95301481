// Fields around the canvas: a number as a text that stays as it was typed, a choice, and a switch.

import { element } from "../canvas/dom.js";
import { advice, fieldText, numberIn, wrong } from "./number_texts.js";

let made = 0;

function nextId() {
  return `page-field-${++made}`;
}

// A text for a number. What cannot be read stays, with a sentence, and changes nothing.
export class NumberField {
  #typed = false;

  // limits: {low, high, isWhole}. changed(number): another number was typed.
  constructor({ label, limits = {}, help = "", changed }) {
    Object.assign(this, { label, limits, changed });
    const id = nextId();
    this.input = element("input", {
      type: "text", id, inputMode: limits.low >= 0 ? "decimal" : "text", autocomplete: "off", maxLength: 60,
      oninput: () => { this.#typed = true; },
      onchange: () => this.#take(),
      onkeydown: ({ key }) => { if (key === "Enter") this.#take(); },
      attributes: { "aria-describedby": `${id}-said${help ? ` ${id}-help` : ""}` },
    });
    this.said = element("p", { id: `${id}-said`, className: "page-wrong", attributes: { "aria-live": "polite" } });
    this.box = element("div", { className: "page-field" },
      element("label", { htmlFor: id, textContent: label }), this.input, this.said, ...helpOf(help, `${id}-help`));
  }

  // The text stays while it stands for this number, and while it is being typed.
  show(number) {
    if (number === this.number) return;
    this.number = number;
    if (this.#typed && document.activeElement === this.input) return;
    this.#write();
  }

  // Shows the number, whatever was typed.
  forget() {
    this.#write();
  }

  #write() {
    this.#typed = false;
    this.#say("");
    if (numberIn(this.input.value) !== this.number) this.input.value = fieldText(this.number);
  }

  #take() {
    const text = this.input.value, reason = wrong(text, this.limits);
    this.#typed = false;
    this.#say(reason);
    if (reason || numberIn(text) === this.number) return;
    this.number = numberIn(text);
    this.changed(this.number);
  }

  #say(reason) {
    this.input.setAttribute("aria-invalid", String(Boolean(reason)));
    this.said.textContent = reason &&
      `${this.label}: ${reason}. The page uses ${fieldText(this.number)}. ${advice(this.limits)}`;
  }
}

// One of a few words.
export class Choice {
  #names = null;

  // changed(name): another one was chosen.
  constructor({ label, changed }) {
    const id = nextId();
    // Where there is little room, the label is not shown.
    const attributes = { "aria-label": label };
    this.select = element("select", { id, onchange: () => changed(this.select.value), attributes });
    this.box = element("div", { className: "page-field" },
      element("label", { htmlFor: id, textContent: label }), this.select);
  }

  // words: by the names among which there is a choice.
  show(name, words) {
    const names = JSON.stringify(words);
    if (names !== this.#names) {
      const options = Object.entries(words).map(([value, textContent]) => element("option", { value, textContent }));
      this.select.replaceChildren(...options);
    }
    this.#names = names;
    this.select.disabled = !Object.keys(words).length;
    if (this.select.value !== name) this.select.value = name;
  }
}

// Yes or no.
export class Switch {
  // changed(isOn)
  constructor({ label, help = "", changed }) {
    const id = nextId();
    const attributes = help ? { "aria-describedby": `${id}-help` } : {};
    this.input = element("input", { type: "checkbox", id, onchange: () => changed(this.input.checked), attributes });
    this.box = element("div", { className: "page-field" },
      element("label", { className: "page-check" }, this.input, label), ...helpOf(help, `${id}-help`));
  }

  show(isOn) {
    this.input.checked = isOn;
  }
}

// One of a few words that are all seen.
export class Radios {
  // words: by the names. changed(name): another one was chosen.
  constructor({ label, words, help = "", changed }) {
    const name = nextId();
    this.inputs = Object.keys(words).map((value) =>
      element("input", { type: "radio", name, value, onchange: () => changed(value) }));
    const labels = this.inputs.map((input) => element("label", { className: "page-check" }, input, words[input.value]));
    const attributes = help ? { "aria-describedby": `${name}-help` } : {};
    this.box = element("fieldset", { className: "page-field", attributes },
      element("legend", { textContent: label }), ...labels, ...helpOf(help, `${name}-help`));
  }

  show(name) {
    for (const input of this.inputs) input.checked = input.value === name;
  }
}

function helpOf(textContent, id) {
  return textContent ? [element("p", { id, className: "page-help", textContent })] : [];
}
