// What is set around the canvas: above it the surface, the rules and the presets, below it what is set once.

import { drawing, element } from "../canvas/dom.js";
import { Choice, NumberField, Radios, Switch } from "./fields.js";
import { OptimizerPicker } from "./optimizer_picker.js";
import { lookAt } from "./presets.js";
import { chosenRule, END } from "./settings.js";

const SCALE_HELP = "Log-like spacing keeps narrow valleys and steep walls readable together. Labels are true losses.";
const NOISE_HELP = "The standard deviation of the Gaussian noise on both partial derivatives, the same for all rules.";
// A thumb and a warning sign: not every machine has letters for them.
const SIGNS = {
  good: "M1 7h3v7H1zM5 7l3-6c1.2 0 2 .9 1.8 2L9.3 6H14c.8 0 1.4.8 1.2 1.6l-1.3 5.2c-.2.7-.8 1.2-1.5 1.2H5z",
  bad: "M8 1 15.6 15H.4zM7.2 6v4.5h1.6V6zM7.2 12v1.6h1.6V12z",
};
const CIRCLE_HELP = "The circle around the point before the update, as wide as the step was long.";

export class Controls {
  // common: what browser/contents.py says of rules and schedules. changed({name: value}): some settings are others.
  // preset(preset): one of the surface was chosen. reset(), undo(): a button was pressed.
  constructor({ common, choosesSurface, changed, preset, reset, undo }) {
    Object.assign(this, { common, changed });
    this.said = element("p", { className: "page-said", attributes: { role: "status" } });
    const named = { role: "group", "aria-label": "Presets" };
    this.presets = element("div", { className: "page-presets", attributes: named });
    this.preset = (chosen) => this.#afresh(() => preset(chosen));
    this.surface = new Choice({
      label: "Surface", changed: (name) => this.#afresh(() => changed({ surface: name })),
    });
    this.title = element("p", { className: "page-surface" });
    this.rules = new OptimizerPicker({
      rules: common.rules, most: common.most.optimizers, changed: (optimizers) => changed({ optimizers }),
    });
    this.#makeBelow();
    this.undo = pressed("↶", "Undo", "Takes the last change back", () => this.#afresh(undo));
    const back = pressed("↺", "Reset", "Sets everything to what the surface opens with", () => this.#afresh(reset));
    this.top = element("div", { className: "page-top" },
      element("div", { className: "page-choices" }, choosesSurface ? this.surface.box : this.title, this.rules.box),
      element("div", { className: "page-tries" }, this.presets, this.undo, back),
      this.said);
  }

  // The present values, everywhere. canUndo: whether there is a change to be taken back.
  show(settings, surface, { canUndo = true } = {}) {
    const { common } = this, titles = (table) => mapped(table, ({ title }) => title);
    this.settings = settings;
    this.surface.show(settings.surface, common.surfaces);
    this.title.textContent = `Surface: ${surface.title}`;
    this.rules.show(settings.optimizers);
    this.#showPresets(surface);
    this.undo.setAttribute("aria-disabled", String(!canUndo));
    const said = lookAt(settings, surface, common);
    if (this.said.textContent !== said) this.said.textContent = said;
    const { fields } = this, [start1, start2] = settings.start;
    const numbers = { start1, start2, updates: settings.updates, noise: settings.noise, seed: settings.seed };
    for (const [name, number] of Object.entries(numbers)) fields[name].show(number);
    this.range.value = settings.updates;
    fields.heights.show(settings.heights);
    for (const name of ["same_rate", "arrows", "circle"]) fields[name].show(settings[name]);
    fields.schedule.show(settings.schedule, titles(common.schedules));
    const chosen = settings.optimizers.map((name) => [name, common.rules[name]]);
    fields.rule.show(chosenRule(settings), titles(Object.fromEntries(chosen)));
  }

  // What sets everything also takes the place of whatever was typed.
  #afresh(set) {
    for (const name of ["start1", "start2", "updates", "noise", "seed"]) this.fields[name].forget();
    set();
  }

  #showPresets({ name, presets }) {
    if (this.presetsOf === name) return;
    this.presetsOf = name;
    this.presets.replaceChildren(...presets.map((preset) => {
      const kind = preset.good ? "good" : "bad";
      return element("button", { type: "button", title: preset.lookAt, onclick: () => this.preset(preset) },
        signOf(kind), element("span", { className: "canvas-spoken", textContent: `${kind}: ` }), preset.title);
    }));
    this.presets.scrollLeft = 0;
  }

