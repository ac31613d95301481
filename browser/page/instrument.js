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
    this.address = new Address(() => {});
    this.theme = new Theme(() => this.draw());
    this.stage = new Stage((kind, message) => this.#hear(kind, message));
    this.frame = new Frame({ origin: this.address.options.origin ?? "", set: (query) => this.#set(query) });
    const toolbar = new Toolbar({ theme: this.theme, home: given.home });
    const back = element("button", {
      type: "button", textContent: "↺ Reset", title: "Sets everything to what the file was made with",
      onclick: () => { this.pictures.reset(); this.draw(); },
    });
    this.back = back;
    const said = given.said ? [element("p", { className: "page-said", textContent: given.said })] : [];
    const made = element("p", { className: "page-made", textContent: given.made });
    const top = element("div", { className: "page-top" }, element("div", { className: "page-tries" }, back), ...said);
    root.replaceChildren(toolbar.box, top, this.stage.box, made);
    toolbar.show({});
  }

  async draw() {
    const message = this.pictures.message(this.theme.name);
    this.back.setAttribute("aria-disabled", String(this.pictures.isUntouched));
    await this.stage.show(message, this.pictures.groundOf(this.theme.name));
  }

  #hear(kind, message) {
    this.pictures.hear(kind, message);
    this.draw();
    if (kind !== "theme") this.frame.tell(this.pictures.state, this.pictures.outcome);
  }

  #set(query) {
    this.pictures.set(query);
    this.draw();
    this.frame.tell(this.pictures.state, this.pictures.outcome);
  }
}

async function begin() {
  const given = JSON.parse(document.getElementById("contents").textContent);
  await new InstrumentPage(document.getElementById("page"), given, await unpack(given.pictures)).draw();
}

begin();
