// Draws traces on a canvas layer over a picture, in the look that they have in the picture itself.

import { cut } from "./geometry.js";

const DASHES = { solid: [], dot: [1, 2], dash: [4, 3], longdash: [8, 3], dashdot: [4, 2, 1, 2] };
const SPACE_LINES = 0.45, SPACE_MARKERS = 2.2;
const MOST_MARKERS = 250; // with a rim and a shape of their own

// A layer that is as sharp as the screen; its context counts in the pixels of the page.
export function prepared(layer, width, height) {
  const ratio = globalThis.devicePixelRatio || 1;
  const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (layer.width !== across || layer.height !== down) Object.assign(layer, { width: across, height: down });
  const context = layer.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

// A trace of a scene in the sizes that the scene itself draws, where lines are thinner and markers larger than their numbers.
export function inSpace(trace) {
  const { line, marker } = trace;
  const larger = (size) => (typeof size === "number" ? size * SPACE_MARKERS : Array.from(size ?? [], (one) => one * SPACE_MARKERS));
  return {
    ...trace,
    line: line && { ...line, width: line.width * SPACE_LINES },
    marker: marker && { ...marker, size: larger(marker.size) },
  };
}

// points: [x, y] in pixels, null where there is none. rectangle: {x, y, width, height}, what lies outside is cut; null
// cuts nothing.
export function paint(context, trace, points, rectangle) {
  context.save();
  if (rectangle) clip(context, rectangle);
  context.globalAlpha = trace.opacity ?? 1;
  if (trace.mode.includes("lines")) strokeLine(context, trace.line ?? {}, points, trace.fill === "toself" && trace.fillcolor);
  if (trace.cliponaxis === false && rectangle) {
    context.restore();
    context.save();
  }
  if (trace.mode.includes("markers")) markers(context, trace.marker ?? {}, points);
  context.restore();
}

function strokeLine(context, { color, width = 2, dash = "solid" }, points, fill) {
  context.strokeStyle = color;
  context.lineWidth = width;
  context.lineJoin = "round";
  context.lineCap = dash === "dot" ? "round" : "butt";
  context.setLineDash((DASHES[dash] ?? []).map((length) => length * width));
  context.beginPath();
  for (const piece of pieces(points)) {
    cut(piece).forEach(([x, y], place) => (place ? context.lineTo(x, y) : context.moveTo(x, y)));
  }
  if (fill) {
    context.fillStyle = fill;
    context.fill();
  }
  context.stroke();
  context.setLineDash([]);
}

// A line is interrupted where a point is missing.
function pieces(points) {
  const found = [[]];
  for (const point of points) {
    if (point) found.at(-1).push(point);
    else if (found.at(-1).length) found.push([]);
  }
  return found;
}

function markers(context, marker, points) {
  const of = (value, place) => (Array.isArray(value) || ArrayBuffer.isView(value) ? value[Math.min(place, value.length - 1)] : value);
  const every = marker.maxdisplayed ? Math.max(1, Math.ceil(points.length / marker.maxdisplayed)) : 1;
  const many = points.length / every > MOST_MARKERS;
  points.forEach((point, place) => {
    if (!point || place % every) return;
    const size = of(marker.size, place) ?? 6;
    context.fillStyle = of(marker.color, place);
    if (many && size < 6) context.fillRect(point[0] - size / 2, point[1] - size / 2, size, size);
    else symbol(context, of(marker.symbol, place) ?? "circle", point, size, of(marker.line?.color, place), marker.line?.width);
  });
}

function symbol(context, name, [x, y], size, rim, width = 0) {
  const [shape, look] = name.split(/-(?=open|thin)/);
  const corners = SHAPES[shape] ?? null;
  const half = size / 2;
  context.beginPath();
  if (!corners) context.arc(x, y, half, 0, 2 * Math.PI);
  else for (const [place, [u, v]] of corners.entries()) context[place ? "lineTo" : "moveTo"](x + u * half, y + v * half);
  if (corners) context.closePath();
  if (look === "thin") {
    context.beginPath();
    const ends = shape === "x" ? [[-1, -1, 1, 1], [-1, 1, 1, -1]] : [[-1, 0, 1, 0], [0, -1, 0, 1]];
    for (const [a, b, c, d] of ends) {
      context.moveTo(x + a * half, y + b * half);
      context.lineTo(x + c * half, y + d * half);
    }
    stroke(context, rim, width || 2);
  } else if (look === "open") stroke(context, context.fillStyle, width || 2);
  else {
    context.fill();
    if (width) stroke(context, rim, width);
  }
}

function stroke(context, color, width) {
  if (color) context.strokeStyle = color;
  context.lineWidth = width;
  context.stroke();
}

const R = Math.SQRT1_2;
const STAR = Array.from({ length: 10 }, (_, place) => {
  const [angle, radius] = [(place * Math.PI) / 5, place % 2 ? 0.5 : 1.25];
  return [Math.sin(angle) * radius, -Math.cos(angle) * radius];
});
const PLUS = [[-1, -0.4], [-0.4, -0.4], [-0.4, -1], [0.4, -1], [0.4, -0.4], [1, -0.4], [1, 0.4], [0.4, 0.4], [0.4, 1], [-0.4, 1],
  [-0.4, 0.4], [-1, 0.4]];
const SHAPES = {
  square: [[-1, -1], [1, -1], [1, 1], [-1, 1]],
  diamond: [[0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]],
  cross: PLUS,
  x: PLUS.map(([u, v]) => [R * (u - v), R * (u + v)]),
  star: STAR,
  "triangle-up": [[0, -1.15], [1.15, 0.6], [-1.15, 0.6]],
  "triangle-down": [[0, 1.15], [1.15, -0.6], [-1.15, -0.6]],
};

// An arrow from one point to another in pixels, its tip at the end; what lies outside of the rectangle is cut.
export function arrow(context, [x0, y0], [x1, y1], color, rectangle, width = 3) {
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (!(length > 2)) return;
  const [u, v] = [(x1 - x0) / length, (y1 - y0) / length];
  const head = Math.min(12, length);
  const corners = [[x1, y1], [x1 - head * u - 0.55 * head * v, y1 - head * v + 0.55 * head * u],
    [x1 - head * u + 0.55 * head * v, y1 - head * v - 0.55 * head * u]];
  context.save();
  clip(context, rectangle);
  context.strokeStyle = context.fillStyle = color;
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1 - 0.8 * head * u, y1 - 0.8 * head * v);
  context.stroke();
  context.beginPath();
  corners.forEach(([x, y], place) => (place ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.closePath();
  context.fill();
  context.restore();
}

function clip(context, { x, y, width, height }) {
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
}
