// The canvas on a page without a server: it gets the messages of the page, and tells the page what a server would hear.

import { keepGround } from "../canvas/assets.js";
import { show } from "../canvas/canvas.js";
import { element } from "../canvas/dom.js";

export class Stage {
  #answered = 0;
  #told = 0;

  // heard(kind, message): what the canvas says, see changesOf in answers.js.
  constructor(heard) {
    const canvas = element("div", { className: "canvas" });
    canvas.append(element("p", { className: "canvas-sentence", attributes: { role: "status" } }));
    this.box = element("div", { className: "stage" }, canvas);
    this.setTriggerValue = (kind, message) => {
      if (kind === "rested") this.#told = message.serial;
      else if (message.serial) this.#answered = message.serial;
      heard(kind, message);
    };
  }

  // Shows a message, whose ground are these traces. It answers all that the canvas has said.
  async show(message, ground) {
    keepGround(message.ground, ground, this.box);
    const data = { ...message, answered: this.#answered, told: this.#told };
    await show({ data, parentElement: this.box, setTriggerValue: this.setTriggerValue });
  }
}
