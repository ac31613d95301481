// What became of the runs, in words: one line beside the pictures, told to screen readers once it has changed.

import { element } from "./dom.js";
import { mark } from "./marks.js";

export class VerdictLine {
  #shown = null;

  constructor() {
    this.box = element("div", { className: "canvas-verdict", hidden: true, attributes: { role: "status" } });
  }

  // verdicts: records of {text, name, color, symbol} as Python's browser.verdicts says. What says the same already is
  // left alone, or it would be read out again.
  say(verdicts) {
    const shown = JSON.stringify(verdicts);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.box.hidden = !verdicts.length;
    this.box.replaceChildren(...verdicts.map(part));
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
