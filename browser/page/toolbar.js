// The line on top of the page: its name, buttons that copy its link, its theme, and the way to the app.

import { element } from "../canvas/dom.js";
import { copying } from "../heading/copying.js";

export class Toolbar {
  // theme: its button stands here. home: the address of the app, or nothing.
  constructor({ theme, home }) {
    this.home = home;
    this.app = element("a", {
      className: "page-home", title: "The same settings in the app", hidden: !home, target: "_blank", rel: "noopener",
      attributes: { "aria-label": "Open in the app" },
    }, element("span", { className: "page-words", textContent: "Open in the\u00A0" }), "app");
    this.box = element("header", { className: "page-toolbar" },
      element("h1", { textContent: document.title }),
      element("div", { className: "page-tools" }, ...copying(), theme.button, this.app));
  }

  // query: the settings as a link has them.
  show(_surface, query) {
    const text = new URLSearchParams(query).toString();
    if (this.home) this.app.href = text ? `${this.home}?${text}` : this.home;
  }
}
