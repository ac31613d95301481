// Buttons that copy the link of a page, and the line that shows it elsewhere; with a field to copy from by hand.

import { element } from "../canvas/dom.js";
import { iframeLine } from "./iframe.js";

const SAID = 4000; // milliseconds

// The buttons, and the field and the answer that they share.
export function copying() {
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
