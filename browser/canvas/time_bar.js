// The bar of buttons, slider and speed that moves the clock, and the numbers of the runs below it.

import { SPEEDS } from "./clock.js";
import { element } from "./dom.js";
import { sayMarked } from "./marks.js";

export class TimeBar {
  // moved: called whenever another update is to be shown.
  constructor(clock, moved) {
    this.clock = clock;
    this.moved = moved;
    this.playButton = button("▶", "Play (space)", () => this.playOrPause());
    this.slider = element("input", {
      type: "range", min: 0, max: 0, step: 1, attributes: { "aria-label": "Update shown by the cursors" },
      oninput: () => { this.pause(); this.goTo(Number(this.slider.value)); },
    });
    // Its time runs, and would be spoken without end.
    this.label = element("output", { className: "canvas-update", attributes: { "aria-live": "off" } });
    this.readout = element("div", { className: "canvas-read", attributes: { "aria-live": "off" } });
    this.box = element("div", { className: "canvas-time", attributes: { role: "group", "aria-label": "Time" } },
      this.playButton, this.slider, this.label,
      element("span", { className: "canvas-rare" },
        button("◀", "One update back (left arrow)", () => this.step(-1)),
        button("▶|", "One update forward (right arrow)", () => this.step(1)),
        this.#speed(), this.#loop()),
      this.#more());
    this.#showPlaying();
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

  // What is rarely used is folded where there is little room.
  #more() {
    const more = button("⋯", "Single updates, speed and repeat", () => {
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
      else this.pause();
    };
    this.frame = requestAnimationFrame(frame);
  }

  pause() {
    cancelAnimationFrame(this.frame);
    this.clock.pause();
    this.#showPlaying();
  }

  #showPlaying() {
    this.playButton.textContent = this.clock.isPlaying ? "❚❚" : "▶";
    this.playButton.setAttribute("aria-label", this.clock.isPlaying ? "Pause (space)" : "Play (space)");
  }
}

function button(textContent, title, onclick) {
  return element("button", { type: "button", textContent, title, onclick, attributes: { "aria-label": title } });
}