  #makeBelow() {
    const { common, changed } = this, { most } = common;
    const number = (label, limits, name, help) =>
      new NumberField({ label, limits, help, changed: (value) => changed({ [name]: value }) });
    const start = (label, place) => new NumberField({
      label,
      changed: (value) => changed({ start: this.settings.start.map((old, other) => (other === place ? value : old)) }),
    });
    this.fields = {
      start1: start("Start θ₁", 0),
      start2: start("Start θ₂", 1),
      updates: number("Number of updates", { low: 1, high: most.updates, isWhole: true }, "updates"),
      heights: new Radios({
        label: "Heights", words: common.heights, help: SCALE_HELP, changed: (heights) => changed({ heights }),
      }),
      same_rate: new Switch({
        label: "One learning rate for all", help: "Off: every rule has its own slider.",
        changed: (isOn) => changed({ same_rate: isOn }),
      }),
      schedule: new Choice({ label: "Schedule", changed: (schedule) => changed({ schedule }) }),
      noise: number("Noise on the gradient", { low: 0 }, "noise", NOISE_HELP),
      seed: number("Seed", { low: 0, high: most.seed, isWhole: true }, "seed", "The same seed gives the same noise."),
      rule: new Choice({ label: "One update of the rule", changed: (rule) => changed({ rule }) }),
      arrows: this.#drawn("Show its arrows on the map", "arrows"),
      circle: this.#drawn("Show its red circle", "circle", CIRCLE_HELP),
    };
    this.below = this.#folded();
  }

  // At its end a path hardly moves, so nothing would be seen: what is drawn of an update is of the first one.
  #drawn(label, name, help) {
    const first = () => (this.settings.update === END ? { update: 1 } : {});
    return new Switch({ label, help, changed: (isOn) => this.changed({ [name]: isOn, ...(isOn ? first() : {}) }) });
  }

  #folded() {
    const box = (name) => this.fields[name].box;
    const column = (...children) => element("div", { className: "page-column" }, ...children);
    const pair = (...children) => element("div", { className: "page-pair" }, ...children);
    const noise = pair(box("noise"), box("seed"));
    noise.classList.add("page-long");
    this.range = element("input", {
      type: "range", min: 1, max: this.common.most.updates, step: 1, attributes: { "aria-label": "Number of updates" },
      oninput: () => { this.fields.updates.input.value = this.range.value; },
      onchange: () => this.changed({ updates: this.range.valueAsNumber }),
    });
    box("updates").querySelector("input").after(this.range);
    return element("details", { className: "page-settings" },
      element("summary", { textContent: "Settings: start, updates, schedule and noise" }),
      element("div", { className: "page-columns" },
        column(pair(box("start1"), box("start2")), box("updates"), box("heights")),
        column(box("same_rate"), box("schedule"), noise),
        column(box("rule"), box("arrows"), box("circle"))));
  }
}

function signOf(kind) {
  const sign = drawing("svg", { class: "page-sign", viewBox: "0 0 16 16", "aria-hidden": "true" });
  sign.append(drawing("path", { d: SIGNS[kind], fill: "currentColor", "fill-rule": "evenodd" }));
  return sign;
}

function pressed(sign, words, title, onclick) {
  return element("button", { type: "button", title, onclick, attributes: { "aria-label": words } },
    sign, element("span", { className: "page-words", textContent: ` ${words}` }));
}

function mapped(table, change) {
  return Object.fromEntries(Object.entries(table).map(([name, value]) => [name, change(value)]));
}
