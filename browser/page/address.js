// The address of a page without a server: settings stand behind the #, with the names that they have in the app's links.

const OPTIONS = ["origin", "embed"]; // they say how the page is shown, not what

export class Address {
  #said = "";

  // changed(): somebody has changed the address by hand, or gone back.
  constructor(changed) {
    addEventListener("hashchange", () => { if (location.hash !== this.#said) changed(); });
    document.documentElement.toggleAttribute("data-embed", this.options.embed === "true");
  }

  get #all() {
    return { ...partsOf(location.search), ...partsOf(location.hash) };
  }

  get options() {
    return Object.fromEntries(Object.entries(this.#all).filter(([name]) => OPTIONS.includes(name)));
  }

  get query() {
    return Object.fromEntries(Object.entries(this.#all).filter(([name]) => !OPTIONS.includes(name)));
  }

  // Puts settings into the address.
  say(query) {
    const text = new URLSearchParams({ ...query, ...optionsIn(location.hash) }).toString();
    this.#said = text ? `#${text}` : "";
    if (location.hash === this.#said) return;
    try {
      // Settings before the # would contradict those behind it.
      const kept = new URLSearchParams(optionsIn(location.search)).toString();
      history.replaceState(null, "", `${location.pathname}${kept ? `?${kept}` : ""}${this.#said}`);
    } catch {
      // A page in a frame without an address of its own has none to carry settings.
    }
  }
}

function partsOf(text) {
  return Object.fromEntries(new URLSearchParams(text.slice(1)));
}

function optionsIn(text) {
  return Object.fromEntries(Object.entries(partsOf(text)).filter(([name]) => OPTIONS.includes(name)));
}
