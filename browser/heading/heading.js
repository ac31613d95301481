// What stands beside the heading of a page: buttons that copy the page's link, and a line that shows it elsewhere.
// It also brings a reader back up.

import { copying } from "./copying.js";

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
