// What stands beside the heading of a page: buttons that copy the page's link, and a line that shows it elsewhere.
// It also brings a reader back up.

import { element } from "../canvas/dom.js";
import { iframeLine } from "./iframe.js";

const SAID = 4000; // milliseconds

const arrived = new Map(); // by the page, the last arrival that has been answered

// data: page, its section in the navigation, whether its pictures are shown alone in another page, and how often a
// reader was led to another part of it.
export function show({ parentElement, data }) {
  document.documentElement.toggleAttribute("data-embed", data.embedded);
  const box = parentElement.querySelector(".heading");
  if (!box.hasChildNodes()) box.append(...copying());
  markSection(data.section);
  // Who comes back to a page later is led nowhere.
  const before = arrived.get(data.page) ?? data.arrivals;
  arrived.set(data.page, data.arrivals);
  if (data.arrivals > before) bringUp(box);
}

// Streamlit says which page is the present one in its menus alone, once they are open.
function markSection(section) {
  for (const menu of document.querySelectorAll("[data-testid=stTopNavSection]")) {
    if (menu.querySelector("p")?.textContent === section) menu.setAttribute("aria-current", "true");
    else menu.removeAttribute("aria-current");
  }
}

// A part that begins is read from its beginning, by eyes and ears.
function bringUp(box) {
  const heading = document.querySelector("h1");
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  box.closest("[data-testid=stMain]")?.scrollTo(0, 0);
}

function copying() {
  const field = element("input", { readOnly: true, hidden: true });
  const said = element("span", { attributes: { role: "status" } });
  const button = (textContent, className, help, name, text) => element("button", {
    type: "button", textContent, className, title: help,
    onclick: () => {
      field.setAttribute("aria-label", name);
      copy(text(), field, said);
    },
  });
  field.onblur = () => { field.hidden = true; };
  return [
    button("Copy link", "heading-link", "Copies the address of this page with all its settings",
      "Link of this page", () => location.href),
    button("Copy iframe", "heading-iframe",
      "Copies a line of HTML that shows these pictures in another page, on a slide for one",
      "Line of HTML that shows these pictures", () => iframeLine(location.href, document.title)),
    field, said,
  ];
}

async function copy(text, field, said) {
  try {
    await navigator.clipboard.writeText(text);
    say(said, "Copied");
  } catch {
    // A browser may not let a page write there: then the reader does it.
    Object.assign(field, { value: text, hidden: false });
    field.focus();
    field.select();
    say(said, "Copy it from this field");
  }
}

function say(said, text) {
  said.textContent = text;
  clearTimeout(said.timer);
  said.timer = setTimeout(() => { said.textContent = ""; }, SAID);
}
