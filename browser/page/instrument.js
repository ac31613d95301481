// Pictures of a lesson, or of a notebook, that follow the hand without a server.

import { element } from "../canvas/dom.js";
import { unpack } from "../canvas/messages.js";
import { Address } from "./address.js";
import { Frame } from "./frame.js";
import { MovedPictures } from "./moved.js";
import { Stage } from "./stage.js";
import { Theme } from "./theme.js";
import { Toolbar } from "./toolbar.js";

class InstrumentPage {
  // given: what browser/document.py says; pictures: what browser/instrument.py says of the pictures.
  constructor(root, given, pictures) {
    this.pictures = new MovedPictures(pictures);
    this.address = new Address(() => this.open());
    this.theme = new Theme(() => this.draw());
    this.stage = new Stage((kind, message) => this.#hear(kind, message));
    this.frame = new Frame({ origin: this.address.options.origin ?? "", set: (query) => this.#set(query) });
    this.back = element("button", {
      type: "button", title: "Sets everything to what this was made with", attributes: { "aria-label": "Reset" },
      onclick: () => { this.pictures.reset(); this.#changed(); },
    }, "↺", element("span", { className: "page-words", textContent: " Reset" }));
    const toolbar = new Toolbar({ theme: this.theme, home: given.home, more: [this.back] });
    const made = element("p", { className: "page-made", textContent: given.made });
    root.classList.add("page-instrument");
    root.replaceChildren(toolbar.box, this.stage.box, made);
    toolbar.show({});
  }

  // What the address says, on top of what this was made with.
  async open() {
    this.pictures.reset();
    this.pictures.set(this.address.query);
    await this.draw();
  }

  async draw() {
    const message = this.pictures.message(this.theme.name);
    this.back.setAttribute("aria-disabled", String(this.pictures.isUntouched));
    await this.stage.show(message, this.pictures.groundOf(this.theme.name));
  }

  #hear(kind, message) {
    this.pictures.hear(kind, message);
    if (kind === "theme") this.draw();
    else this.#changed();
  }

  #set(query) {
    this.pictures.set(query);
    this.#changed();
  }

  #changed() {
    const { isUntouched, state, outcome } = this.pictures;
    this.draw();
    this.address.say(isUntouched ? {} : state);
    this.frame.tell(state, outcome);
  }
}

// The frame in the output of a notebook is as high as what it holds, if its page lets it be.
function fitFrame() {
  const frame = location.protocol === "about:" ? window.frameElement : null;
  if (!frame) return;
  new ResizeObserver(() => { frame.style.height = `${Math.ceil(document.body.offsetHeight)}px`; }).observe(document.body);
}

async function begin() {
  const given = JSON.parse(document.getElementById("contents").textContent);
  await new InstrumentPage(document.getElementById("page"), given, await unpack(given.pictures)).open();
  fitFrame();
}

begin();
