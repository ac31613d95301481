// The playground without a server: settings, pictures, and the address that carries them.

import { element } from "../canvas/dom.js";
import { unpack } from "../canvas/messages.js";
import { Address } from "./address.js";
import { changesOf } from "./answers.js";
import { Composer } from "./compose.js";
import { Controls } from "./controls.js";
import { Frame } from "./frame.js";
import { Parts } from "./parts.js";
import { decoded, encoded, onSurface, resetOf, surfaceNameIn, withChanges } from "./settings.js";
import { Stage } from "./stage.js";
import { Theme } from "./theme.js";
import { Toolbar } from "./toolbar.js";

const MOST_PAST = 100; // settings that can be brought back
const HELD = "The settings of the link that could not be used: ";

class Page {
  #past = [];
  #turn = 0;

  // given: what browser/document.py says; common: of rules and schedules.
  constructor(root, given, common) {
    this.given = given;
    this.common = common;
    this.parts = new Parts(given.parts);
    this.composer = new Composer(common);
    this.address = new Address(() => this.open());
    this.theme = new Theme(() => this.draw());
    this.stage = new Stage((kind, message) => this.#hear(kind, message));
    this.controls = new Controls({
      common,
      choosesSurface: given.choosesSurface,
      changed: (changes) => this.change(changes),
      preset: ({ settings }) => this.put(settings),
      reset: () => this.put(resetOf(this.surface)),
      undo: () => this.undo(),
    });
    this.toolbar = new Toolbar({ theme: this.theme, home: given.home });
    this.frame = new Frame({ origin: this.address.options.origin ?? "", set: (query) => this.set(query) });
    this.complaints = element("div", { className: "page-complaints", attributes: { role: "status" } });
    const made = element("p", { className: "page-made", textContent: given.made });
    root.replaceChildren(this.toolbar.box, this.controls.top, this.complaints, this.stage.box, this.controls.below, made);
  }

  // What the address says, or what the file was made with.
  async open() {
    const { query } = this.address;
    await this.#read(Object.keys(query).length ? query : this.given.settings);
  }

  // What the page around this one asks for, as of a link on top of the present settings.
  async set(query) {
    const now = encoded(this.settings, this.common, this.surface);
    const start = query.surface && query.surface !== this.settings.surface ? {} : now;
    await this.#read({ ...start, ...query }, true);
    this.#tell();
  }

  async #read(query, isChange = false) {
    const surface = await this.#surfaceNamed(surfaceNameIn(query, this.common));
    if (!surface) return;
    const { settings, ignored } = decoded(query, this.common, surface);
    if (isChange) this.#remember();
    [this.surface, this.settings] = [surface, settings];
    await this.draw(ignored.length ? [`${HELD}${ignored.join("; ")}.`] : []);
  }

  async change(changes) {
    const { surface: name, ...others } = changes;
    if (name && name !== this.settings.surface) {
      const surface = await this.#surfaceNamed(name);
      if (!surface) return;
      this.#remember();
      [this.surface, this.settings] = [surface, onSurface(this.settings, surface)];
    } else this.#remember();
    this.settings = withChanges(this.settings, others);
    await this.draw();
  }

  async put(settings) {
    this.#remember();
    this.settings = settings;
    await this.draw();
  }

  async undo() {
    const before = this.#past.pop();
    if (!before) return;
    [this.surface, this.settings] = before;
    await this.draw();
  }

  #remember() {
    this.#past.push([this.surface, this.settings]);
    if (this.#past.length > MOST_PAST) this.#past.shift();
  }

  #hear(kind, message) {
    const { live, steps } = this.message;
    const changes = changesOf(kind, message, { sliders: live.sliders, steps });
    if (kind === "moved" || kind === "picked") this.#remember();
    this.settings = withChanges(this.settings, changes);
    this.draw().then(() => this.#tell());
  }

  async #surfaceNamed(name) {
    try {
      return await this.parts.get(`surfaces/${name}`);
    } catch (error) {
      this.#complain([`The surface could not be loaded. ${error.message}`]);
      return null;
    }
  }

  async #noise({ noise, seed }) {
    if (!noise) return { slopes: null, complaints: [] };
    if (this.given.seeds.includes(seed)) return { slopes: await this.parts.get(`noise/${seed}`), complaints: [] };
    const seeds = this.given.seeds.join(", ");
    return { slopes: null, complaints: [`This page has the noise of the seeds ${seeds}. The paths run without noise.`] };
  }

  async draw(complaints = []) {
    if (!this.settings) return;
    const turn = ++this.#turn, { settings, surface } = this;
    const { slopes, complaints: more } = await this.#noise(settings);
    if (turn !== this.#turn) return;
    this.message = this.composer.message(settings, { surface, noise: slopes }, this.theme.name);
    this.#complain([...complaints, ...more, ...(surface.loss.waits ? [surface.loss.waits] : [])]);
    this.controls.show(settings, surface, { canUndo: this.#past.length > 0 });
    const query = encoded(settings, this.common, surface);
    this.address.say(query);
    if (!this.given.choosesSurface) this.toolbar.call(titleOf(settings, surface, this.common));
    this.toolbar.show(query);
    await this.stage.show(this.message, surface.ground);
  }

  #complain(sentences) {
    this.complaints.replaceChildren(...sentences.map((textContent) => element("p", { textContent })));
  }

  #tell() {
    this.frame.tell(encoded(this.settings, this.common, this.surface), this.composer.outcome());
  }
}

// As Python's lessons.summary names a page.
function titleOf({ optimizers }, surface, { rules }) {
  const title = `Descent on ${surface.title.replace(/^= /, "")}`;
  return optimizers.length ? `${title}: ${optimizers.map((name) => rules[name].title).join(", ")}` : title;
}

async function begin() {
  const given = JSON.parse(document.getElementById("contents").textContent);
  const page = new Page(document.getElementById("page"), given, await unpack(given.common));
  await page.open();
}

begin();
