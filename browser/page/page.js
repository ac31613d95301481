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

const SURFACES = "surfaces/";
const MOST_PAST = 100; // settings that can be brought back
const IGNORED = "The link could not be used as a whole. Ignored: ";

class Page {
  #past = [];
  #turn = 0;

  // given: what browser/document.py says; common: of rules and schedules.
  constructor(root, given, common) {
    this.given = given;
    this.common = given.choosesSurface ? common : { ...common, surfaces: surfacesIn(given.parts) };
    this.parts = new Parts(given.parts);
    this.composer = new Composer(common);
    this.address = new Address(() => this.open());
    this.theme = new Theme(() => this.draw());
    this.stage = new Stage((kind, message) => this.#hear(kind, message));
    this.controls = new Controls({
      common: this.common,
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
    const asked = Object.keys(this.address.query).length ? this.address.query : this.given.settings;
    const surface = await this.#surfaceNamed(surfaceNameIn(asked, this.common));
    if (surface) await this.#read(asked, surface);
  }

  // What the page around this one asks for, on top of the present settings.
  async set(query) {
    const surface = await this.#surfaceNamed(surfaceNameIn({ surface: this.surface.name, ...query }, this.common));
    if (!surface) return;
    const before = surface === this.surface ? this.settings : onSurface(this.settings, surface);
    this.#remember();
    await this.#read({ ...encoded(before, this.common, surface), ...query }, surface);
  }

  async #read(query, surface) {
    const { settings, ignored } = decoded(query, this.common, surface);
    [this.surface, this.settings] = [surface, settings];
    await this.draw(ignored.length ? [`${IGNORED}${ignored.join("; ")}.`] : []);
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
    // The page itself says which theme it has.
    if (kind === "theme") return;
    const { live, steps } = this.message;
    if (kind !== "rested") this.#remember();
    this.settings = withChanges(this.settings, changesOf(kind, message, { sliders: live.sliders, steps }));
    this.draw();
  }

  async #surfaceNamed(name) {
    try {
      return await this.parts.get(SURFACES + name);
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
    const turn = ++this.#turn;
    try {
      const { slopes, complaints: more } = await this.#noise(this.settings);
      if (turn === this.#turn) await this.#show(slopes, [...complaints, ...more]);
    } catch (error) {
      console.warn(error);
      this.#complain([`The pictures could not be made: ${error.message} Change a setting, or press Reset.`]);
    }
  }

  async #show(noise, complaints) {
    const { settings, surface, common } = this;
    this.message = this.composer.message(settings, { surface, noise }, this.theme.name);
    this.#complain(surface.loss.waits ? [...complaints, surface.loss.waits] : complaints);
    this.controls.show(settings, surface, { canUndo: this.#past.length > 0 });
    const query = encoded(settings, common, surface);
    this.address.say(query);
    if (!this.given.choosesSurface) this.toolbar.call(titleOf(settings, surface, common));
    this.toolbar.show(query);
    await this.stage.show(this.message, surface.ground);
    this.frame.tell(query, this.composer.outcome());
  }

  #complain(sentences) {
    this.complaints.replaceChildren(...sentences.map((textContent) => element("p", { textContent })));
  }
}

// The names of the surfaces that a page holds, as they are called where nobody chooses among them.
function surfacesIn(parts) {
  const names = Object.keys(parts).filter((name) => name.startsWith(SURFACES)).map((name) => name.slice(SURFACES.length));
  return Object.fromEntries(names.map((name) => [name, name]));
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
