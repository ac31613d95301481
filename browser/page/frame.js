// What a page says to the one around it, and hears from it: only where the address names the origin that may. No DOM.

import { exactText } from "./number_texts.js";

const ANY = "*";

export class Frame {
  // origin: as it stands in the address, with scheme and host, or "*" for any; without it nothing is sent or heard.
  // set(query): the page around asks for these settings, texts under the names that they have in a link.
  constructor({ origin, set }, page = window) {
    this.page = page;
    this.target = page.parent === page ? null : targetOf(origin);
    if (!this.target) return;
    page.addEventListener("message", (event) => { if (this.#isTrusted(event)) hear(event.data, set); });
  }

  // state: the settings as a link has them. outcome: what became of the runs.
  tell(state, outcome) {
    if (this.target) this.page.parent.postMessage({ state, outcome }, this.target);
  }

  #isTrusted({ source, origin }) {
    return source === this.page.parent && (this.target === ANY || origin === this.target);
  }
}

function hear(data, set) {
  const asked = data?.set;
  if (typeof asked !== "object" || asked === null || Array.isArray(asked)) return;
  const isUsable = ([, value]) => ["string", "boolean"].includes(typeof value) || Number.isFinite(value);
  const query = Object.entries(asked).filter(isUsable).map(([name, value]) => [name, textOf(value)]);
  if (query.length) set(Object.fromEntries(query));
}

function textOf(value) {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return typeof value === "string" ? value : exactText(value);
}

// The origin that messages go to; null where the text names none.
export function targetOf(text) {
  if (!text || text === ANY) return text || null;
  try {
    const { origin, protocol } = new URL(text);
    return ["http:", "https:"].includes(protocol) ? origin : null;
  } catch {
    return null;
  }
}
