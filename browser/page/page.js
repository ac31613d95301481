// The playground without a server: settings, pictures, and the address that carries them.

import { element } from "../canvas/dom.js";
import { unpack } from "../canvas/messages.js";
import { Address } from "./address.js";
import { changesOf } from "./answers.js";
import { Composer } from "./compose.js";
import { Controls } from "./controls.js";
import { Frame } from "./frame.js";
import { madeWith } from "./made_with.js";
import { Parts } from "./parts.js";
import { decoded, encoded, onSurface, resetOf, surfaceNameIn, withChanges } from "./settings.js";
import { Stage } from "./stage.js";
import { Theme } from "./theme.js";
import { Toolbar } from "./toolbar.js";

const SURFACES = "surfaces/";
const MOST_PAST = 100; // settings that can be brought back
const WAITS = "stage-waits";
const IGNORED = "The link could not be used as a whole. Ignored: ";

class Page {
  #past = [];
  #turn = 0;
  #asked = 0; // how often something else was asked for
  #setting = Promise.resolve();

  // given: what browser/document.py says; common: of rules and schedules.
  constructor(root, given, common, { address, frame }) {
    Object.assign(this, { given, address, frame });
    this.common = given.choosesSurface ? common : { ...common, surfaces: surfacesIn(given.parts) };
    this.parts = new Parts(given.parts);
    this.composer = new Composer(common);
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
    this.complaints = element("div", { className: "page-complaints", attributes: { role: "status" } });
    this.made = element("p", { className: "page-made", textContent: given.made });
    const { toolbar, controls, complaints, stage, made } = this;
    root.replaceChildren(toolbar.box, controls.top, complaints, stage.box, controls.below, made);
  }

  // What the address says, or what the file was made with.
  async open() {
    const asked = Object.keys(this.address.query).length ? this.address.query : this.given.settings;
    const surface = await this.#load(surfaceNameIn(asked, this.common));
    if (surface) await this.#read(asked, surface);
  }

  // What the page around this one asks for, on top of the present settings; one after the other.
  set(query) {
    this.#setting = this.#setting.then(() => this.#set(query));
    return this.#setting;
  }

  async #set(query) {
    if (!this.surface) return;
    const surface = await this.#load(surfaceNameIn({ surface: this.surface.name, ...query }, this.common));
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
      const surface = await this.#load(name);
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
    this.#asked += 1;
    [this.surface, this.settings] = before;
    await this.draw();
  }

  #remember() {
    this.#asked += 1;
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

  // The surface of this name, unless it does not come, or something else has been asked for meanwhile: then null.
  async #load(name) {
    const asked = ++this.#asked, isLate = () => asked !== this.#asked;
    this.stage.box.classList.toggle(WAITS, name !== this.surface?.name);
    try {
      const surface = await this.parts.get(SURFACES + name);
      return isLate() ? null : surface;
    } catch (error) {
      if (!isLate()) this.#complain([`The surface could not be loaded. ${error.message}`]);
      // The present surface is chosen still, so that the other one can be chosen again.
      if (this.settings) this.controls.show(this.settings, this.surface, { canUndo: this.#past.length > 0 });
      return null;
    } finally {
      if (!isLate()) this.stage.box.classList.remove(WAITS);
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
    this.#complain([...complaints, ...(surface.loss.waits ? [surface.loss.waits] : []), ...this.#onSlide()]);
    this.made.textContent = madeWith(settings, surface, common);
    this.controls.show(settings, surface, { canUndo: this.#past.length > 0 });
    const query = encoded(settings, common, surface);
    // A bare address stands for what the file was made with, which may be something else than the defaults.
    const isBare = !Object.keys(query).length && Object.keys(this.given.settings).length > 0;
    this.address.say(isBare ? { surface: settings.surface } : query);
    if (!this.given.choosesSurface) this.toolbar.call(titleOf(settings, surface, common));
    this.toolbar.show(query);
    this.stage.box.classList.remove(WAITS);
    await this.stage.show(this.message, surface.ground);
    this.frame.tell(query, this.composer.outcome());
  }

  // A slide has no room for what stands below the pictures, but for what is not true of them.
  #onSlide() {
    if (!document.documentElement.hasAttribute("data-embed")) return [];
    return this.message.live.sentences.filter(({ program }) => !program).map(({ text }) => text);
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
  let open;
  const opened = new Promise((done) => { open = done; });
  // The page around this one may speak before anything is there.
  const address = new Address(async () => (await opened).open());
  const frame = new Frame({ origin: address.options.origin ?? "", set: async (query) => (await opened).set(query) });
  const root = document.getElementById("page");
  const page = new Page(root, given, await unpack(given.common), { address, frame });
  await page.open();
  open(page);
}

begin();
