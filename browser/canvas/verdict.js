// What became of the runs, in words: one line beside the pictures, told to screen readers once it has changed.

import { element } from "./dom.js";
import { mark } from "./marks.js";

const ASKED = "?";

export class VerdictLine {
  #shown = null;
  #verdicts = [];
  #isAsking = false;

  constructor() {
    this.box = element("div", { className: "canvas-verdict", hidden: true, attributes: { role: "status" } });
  }

  // verdicts: records of {text, name, color, symbol} as Python's browser.verdicts says. What says the same already is
  // left alone, or it would be read out again.
  say(verdicts) {
    this.#verdicts = verdicts;
    this.#show();
  }

  // Whether it leaves open what becomes of the runs.
  ask(isAsking) {
    this.#isAsking = isAsking;
    this.#show();
  }

  #show() {
    const verdicts = this.#verdicts.map((verdict) =>
      (this.#isAsking && verdict.symbol ? { ...verdict, text: ASKED } : verdict));
    const shown = JSON.stringify(verdicts);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.box.hidden = !verdicts.length;
    this.box.replaceChildren(...verdicts.map(part));
    requestAnimationFrame(() => this.reach());
  }

  // What is too long for its room scrolls, by keys, too.
  reach() {
    this.box.toggleAttribute("tabindex", this.box.scrollHeight > this.box.clientHeight + 1);
    if (this.box.hasAttribute("tabindex")) this.box.tabIndex = 0;
  }
}

// A text whose words between two pairs of stars stand out.
function emphasised(text) {
  return text.split("**").map((words, place) => (place % 2 ? element("b", { textContent: words }) : words));
}

function part({ text, name, color, symbol }) {
  const words = [...(name ? [element("b", { textContent: name }), " "] : []), ...emphasised(text)];
  return element("span", { className: "canvas-verdict-part" }, ...(symbol ? [mark(symbol, color)] : []), ...words);
}
