// What stands beside the heading of a page: a button that copies the page's link. It also brings a reader back up.

import { element } from "../canvas/dom.js";

const SAID = 4000; // milliseconds

const arrived = new Map(); // by the page, the last arrival that has been answered

// data: page, its section in the navigation, and how often a reader was led to another part of it.
export function show({ parentElement, data }) {
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
  const field = element("input", { readOnly: true, hidden: true, attributes: { "aria-label": "Link of this page" } });
  const said = element("span", { attributes: { role: "status" } });
  const button = element("button", {
    type: "button", textContent: "Copy link",
    title: "Copies the address of this page with all its settings",
    onclick: () => copy(field, said),
  });
  field.onblur = () => { field.hidden = true; };
  return [button, field, said];
}

async function copy(field, said) {
  const link = location.href;
  try {
    await navigator.clipboard.writeText(link);
    say(said, "Copied");
  } catch {
    // A browser may not let a page write there: then the reader does it.
    Object.assign(field, { value: link, hidden: false });
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
