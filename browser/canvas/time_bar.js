// The bar of buttons, slider and speed that moves the clock, and the numbers of the runs below it.

import { SPEEDS } from "./clock.js";
import { element } from "./dom.js";
import { sayMarked } from "./marks.js";

export class TimeBar {
  // clock, later, keeper: as of a View. show: called whenever another update is to be shown, or what comes later in
  // another way.
  constructor({ clock, later, keeper }, show) {
    Object.assign(this, { clock, later, keeper });
    this.moved = () => {
      keeper.moved();
      show();
    };
    this.playButton = button("▶", "Play (space)", () => this.playOrPause());
    this.slider = element("input", {
      type: "range", min: 0, max: 0, step: 1,
      oninput: () => { this.pause(); this.goTo(Number(this.slider.value)); },
      onpointerdown: (event) => { if (event.button === 0) this.#hold(); },
    });
    // Its time runs, and would be spoken without end.
    this.label = element("output", { className: "canvas-update", attributes: { "aria-live": "off" } });
    this.readout = element("div", { className: "canvas-read", attributes: { "aria-live": "off" } });
    this.box = element("div", { className: "canvas-time", attributes: { role: "group", "aria-label": "Time" } },
      this.playButton, this.slider, this.label,
      element("span", { className: "canvas-rare" },
        button("◀", "One update back (left arrow)", () => this.step(-1)),
        button("▶|", "One update forward (right arrow)", () => this.step(1)),
        this.#speed(), this.#loop(), this.#switch()),
      this.#more());
    this.#showPlaying();
  }

  // The hand lets go anywhere on the page.
  #hold() {
    const listening = new AbortController();
    const letGo = () => {
      listening.abort();
      this.keeper.isHeld = false;
      this.keeper.moved();
    };
    this.keeper.isHeld = true;
    const options = { capture: true, signal: listening.signal };
    for (const kind of ["pointerup", "pointercancel"]) window.addEventListener(kind, letGo, options);
  }

  #speed() {
    const onchange = ({ target }) => this.clock.setSpeed(Number(target.value), performance.now());
    const option = (value) =>
      element("option", { value, textContent: `${value}×`, selected: value === this.clock.speed });
    const attributes = { "aria-label": "Speed" };
    return element("select", { title: "Speed", attributes, onchange }, ...SPEEDS.map(option));
  }

  #loop() {
    const show = () => loop.setAttribute("aria-pressed", String(this.clock.isLooping));
    const loop = button("↻", "Repeat", () => {
      this.clock.isLooping = !this.clock.isLooping;
      show();
    });
    show();
    return loop;
  }

  // How what comes after the present update is shown, so that a question can be asked before.
  #switch() {
    const onclick = () => {
      this.later.toggle();
      show();
      this.moved();
    };
    const show = () => shown.setAttribute("aria-pressed", String(!this.later.isHidden));
    const shown = button("later", "Show later updates", onclick);
    show();
    return shown;
  }

  // What is rarely used is folded where there is little room.
  #more() {
    const more = button("⋯", "Single updates, speed, repeat and later updates", () => {
      const isOpen = this.box.classList.toggle("canvas-open");
      more.setAttribute("aria-expanded", String(isOpen));
    });
    more.classList.add("canvas-more-time");
    more.setAttribute("aria-expanded", "false");
    return more;
  }

  show(unit) {
    const { now, steps } = this.clock;
    this.slider.max = steps;
    this.slider.value = now;
    this.label.textContent = `${unit} ${now} of ${steps}`;
    if (this.clock.isPlaying) return;
    this.slider.setAttribute("aria-label", unit[0].toUpperCase() + unit.slice(1));
    this.slider.setAttribute("aria-valuetext", this.label.textContent);
  }

  // lines: what is said of each run, and its mark.
  read(lines) {
    sayMarked(this.readout, lines);
  }

  step(by) {
    this.pause();
    this.goTo(this.clock.now + by);
  }

  goTo(update) {
    this.clock.goTo(update);
    this.moved();
  }

  playOrPause() {
    if (this.clock.isPlaying) return this.pause();
    this.clock.play(performance.now(), matchMedia("(prefers-reduced-motion: reduce)").matches);
    this.#showPlaying();
    const frame = (time) => {
      this.clock.tick(time);
      this.moved();
      if (this.clock.isPlaying) this.frame = requestAnimationFrame(frame);
      else this.#showPlaying();
    };
    this.frame = requestAnimationFrame(frame);
  }

  pause() {
    const wasPlaying = this.clock.isPlaying;
    cancelAnimationFrame(this.frame);
    this.clock.pause();
    this.#showPlaying();
    if (wasPlaying) this.moved();
  }

  #showPlaying() {
    this.playButton.textContent = this.clock.isPlaying ? "❚❚" : "▶";
    this.playButton.setAttribute("aria-label", this.clock.isPlaying ? "Pause (space)" : "Play (space)");
  }
}

function button(textContent, title, onclick) {
  return element("button", { type: "button", textContent, title, onclick, attributes: { "aria-label": title } });
}
