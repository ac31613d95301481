// Keeps Plotly figures alive between reruns: static traces by name, moving ones redrawn in place, one time for all.

import { ground, keepGround, library, style } from "./assets.js";
import { AtHand } from "./at_hand.js";
import { Cell } from "./cells.js";
import { asComputed, element, fill } from "./dom.js";
import { fitIn, isEmbedded } from "./embed.js";
import { listenForKeys } from "./keys.js";
import { unpack } from "./messages.js";
import { isSpace } from "./plot.js";
import { linesAt } from "./readout.js";
import { Sliders } from "./sliders.js";
import { Tabs } from "./tabs.js";
import { TimeBar } from "./time_bar.js";
import { VerdictLine } from "./verdict.js";
import { viewOf } from "./view.js";

const UNTIL_GONE = 2000;
const UNTIL_OVERDUE = 8000;
const MOST_ASKED = 3; // times in a row
const OVERDUE = "Part of the pictures has not arrived from the server yet. If it does not come, reload the page.";

const NARROW = 592, LOW = 540; // pixels of the canvas, and of the window
const NARROW_SLIDE = 560;

const canvases = new Map();

// ---- entry points -------------------------------------------------------------------------------------------------

export async function keep({ data, parentElement }) {
  parentElement.querySelector(".canvas").style.display = "none";
  keepGround(data.id, data.content, parentElement);
}

// A message may arrive after its element has left the page.
export async function show(component) {
  const { parentElement, data } = component;
  if (!parentElement.isConnected) return;
  const root = parentElement.querySelector(".canvas");
  if (canvases.get(parentElement)?.root !== root) close(parentElement);
  if (!canvases.has(parentElement)) canvases.set(parentElement, new Canvas(root, viewOf(data.key)));
  const canvas = canvases.get(parentElement);
  try {
    await canvas.update(component);
    canvas.say("");
  } catch (error) {
    console.warn(error);
    canvas.say(`The pictures could not be drawn: ${error.message} Change a setting or reload the page to try again.`);
  }
}

// Streamlit also says that a component is gone where the next message overtook it: its element is still on the page,
// and the next `show` comes at once. Only where none comes is the element to be left empty.
export function remove(component) {
  const { parentElement } = component;
  if (!parentElement.isConnected) close(parentElement);
  else if (canvases.get(parentElement)?.component === component) {
    setTimeout(() => {
      if (canvases.get(parentElement)?.component === component) close(parentElement);
    }, UNTIL_GONE);
  }
}

function close(parentElement) {
  canvases.get(parentElement)?.close();
  canvases.delete(parentElement);
}

// ---- the canvas ---------------------------------------------------------------------------------------------------

class Canvas {
  constructor(root, view) {
    this.root = root;
    this.view = view;
    this.cells = new Map();
    this.asked = 0;
    this.drawing = Promise.resolve();
    this.grid = element("div", { className: "canvas-grid" });
    this.grid.addEventListener("transitionend", ({ target }) => {
      if (target === this.grid) this.askForTheme();
    });
    this.time = new TimeBar(view, () => this.show());
    view.keeper.open((message) => this.send("rested", message));
    this.sentences = element("div", { className: "canvas-said" });
    this.live = view.live;
    this.atHand = new AtHand(this, view);
    this.sliders = new Sliders({
      changed: (inputs) => this.atHand.move(inputs),
      released: (inputs) => this.atHand.release(inputs),
      kept: () => this.atHand.keep(),
    }, view.unfolded);
    this.tabs = new Tabs(this.grid);
    this.verdict = new VerdictLine();
    this.laidOut = this.layOut();
    root.append(...this.laidOut);
    this.choosePlaces();
    this.sizes = new ResizeObserver(() => this.resized());
    for (const box of [root, this.grid]) this.sizes.observe(box);
    this.stopListening = listenForKeys(root, this.time.slider, {
      play: () => this.time.playOrPause(),
      step: (by) => this.time.step(by),
    });
  }

  // What is looked at together, and what stands below it.
  layOut() {
    const strip = { className: "canvas-strip" }, pictures = { className: "canvas-pictures" };
    return [
      element("div", { className: "canvas-instrument" },
        element("div", pictures, this.tabs.box, this.grid),
        element("div", strip, this.verdict.box, this.sliders.beside, this.time.box)),
      element("div", { className: "canvas-more" }, this.time.readout, this.sentences, this.sliders.folded),
    ];
  }

