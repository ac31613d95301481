// The shapes of markers, by their names in Plotly; and marks of them as small drawings, for words and over pictures.

import { drawing, element } from "./dom.js";

const LINE = 2, MARGIN = 1; // pixels
const DARK_RIM = "#0b1020", LIGHT_RIM = "#ffffff";

const R = Math.SQRT1_2;
const PLUS = [[-1, -0.4], [-0.4, -0.4], [-0.4, -1], [0.4, -1], [0.4, -0.4], [1, -0.4], [1, 0.4], [0.4, 0.4], [0.4, 1],
  [-0.4, 1], [-0.4, 0.4], [-1, 0.4]];
const STAR = Array.from({ length: 10 }, (_, place) => {
  const [angle, radius] = [(place * Math.PI) / 5, place % 2 ? 0.5 : 1.25];
  return [Math.sin(angle) * radius, -Math.cos(angle) * radius];
});
const UPRIGHTS = [[[-1, 0], [1, 0]], [[0, -1], [0, 1]]], DIAGONALS = [[[-1, -1], [1, 1]], [[-1, 1], [1, -1]]];
const SHAPES = {
  square: [[-1, -1], [1, -1], [1, 1], [-1, 1]],
  diamond: [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]],
  cross: PLUS,
  x: PLUS.map(([u, v]) => [R * (u - v), R * (u + v)]),
  star: STAR,
  "triangle-up": [[0, -1.15], [1.15, 0.6], [-1.15, 0.6]],
  "triangle-down": [[0, 1.15], [1.15, -0.6], [-1.15, -0.6]],
};

// What a symbol is made of: its kind is "open" or "thin" where it has no inside; lines, as lists of corners of which
// half the marker's size is 1; no lines where it is a circle.
export function shapeOf(symbol) {
  const [name, kind = "full"] = symbol.split(/-(?=open|thin)/);
  if (kind === "thin") return { kind, lines: name === "x" ? DIAGONALS : UPRIGHTS };
  return { kind, lines: name in SHAPES ? [SHAPES[name]] : [] };
}

// The outline of a symbol around the origin, as the `d` of an SVG path.
export function outline(symbol, half) {
  const { kind, lines } = shapeOf(symbol);
  if (!lines.length) return `M${half} 0A${half} ${half} 0 1 1 ${-half} 0A${half} ${half} 0 1 1 ${half} 0Z`;
  const end = kind === "thin" ? "" : "Z";
  return lines.map((corners) => `M${corners.map(([u, v]) => `${u * half} ${v * half}`).join("L")}${end}`).join("");
}

// The mark of a run beside words, so many pixels wide and high.
export function mark(symbol, color, size = 12) {
  const reach = size / 2, { kind } = shapeOf(symbol);
  const half = (reach - MARGIN) / 1.3;
  const look = kind === "full" ? { fill: color } : { fill: "none", stroke: color, "stroke-width": LINE };
  const box = { width: size, height: size, viewBox: `${-reach} ${-reach} ${size} ${size}` };
  const svg = drawing("svg", { class: "canvas-mark", "aria-hidden": "true", "data-symbol": symbol, ...box });
  svg.append(drawing("path", { d: outline(symbol, half), ...look }));
  return svg;
}

// Gives a box one child for each line {text, symbol, color}, its mark first, and leaves alone what says it already.
export function sayMarked(box, lines) {
  while (box.children.length > lines.length) box.lastChild.remove();
  while (box.children.length < lines.length) box.append(element("span"));
  lines.forEach(({ text, symbol, color }, place) => {
    const child = box.children[place], look = `${symbol} ${color}`;
    if (child.dataset.look !== look) child.replaceChildren(mark(symbol, color), document.createTextNode(""));
    child.dataset.look = look;
    if (child.lastChild.data !== text) child.lastChild.data = text;
  });
}

// The parts of the head of a path, around the origin of its drawing, the one in the run's colour last: with a dark and
// a light rim, of which one stands out on every ground.
export function head(symbol, color, half = 6.5) {
  const d = outline(symbol, half);
  const line = (stroke, width) =>
    drawing("path", { d, fill: "none", stroke, "stroke-width": width, "stroke-linejoin": "round" });
  const isFull = shapeOf(symbol).kind === "full";
  const rims = isFull ? [line(DARK_RIM, 6.5), line(LIGHT_RIM, 3.5)] : [line(DARK_RIM, 7.5), line(LIGHT_RIM, 5.5)];
  return [...rims, isFull ? drawing("path", { d, fill: color }) : line(color, 3)];
}
