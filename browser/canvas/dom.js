// Elements of the page: texts are always texts, never markup.

const SVG = "http://www.w3.org/2000/svg";

let pen = null;

export function element(kind, settings = {}, ...children) {
  const { attributes = {}, ...properties } = settings;
  const made = Object.assign(document.createElement(kind), properties);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export function drawing(kind, attributes) {
  const made = document.createElementNS(SVG, kind);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

// A colour as computed styles write it.
export function asComputed(color) {
  const probe = element("span");
  probe.style.color = color;
  return probe.style.color;
}

// How wide a text is in a font, in pixels; the page is not laid out for it.
export function textWidth(text, font) {
  pen ??= document.createElement("canvas").getContext("2d");
  pen.font = font;
  return pen.measureText(text).width;
}

export function hasWebGL() {
  const probe = element("canvas");
  const context = probe.getContext("webgl2") ?? probe.getContext("webgl");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return Boolean(context);
}

// Gives a box one child for each text, and leaves alone what says it already: a page is laid out anew for every change.
export function fill(box, kind, texts) {
  while (box.children.length > texts.length) box.lastChild.remove();
  while (box.children.length < texts.length) box.append(element(kind));
  texts.forEach((text, place) => {
    const child = box.children[place];
    if (child.textContent !== text) child.textContent = text;
  });
}
