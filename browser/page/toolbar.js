// The line on top of the page: its name, buttons that copy its link, its theme, and the way to the app.

import { element } from "../canvas/dom.js";
import { copying } from "../heading/copying.js";

const ADDRESSES = ["http:", "https:", "file:"];

export class Toolbar {
  // theme: its button stands here. home: the address of the app, or nothing. more: further buttons, which come first.
  constructor({ theme, home, more = [] }) {
    this.home = home;
    this.app = element("a", {
      className: "page-home", title: "The same settings in the app", hidden: !home, target: "_blank", rel: "noopener",
      attributes: { "aria-label": "Open in the app" },
    }, element("span", { className: "page-words", textContent: "Open in the\u00A0" }), "app");
    this.heading = element("h1", { textContent: document.title });
    this.box = element("header", { className: "page-toolbar" },
      this.heading,
      element("div", { className: "page-tools" }, ...more, ...copies(), theme.button, this.app));
  }

  // The name of the page: what it shows may have changed since the file was made.
  call(title) {
    if (this.heading.textContent !== title) this.heading.textContent = document.title = title;
  }

  // query: the settings as a link has them.
  show(query) {
    const text = new URLSearchParams(query).toString();
    if (this.home) this.app.href = text ? `${this.home}?${text}` : this.home;
  }
}

// The output of a notebook has no address that leads to it.
function copies() {
  return ADDRESSES.includes(location.protocol) ? copying() : [];
}
