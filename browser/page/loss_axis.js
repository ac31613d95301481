// The vertical axis of the loss curve, as Python's figures.loss_curve chooses it. No DOM.

import { followsOf, numbered } from "../canvas/meta.js";

const SMALLEST = 1e-16, BELOW = -1e-12; // of the largest gap: smaller ones leave no room, and below zero is rounding
const HIGHEST = 1e3, LARGEST = 1e307; // times what is usual in the frame
const MOST_POWERS = 6;
const TICKS = ["tickvals", "ticktext", "exponentformat", "dtick"];
const NOTHING = [1e-17, 1], LEVEL = [-1, 1];

// runs: of each {theta1, theta2, value}, columns. best: the lowest loss, or null. view: the frame of the map. Returns
// {low, below, range, notes}: the lowest gap that is drawn, below which a gap is no rounding any more, the ends of the
// axis, and what it does not show.
export function lossFrame(runs, best, view) {
  const curves = runs.map(({ value }) => (best === null ? value : value.map((loss) => loss - best)));
  const framed = curves.map((curve, run) =>
    curve.filter((_, place) => isInside(view, runs[run].theta1[place], runs[run].theta2[place])));
  const [low, high] = best === null ? plainRange(curves, framed) : gapRange(curves, framed);
  const below = BELOW * high;
  return { low, below, range: [low, high], notes: best === null ? [] : notesOf(curves, low, below) };
}

function isInside([[left, right], [bottom, top]], first, second) {
  return first >= left && first <= right && second >= bottom && second <= top;
}

function gapRange(curves, framed) {
  const known = finite(curves);
  if (!known.length) return NOTHING;
  const near = nearOf(framed, known);
  const starts = finite(curves.map((curve) => curve.slice(0, 1)));
  const usual = Math.max(median(near), largest(starts, 0), 0);
  const high = Math.min(Math.max(largest(known, -Infinity), 1e-300), HIGHEST * usual || Infinity, LARGEST);
  const low = Math.max(smallest(known.filter((gap) => gap >= BELOW * high), high), SMALLEST * high, 1e-305);
  return [Math.min(low, high) / 2, high * 2];
}

function plainRange(curves, framed) {
  const known = finite(curves);
  if (!known.length) return LEVEL;
  const near = nearOf(framed, known);
  const starts = finite(curves.map((curve) => curve.slice(0, 1)));
  const start = starts.length ? starts[0] : near[0];
  const margin = 20 * Math.max(Math.abs(start), Math.min(largest(near.map(Math.abs), 0), 1));
  const low = Math.max(smallest(known, Infinity), start - margin, -LARGEST);
  const high = Math.min(largest(known, -Infinity), start + margin, LARGEST);
  const room = 0.05 * (high - low) || Math.abs(high) * 0.05 || 1;
  return [low - room, high + room];
}

function nearOf(framed, known) {
  const near = finite(framed);
  return near.length ? near : known.slice(0, 1);
}

const finite = (curves) => curves.flatMap((curve) => Array.from(curve).filter(Number.isFinite));
const largest = (numbers, start) => numbers.reduce((most, number) => Math.max(most, number), start);
const smallest = (numbers, start) => numbers.reduce((least, number) => Math.min(least, number), start);

function median(numbers) {
  const sorted = Float64Array.from(numbers).sort(), middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function notesOf(curves, low, below) {
  const some = (test) => curves.some((curve) => curve.some(test));
  const notes = [];
  if (some((gap) => gap < low && gap >= below)) {
    notes.push(`on the lower edge: L − L* below ${low.toExponential(0).replace(/e-(\d)$/, "e-0$1").replace("e-", "e−")}`);
  }
  if (some((gap) => gap < below)) notes.push("not drawn: losses below L*");
  return notes;
}

// A picture of the loss in another frame, over so many updates; it is empty, or is filled again afterwards.
export function inFrame({ data, layout }, { low, below, range, notes }, steps) {
  const isLog = layout.yaxis.type === "log";
  const own = Object.entries(layout.yaxis).filter(([name]) => !TICKS.includes(name));
  const place = { xref: "paper", yref: "paper", x: 0.99, y: 0.02, xanchor: "right", yanchor: "bottom" };
  const note = { ...place, text: notes.join("<br>"), showarrow: false, font: { size: 11, color: layout.font.color } };
  return {
    data: data.map((trace) => (followsOf(trace)?.numbers ? numbered(trace, { loss_low: low, loss_below: below }) : trace)),
    layout: {
      ...layout,
      xaxis: { ...layout.xaxis, range: [-0.02 * steps, 1.02 * steps] },
      yaxis: { ...Object.fromEntries(own), ...axisOf(range, isLog) },
      annotations: notes.length ? [note] : [],
    },
  };
}

// What an axis from low to high has besides its look; isLog: on a log scale.
export function axisOf([low, high], isLog) {
  if (!isLog) return { range: [low, high] };
  const ends = [Math.log10(low), Math.log10(high)], decades = ends[1] - ends[0];
  if (decades < 2) {
    const first = Math.floor(ends[0]) - 1, count = Math.ceil(ends[1]) + 1 - first;
    const powers = Array.from({ length: count }, (_, place) => first + place);
    const ticks = powers.flatMap((power) => [1, 2, 5].map((digit) => Number(`${digit}e${power}`)));
    const tickvals = ticks.filter(Number.isFinite);
    return { type: "log", range: ends, tickvals, ticktext: tickvals.map(label) };
  }
  const dtick = Math.max(1, Math.ceil(decades / MOST_POWERS));
  return { type: "log", range: ends, exponentformat: "power", dtick };
}

// A round number in as few letters as it takes.
function label(number) {
  const power = Math.floor(Math.log10(number) + 1e-9);
  if (power >= -4 && power < 6) return String(Number(number.toPrecision(6)));
  const [digits, exponent] = number.toExponential(0).split("e");
  const sign = exponent.startsWith("-") ? "−" : "+", size = exponent.replace(/^[+-]/, "").padStart(2, "0");
  return `${digits}e${sign}${size}`;
}
