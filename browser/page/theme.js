// Light, dark, or as the system says. The reader's choice is remembered where the browser allows it.

import { element } from "../canvas/dom.js";

const CHOICES = { system: "as the system", light: "light", dark: "dark" };
const KEY = "gradient descent theme"; // other pages of the same host have keys, too

export class Theme {
  // changed(): the page has another appearance.
  constructor(changed) {
    this.changed = changed;
    this.system = matchMedia("(prefers-color-scheme: dark)");
    this.system.addEventListener("change", () => this.#show());
    this.choice = remembered();
    this.button = element("button", { type: "button", className: "page-theme", onclick: () => this.#choose() });
    this.#show();
  }

  #choose() {
    const choices = Object.keys(CHOICES);
    this.choice = choices[(choices.indexOf(this.choice) + 1) % choices.length];
    remember(this.choice);
    this.#show();
  }

  #show() {
    const words = `Theme: ${CHOICES[this.choice]}`, before = this.name;
    this.name = this.choice === "system" ? (this.system.matches ? "dark" : "light") : this.choice;
    this.button.replaceChildren("◐", element("span", { className: "page-words", textContent: ` ${words}` }));
    this.button.setAttribute("aria-label", words);
    this.button.title = `${words}. Press for another one.`;
    document.documentElement.dataset.theme = this.name;
    if (before && before !== this.name) this.changed(this.name);
  }
}

// A page that was opened as a file, or stands in a frame, may have no memory.
function remembered() {
  try {
    const choice = localStorage.getItem(KEY);
    return Object.hasOwn(CHOICES, choice) ? choice : "system";
  } catch {
    return "system";
  }
}

function remember(choice) {
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // Then it holds as long as the page is open.
  }
}
