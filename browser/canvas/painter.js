// Draws traces on a canvas layer over a picture, in the look that they have in the picture itself.

import { cut } from "./geometry.js";
import { shapeOf } from "./marks.js";

const DASHES = { solid: [], dot: [1, 2], dash: [4, 3], longdash: [8, 3], dashdot: [4, 2, 1, 2] };
const CROWD = 60, LARGE = 6.5; // markers, and pixels
const MARGIN = 16, STEP = 32; // pixels
const SPACE_LINES = 0.45, SPACE_MARKERS = 2.2;

// A layer over a region of a picture, as sharp as the screen; its context counts in the pixels of the picture.
export function prepared(layer, { x, y, width, height }) {
  const ratio = globalThis.devicePixelRatio || 1;
  const size = { width: Math.round(width * ratio), height: Math.round(height * ratio) };
  if (layer.width !== size.width || layer.height !== size.height) Object.assign(layer, size);
  const style = { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` };
  if (layer.style.left !== style.left || layer.style.top !== style.top || layer.style.width !== style.width
    || layer.style.height !== style.height) Object.assign(layer.style, style);
  const context = layer.getContext("2d", { willReadFrequently: true });
  context.setTransform(ratio, 0, 0, ratio, -x * ratio, -y * ratio);
  context.clearRect(x, y, width, height);
  return context;
}

// The region of a rectangle, with room for marks on its edge. Every pixel of a layer costs time in every frame.
export function widened({ x, y, width, height }) {
  const [left, top] = [Math.floor(x - MARGIN), Math.floor(y - MARGIN)];
  return { x: left, y: top, width: Math.ceil(x + width + MARGIN) - left, height: Math.ceil(y + height + MARGIN) - top };
}

// A region that holds all these points and a former region, in large steps, so that it seldom changes; as far as it
// lies in a limit, if there is one.
export function around(lists, former, limit) {
  const found = former ? edgesOf(former) : [Infinity, Infinity, -Infinity, -Infinity];
  for (const points of lists) for (const point of points) if (point) grow(found, point);
  const ends = limit ? edgesOf(limit) : [-Infinity, -Infinity, Infinity, Infinity];
  const [left, top] = [0, 1].map((axis) => Math.max(Math.floor(found[axis] / STEP) * STEP, ends[axis]));
  const [right, bottom] = [2, 3].map((axis) => Math.min(Math.ceil(found[axis] / STEP) * STEP, ends[axis]));
  if (!(left < right && top < bottom)) return limit ?? { x: 0, y: 0, width: 1, height: 1 };
  return { x: left, y: top, width: right - left, height: bottom - top };
}

function edgesOf({ x, y, width, height }) {
  return [x, y, x + width, y + height];
}

function grow(edges, [x, y]) {
  if (x - MARGIN < edges[0]) edges[0] = x - MARGIN;
  if (y - MARGIN < edges[1]) edges[1] = y - MARGIN;
  if (x + MARGIN > edges[2]) edges[2] = x + MARGIN;
  if (y + MARGIN > edges[3]) edges[3] = y + MARGIN;
}

// A trace of a scene in the sizes that the scene itself draws, where lines are thinner and markers larger than their
// numbers.
export function inSpace(trace) {
  const { line, marker } = trace;
  const larger = (size) =>
    typeof size === "number" ? size * SPACE_MARKERS : Array.from(size ?? [], (one) => one * SPACE_MARKERS);
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
  context.globalAlpha = trace.opacity ?? 1;
  context.save();
  if (rectangle) clip(context, rectangle);
  if (trace.mode.includes("lines")) {
    strokeLine(context, trace.line ?? {}, points, trace.fill === "toself" && trace.fillcolor);
  }
  if (trace.cliponaxis === false) {
    context.restore();
    context.save();
  }
  if (trace.mode.includes("markers")) markers(context, trace.marker ?? {}, points);
  context.restore();
  context.restore();
}

// The lengths of the pieces of a dashed line of a width.
export function dashes(name, width) {
  return (DASHES[name] ?? []).map((length) => length * width);
}

function strokeLine(context, { color, width = 2, dash = "solid" }, points, fill) {
  context.strokeStyle = color;
  context.lineWidth = width;
  context.lineJoin = "round";
  context.lineCap = dash === "dot" ? "round" : "butt";
  context.setLineDash(dashes(dash, width));
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

// Markers that look alike are one path: a browser fills many shapes at once far sooner than one after the other.
function markers(context, marker, points) {
  const of = (value, place) => (typeof value === "object" && value ? value[Math.min(place, value.length - 1)] : value);
  const every = marker.maxdisplayed ? Math.max(1, Math.ceil(points.length / marker.maxdisplayed)) : 1;
  const many = points.length / every > CROWD;
  const looks = new Map();
  points.forEach((point, place) => {
    if (!point || place % every) return;
    const size = of(marker.size, place) ?? 6;
    // Of very many small ones nobody sees the shape.
    if (many && size < LARGE) {
      context.fillStyle = of(marker.color, place);
      context.fillRect(point[0] - size / 2, point[1] - size / 2, size, size);
      return;
    }
    const look = [of(marker.symbol, place) ?? "circle", of(marker.color, place), of(marker.line?.color, place)];
    const key = look.join(" ");
    if (!looks.has(key)) looks.set(key, { look, path: new Path2D() });
    add(looks.get(key).path, look[0], point, size / 2);
  });
  for (const { look: [symbol, color, rim], path } of looks.values()) {
    const { kind } = shapeOf(symbol);
    if (kind === "thin") stroke(context, path, rim, marker.line?.width || 2);
    else if (kind === "open") stroke(context, path, color, marker.line?.width || 2);
    else {
      context.fillStyle = color;
      context.fill(path);
      if (marker.line?.width) stroke(context, path, rim, marker.line.width);
    }
  }
}

function add(path, symbol, [x, y], half) {
  const { kind, lines } = shapeOf(symbol);
  for (const corners of lines) {
    corners.forEach(([u, v], order) => path[order ? "lineTo" : "moveTo"](x + u * half, y + v * half));
    if (kind !== "thin") path.closePath();
  }
  if (!lines.length) {
    path.moveTo(x + half, y);
    path.arc(x, y, half, 0, 2 * Math.PI);
  }
}

function stroke(context, path, color, width) {
  context.strokeStyle = color;
  context.lineWidth = width;
  context.stroke(path);
}

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
