// The names of the pictures, for windows in which one of them fills the width: a press brings it there, as a swipe
// does.

import { element } from "./dom.js";

export class Tabs {
  #cells = [];

  // grid: the box in which the pictures lie side by side, and that scrolls.
  constructor(grid) {
    this.grid = grid;
    this.box = element("div", { className: "canvas-tabs", attributes: { role: "group", "aria-label": "Picture" } });
    grid.addEventListener("scroll", () => this.show(), { passive: true });
  }

  // cells: in their order, with the title and the box of each.
  update(cells) {
    this.#cells = cells;
    const titles = cells.map(({ title }) => title);
    if (String(titles) !== String([...this.box.children].map(({ textContent }) => textContent))) {
      this.box.replaceChildren(...cells.map(({ title, box }) =>
        element("button", { type: "button", textContent: title, onclick: () => this.#bring(box) })));
    }
    this.box.hidden = cells.length < 2;
    this.show();
  }

  // Which picture is in the middle.
  show() {
    const { scrollLeft, clientWidth, offsetLeft } = this.grid;
    const distances = this.#cells.map(({ box }) => Math.abs(box.offsetLeft - offsetLeft - scrollLeft));
    const nearest = distances.indexOf(Math.min(...distances));
    const every = clientWidth && [...this.box.children];
    if (every) every.forEach((button, place) => button.setAttribute("aria-pressed", String(place === nearest)));
  }

  #bring(box) {
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    this.grid.scrollTo({ left: box.offsetLeft - this.grid.offsetLeft, behavior });
  }
}
