// Moving the start of a flat picture by keys: it takes the focus, and says what it is and where it has come to.

import { element } from "./dom.js";
import { Grip } from "./grip.js";
import { written } from "./positions.js";

const SHARE = 1 / 100; // of an axis for one press, ten times as much with Shift
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] };

export class PointKeys {
  #at = null; // the point that keys hold

  // plot: the picture. hand: start() -> [x, y] or null, moves() -> which of both coordinates a point sets,
  // dragged(pixel or null), picked(x, y), kept() where nothing is picked in the end.
  constructor(plot, hand) {
    Object.assign(this, { plot, hand });
    this.grip = new Grip((_, moved) => this.#letGo(moved));
    this.said = element("span", { className: "canvas-spoken", attributes: { role: "status" } });
    this.box = element("div", {
      className: "canvas-point", tabIndex: 0, hidden: true,
      onkeydown: (event) => this.#key(event),
      onkeyup: ({ code }) => this.grip.keyUp(code),
      onblur: () => this.grip.leave(),
      attributes: { role: "application", "aria-describedby": plot.element.id },
    });
  }

  // title: of the picture; the focus can come here only where there is a point to move.
  update(title, isOffered) {
    this.box.hidden = !isOffered || !this.hand.start();
    const label = `${title}. Arrow keys move the point, with Shift in larger steps. Escape takes it back.`;
    this.box.setAttribute("aria-label", label);
  }

  close() {
    this.grip.forget();
  }

  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") this.#giveBack();
    else if (event.key in STEPS) this.#move(event);
    else return;
    // Keys move what has the focus, not also the time or the page.
    event.preventDefault();
    event.stopPropagation();
  }

  #move({ key, code, shiftKey }) {
    this.#at ??= this.hand.start();
    if (!this.#at) return;
    const pixel = nextPixel(this.plot, this.#at, STEPS[key], this.hand.moves(), shiftKey ? 10 * SHARE : SHARE);
    this.#at = this.plot.toPoint(pixel);
    this.grip.keyDown(code);
    this.grip.move("point");
    this.hand.dragged(pixel);
  }

  #letGo(moved) {
    const at = this.#at;
    this.#at = null;
    if (moved && at) this.hand.picked(...at);
    else this.hand.kept();
    this.hand.dragged(null);
    if (moved && at) this.said.textContent = `Point at ${at.map(written).join(", ")}`;
  }

  #giveBack() {
    this.grip.forget();
    this.#letGo(false);
  }
}

// Where a step leads from a point: a share of the axis further on, and not out of the picture. Where one coordinate
// alone is set, all four keys move it.
export function nextPixel(plot, at, [right, up], [setsX, setsY], share) {
  const { inside } = plot;
  const [x, y] = plot.toPixel(...at);
  if (setsX && !setsY) return [within(x + (right + up) * share * inside.width, inside.x, inside.width), y];
  const moved = [x + right * share * inside.width, y - up * share * inside.height];
  return [
    right ? within(moved[0], inside.x, inside.width) : x,
    up ? within(moved[1], inside.y, inside.height) : y,
  ];
}

function within(pixel, from, length) {
  return Math.min(Math.max(pixel, from), from + length);
}
