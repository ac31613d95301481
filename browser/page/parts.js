// What a page without a server holds, or fetches from the folder beside it: surfaces, and the noise of seeds.

import { element } from "../canvas/dom.js";
import { unpack } from "../canvas/messages.js";
import { restored } from "./sharing.js";

export class Parts {
  #arriving = new Map();

  // held: packed texts by their names, "surfaces/booth" or "noise/0".
  constructor(held) {
    this.held = held;
  }

  // The part of this name. Rejects, with a sentence, where it does not come.
  get(name) {
    if (!this.#arriving.has(name)) {
      const arriving = this.#text(name).then(unpack).then(restored);
      arriving.catch(() => this.#arriving.delete(name));
      this.#arriving.set(name, arriving);
    }
    return this.#arriving.get(name);
  }

  async #text(name) {
    if (Object.hasOwn(this.held, name)) return this.held[name];
    globalThis.parts ??= {};
    // A page that was opened from a folder may load scripts, but may not read files.
    await new Promise((done, failed) => {
      const src = `${name.split("/").map(encodeURIComponent).join("/")}.js`;
      const onerror = () => failed(new Error(`The file ${src} did not arrive.`));
      document.head.append(element("script", { src, onload: done, onerror }));
    });
    if (!globalThis.parts[name]) throw new Error(`The file of ${name} holds something else.`);
    return globalThis.parts[name];
  }
}
