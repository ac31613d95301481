// Pictures at rest: what follows the hand, as traces and arrows that Plotly draws. No DOM.

import { followsOf, hasCursor, runOf } from "../canvas/meta.js";
import { hoversOf } from "./hovers.js";
import { sheetOver } from "./sheet.js";

const POINTS = ["start", "row"];
// As Python's figures.contour_map draws them.
const ARROW = { xref: "x", yref: "y", axref: "x", ayref: "y", text: "", arrowhead: 2, arrowsize: 1.1, arrowwidth: 2.6 };

// A figure {data, layout} at these inputs of a Live. changed: the names of those that are not the figure's own; what
// depends on them and cannot follow is left out. sheet: the trace of the surface under what is drawn in space; titles:
// the words for runs, by their names.
export function atRest(figure, live, now, inputs, { changed, sheet, titles }) {
  if (!changed.length) return figure;
  const over = sheet && { heightAt: sheetOver(sheet), lift: liftIn(figure) };
  const traces = live.traces(figure, now, inputs, changed);
  const data = traces.filter((trace) => isSeen(trace, figure.layout)).map((trace) => drawn(trace, over, titles));
  return { data, layout: withArrows(figure.layout, live.arrows(figure, now, inputs)) };
}

// A mark of one point beside a picture in space would be drawn beside it.
function isSeen(trace, { scene }) {
  if (!scene || !POINTS.includes(followsOf(trace)?.rows)) return true;
  return [["x", scene.xaxis], ["y", scene.yaxis]].every(([axis, { range: [low, high] }]) =>
    trace[axis][0] >= low && trace[axis][0] <= high);
}

function drawn({ isLive, ...parts }, over, titles) {
  if (!isLive) return parts;
  // Plotly looks into what is there, even if it is nothing.
  const trace = Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));
  const follows = followsOf(trace), isExit = !follows;
  const words = isExit ? inWords(titles[runOf(trace)] ?? "") : hasCursor(trace) ? { hovertemplate: hoversOf(trace) } : {};
  const shown = { ...trace, ...words };
  const lift = isExit ? over?.lift : follows.lift;
  if (!over || lift === undefined) return shown;
  const { x, y, z } = shown;
  return { ...shown, z: Float64Array.from(z, (height, place) => above(height, over.heightAt(x[place], y[place]) + lift)) };
}

// How far above the surface the points of paths lie.
function liftIn({ data }) {
  return Math.max(...data.map((trace) => followsOf(trace)?.lift ?? -Infinity));
}

// A path lies on the drawn surface, not in it.
function above(height, least) {
  return Number.isFinite(least) && least > height ? least : height;
}

// A mark where a run leaves the frame.
function inWords(title) {
  const plain = title.replace(/[&<>%]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const hovertemplate = `<b>${plain}</b> left the frame at<br>update %{customdata}<extra></extra>`;
  return { name: `${title} left the frame`, hovertemplate };
}

function withArrows(layout, arrows) {
  const notes = (layout.annotations ?? []).filter(({ axref }) => axref === undefined);
  const shown = arrows.map(({ from, to, color }) =>
    ({ ...ARROW, ax: from[0], ay: from[1], x: to[0], y: to[1], arrowcolor: color }));
  return { ...layout, annotations: [...notes, ...shown] };
}

// The trace of the surface among those of the ground that a figure shows; undefined where there is none.
export function sheetIn({ data }, ground) {
  return data.map((trace) => ground[trace.ground]).find((trace) => trace?.type === "surface");
}