  // Whether one picture fills the width, or there is room for several.
  choosePlaces() {
    const { clientWidth } = this.root;
    const isNarrow = isEmbedded() ? clientWidth < NARROW_SLIDE : clientWidth < NARROW || window.innerHeight < LOW;
    this.root.toggleAttribute("data-single", isNarrow);
  }

  askForTheme() {
    if (this.component) this.send("theme", Date.now());
  }

  // A theme that changes while a message is on its way announces nothing: the ink is compared with the page's own.
  // A page in colours of its own never has the same, and is not asked about for ever.
  checkTheme(figures) {
    const ink = Object.values(figures)[0]?.layout.font?.color;
    const same = !ink || asComputed(ink) === getComputedStyle(this.grid).color;
    this.asked = same ? 0 : this.asked + 1;
    if (0 < this.asked && this.asked <= MOST_ASKED) this.askForTheme();
  }

  say(sentence) {
    this.root.querySelector(".canvas-sentence").textContent = sentence;
  }

  close() {
    this.closed = true;
    this.time.pause();
    this.stopListening();
    this.sizes.disconnect();
    cancelAnimationFrame(this.resizing);
    for (const cell of this.cells.values()) this.discard(cell);
    this.sliders.close();
    this.atHand.close();
    for (const box of this.laidOut) box.remove();
    document.documentElement.toggleAttribute("data-canvas-asks", false);
  }

  discard(cell) {
    this.cells.delete(cell.name);
    cell.close();
  }

  // A newer message makes the older ones that still wait superfluous, and a closed canvas all of them.
  isOver(turn) {
    return this.closed || turn !== this.view.turn;
  }

  async update(component) {
    const { data } = component;
    this.component = component;
    // Nothing is pulled out of the hand: what comes meanwhile is drawn when it lets go.
    this.isLate = this.live.hand.isHolding;
    if (this.isLate) return;
    const turn = ++this.view.turn;
    const [following] = await Promise.all([data.live ? unpack(data.live) : null, style(data.style)]);
    if (this.isOver(turn)) return;
    this.reserve(data);
    this.showSliders(following);
    if (!this.live.hand.isLive) this.verdict.say(data.verdicts);
    if (!this.live.hand.isLive) fill(this.sentences, "p", (following?.sentences ?? []).map(({ text }) => text));
    const overdue = setTimeout(() => this.isOver(turn) || this.say(OVERDUE), UNTIL_OVERDUE);
    const arriving = Promise.all([library(data.plotly), unpack(data.content), ground(data.ground)]);
    const [Plotly, figures, heavy] = await arriving.finally(() => clearTimeout(overdue));
    this.Plotly = Plotly;
    await this.drawing.catch(() => {});
    if (this.isOver(turn)) return;
    this.drawing = this.draw(figures, heavy, following, data, turn);
    await this.drawing;
  }

  reserve({ heights, steps }) {
    Object.entries(heights).forEach(([name, height], order) => this.cell(name).reserve(height, order));
    this.grid.dataset.figures = Object.keys(heights).length || this.cells.size;
    this.time.box.hidden = this.time.readout.hidden = !steps;
  }

  async draw(figures, heavy, following, data, turn) {
    if (this.live.hand.isHolding) {
      this.isLate = true;
      return;
    }
    this.view.begin(data.revision, data.steps);
    this.view.unit = data.unit;
    this.view.keeper.serve(data.now, data.told);
    this.live.serve(following, data.answered);
    this.showSliders(following);
    if (!this.live.hand.isLive) this.verdict.say(data.verdicts);
    this.atHand.dim();
    for (const cell of this.cells.values()) if (!(cell.name in figures)) this.discard(cell);
    // The flat pictures first: they answer sooner.
    const order = Object.entries(figures).sort(([, a], [, b]) => isSpace(a.layout) - isSpace(b.layout));
    const pictures = [data.content, data.ground, data.revision];
    const areNew = !pictures.every((part, place) => part === this.pictures?.[place]);
    this.pictures = null;
    for (const [name, figure] of areNew ? order : []) {
      figure.data = figure.data.map((trace) => ("ground" in trace ? ownBar(heavy[trace.ground]) : trace));
      const cell = this.cell(name);
      if (isEmbedded()) fitIn(figure, cell.size);
      await cell.draw(this.Plotly, figure, data.descriptions[name] ?? "");
      if (!this.live.isAhead) cell.rest();
      if (this.isOver(turn)) return;
    }
    this.pictures = pictures;
    this.tabs.update([...this.cells.values()].sort((a, b) => a.box.style.order - b.box.style.order));
    for (const name of data.pick) this.cells.get(name)?.box.classList.add("canvas-pick");
    this.show();
    this.checkTheme(figures);
    this.root.dataset.drawn = String(turn);
    this.root.dispatchEvent(new CustomEvent("drawn"));
  }

