// A path as it is seen through a frame: pieces of steps, and the places where it leaves. No DOM.

const FAR = 100; // widths or heights of the frame

// A frame is [[low, high], [low, high]]. Where a step meets an edge, reckoned with halves, so that steps to 1e308 are
// cut where they should be (Liang & Barsky 1984).
function shares(before, after, frame) {
  let [enter, leave] = [0, 1];
  for (let axis = 0; axis < 2; axis += 1) {
    const half = after[axis] / 2 - before[axis] / 2;
    const [low, high] = frame[axis];
    if (half === 0) {
      if (before[axis] < low || before[axis] > high) return null;
      continue;
    }
    const ends = [(low / 2 - before[axis] / 2) / half, (high / 2 - before[axis] / 2) / half];
    enter = Math.max(enter, Math.min(...ends));
    leave = Math.min(leave, Math.max(...ends));
  }
  return enter <= leave ? [enter, leave] : null;
}

function along(before, after, share) {
  if (share === 0 || share === 1) return share ? after : before;
  return before.map((from, axis) => from * (1 - share) + after[axis] * share);
}

function isFinitePoint(point) {
  return Number.isFinite(point[0]) && Number.isFinite(point[1]);
}

// Whether a point lies in a frame, or beside it by no more than rounding.
export function isWithin(box, ...point) {
  return box.every((range, axis) => isBetween(range, point[axis]));
}

function isBetween([low, high], number) {
  const slack = 1e-9 * (high - low);
  return number >= low - slack && number <= high + slack;
}

// How many points of a path are drawn: up to the update with which it leaves the frame for good, and goes as far away
// as Python's figures.path says; that update, or null where no exit tells that it has gone.
export function departure(theta1, theta2, frame) {
  const wide = frame.map(([low, high]) => [low - FAR * (high - low), high + FAR * (high - low)]);
  let [last, far] = [0, 0];
  while (far < theta1.length && holds(wide, theta1[far], theta2[far])) {
    if (holds(frame, theta1[far], theta2[far])) last = far;
    far += 1;
  }
  if (far === theta1.length) return { count: far, until: null };
  const piece = visiblePieces(theta1, theta2, frame, last + 1, far + 1).find(({ leaves }) => leaves);
  return piece ? { count: piece.update + 1, until: piece.update } : { count: far, until: null };
}

function holds(box, first, second) {
  return first >= box[0][0] && first <= box[0][1] && second >= box[1][0] && second <= box[1][1];
}

// The pieces of the steps of a path that lie in a frame, in order: of each its ends, the number of the update, which
// shares of the step the ends are, and whether it leaves the frame; of the updates from the first one until before the
// end.
export function visiblePieces(theta1, theta2, frame, first = 1, end = theta1.length) {
  const pieces = [];
  for (let update = first; update < end; update += 1) {
    const before = [theta1[update - 1], theta2[update - 1]];
    const after = [theta1[update], theta2[update]];
    if (!isFinitePoint(before) || !isFinitePoint(after)) break;
    const met = shares(before, after, frame);
    if (!met) continue;
    const [from, to] = met.map((share) => along(before, after, share));
    pieces.push({ from, to, update, shares: met, leaves: met[1] < 1 });
  }
  return pieces;
}

// Where a path leaves a frame: the points, and the numbers of the updates that cross the edge. updates: the number of
// each point of the path; where some are left out in between, the line is no step, and leaves nothing.
export function exits(theta1, theta2, frame, updates) {
  const isStep = ({ update }) => updates[update] - updates[update - 1] === 1;
  const left = visiblePieces(theta1, theta2, frame).filter((piece) => piece.leaves && isStep(piece));
  return {
    count: left.length,
    theta1: left.map((piece) => piece.to[0]),
    theta2: left.map((piece) => piece.to[1]),
    update: left.map((piece) => updates[piece.update]),
  };
}

const MOST_POINTS = 1200;

// The part of a path in a frame, with points in between where a piece is longer than a share of the frame's diagonal:
// what follows a bent surface needs them. Pieces that do not join are set apart by points that are no numbers. updates:
// the number of each point of the path; a point in between has a number in between.
export function divided(theta1, theta2, frame, longest, updates) {
  const size = Math.hypot(...frame.map(([low, high]) => high - low));
  const [points, moments] = [[[], []], []];
  const add = (point, moment) => { points[0].push(point[0]); points[1].push(point[1]); moments.push(moment); };
  let last = null;
  for (const { from, to, update, shares: [enter, leave] } of visiblePieces(theta1, theta2, frame)) {
    const moment = (share) => updates[update - 1] * (1 - share) + updates[update] * share;
    if (!last || last[0] !== from[0] || last[1] !== from[1]) {
      if (last) add([NaN, NaN], NaN);
      add(from, moment(enter));
    }
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
    const parts = points[0].length < MOST_POINTS ? Math.max(1, Math.ceil(length / (longest * size))) : 1;
    for (let part = 1; part < parts; part += 1) {
      add(along(from, to, part / parts), moment(enter + (leave - enter) * part / parts));
    }
    add(to, moment(leave));
    last = to;
  }
  if (!points[0].length && theta1.length === 1) add([theta1[0], theta2[0]], updates[0]);
  return { count: points[0].length, theta1: points[0], theta2: points[1], update: moments };
}