  cell(name) {
    if (!this.cells.has(name)) {
      const cell = new Cell(name, this.view, {
        canPick: (figure) => this.component.data.pick.includes(figure),
        dragged: (figure, x, y) => this.atHand.move(this.live.inputsOf("points", figure, [x, y])),
        moves: (figure) => (this.live.data.points[figure] ?? ["x", "y"]).map(Boolean),
        picked: (figure, x, y) => this.atHand.pick(figure, x, y),
        kept: () => this.atHand.keep(),
        hovered: (figure, point) => this.atHand.hover(figure, point),
        toggled: (key) => this.toggle(key),
        linked: (linked) => { for (const other of this.cells.values()) other.light(linked); },
      });
      this.cells.set(name, cell);
      this.grid.append(cell.box);
    }
    return this.cells.get(name);
  }

  // Hides a run in all pictures, or a curve in its own, or shows it again.
  toggle(key) {
    this.view.toggle(key);
    this.drawing = this.drawing.catch(() => {}).then(async () => {
      for (const cell of this.cells.values()) if (cell.plot.isDrawn) await cell.react(this.Plotly);
      this.show();
    });
  }

  resized() {
    cancelAnimationFrame(this.resizing);
    this.resizing = requestAnimationFrame(async () => {
      this.choosePlaces();
      this.verdict.reach();
      for (const cell of this.cells.values()) await cell.fit();
    });
  }

  // Every picture and the readout at the present update.
  show() {
    this.live.take(this.view.clock.now);
    this.atHand.dim();
    this.ask(this.view.later.isHidden && !this.view.clock.isAtEnd);
    if (this.live.isAhead) {
      this.atHand.follow(this.drawn);
      return;
    }
    for (const cell of this.drawn) {
      cell.rest();
      cell.place();
    }
    this.tell();
  }

  // What becomes of the runs is not said while a class guesses.
  ask(isAsking) {
    document.documentElement.toggleAttribute("data-canvas-asks", isAsking);
    this.verdict.ask(isAsking);
    for (const cell of this.drawn) cell.describe(isAsking);
  }

  // The cells that have a picture.
  get drawn() {
    return [...this.cells.values()].filter(({ figure }) => figure);
  }

  // The numbers of the present update, and what is said of them.
  tell() {
    const { now } = this.view.clock;
    this.time.show(this.view.unit);
    // A scene that cannot be drawn here follows no hand, and reads out nothing that another picture can say.
    const seen = this.drawn.filter(({ plot }) => plot.isDrawn);
    this.time.read(linesAt((seen.length ? seen : this.drawn).flatMap(({ traces }) => traces), now, this.view.unit));
    const said = this.live.sentences(now);
    fill(this.sentences, "p", said.map(({ text }) => text));
    said.forEach(({ waits }, place) => this.sentences.children[place].classList.toggle("canvas-waits", waits));
  }

  // The server's sliders, with what the hand has moved as the hand has it.
  showSliders(following) {
    this.sliders.update(following?.sliders ?? [], this.live.hand.inputs({}));
  }

  send(kind, message) {
    this.component.setTriggerValue(kind, message);
  }

  // Draws what has come while something was in the hand.
  catchUp() {
    if (this.isLate) show(this.component);
  }
}

// The ground is the same for all pictures that show it, and Plotly writes into what it gets.
function ownBar(trace) {
  return trace.colorbar ? { ...trace, colorbar: { ...trace.colorbar } } : trace;
}
