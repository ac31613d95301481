// Points, lines and numbers of pictures in pixels. No page and no Plotly in it.

const FAR = 1e5; // pixels: a line is cut there
const SIDE = 0.34; // half the width of a scene that is not stepped back, as a share of the picture's height
const ROOM_FOR_LABELS = 52; // beside it
const FURTHEST_BACK = 1.4;

// Where a camera sees points of its space, as a function (x, y, z): both coordinates between -1 and 1 inside the
// picture, the second one up. projection, view, model: its matrices, column by column. scale: of the space's axes.
export function projector({ projection, view, model }, scale = [1, 1, 1]) {
  const whole = product(projection, product(view, model));
  const [right, up, depth] = [0, 1, 3].map((row) =>
    [0, 1, 2, 3].map((column) => whole[4 * column + row] * (scale[column] ?? 1)));
  const along = (row, x, y, z) => row[0] * x + row[1] * y + row[2] * z + row[3];
  return (x, y, z) => {
    const distance = along(depth, x, y, z);
    return [along(right, x, y, z) / distance, along(up, x, y, z) / distance];
  };
}

function product(left, right) {
  return Array.from({ length: 16 }, (_, place) => {
    const [column, row] = [Math.floor(place / 4), place % 4];
    return [0, 1, 2, 3].reduce((sum, inner) => sum + left[4 * inner + row] * right[4 * column + inner], 0);
  });
}

// What a pixel means whose values a function tells: with as many decimals as tell it from its neighbour, and no more.
export function meant(valueOf, pixel) {
  const value = valueOf(pixel);
  const decimals = Math.ceil(-Math.log10(Math.abs(valueOf(pixel + 1) - value)));
  if (!Number.isFinite(decimals)) return value;
  if (decimals < 0) return Math.round(value / 10 ** -decimals) * 10 ** -decimals;
  return Number(value.toFixed(Math.min(decimals, 100)));
}

// The corners of a line, none further away than FAR: a browser draws nothing of numbers that are too large.
export function cut(points) {
  return points.flatMap((point, index) => {
    if (!point.some(isFar)) return [point];
    return [points[index - 1], points[index + 1]].filter(Boolean).flatMap((other) => cutBetween(point, other));
  });
}

const isFar = (number) => Math.abs(number) > FAR;

// Where the line from a corner that is too far away to the next one comes near; nothing where it never does.
function cutBetween(point, other) {
  const edge = point.map((number) => (isFar(number) ? Math.sign(number) * FAR : number));
  const shares = point.map((number, axis) => (isFar(number) ? (edge[axis] - number) / (other[axis] - number) : null));
  const known = shares.filter((share) => share !== null);
  const share = Math.max(...known);
  if (!(Math.min(...known) >= 0 && share <= 1)) return [];
  return [point.map((number, axis) => (shares[axis] === share ? edge[axis] : number + share * (other[axis] - number)))];
}

// The corners of an arrow's tip at the end of a line; none where it is too short to point anywhere.
export function tipOf(points) {
  if (points.length < 2) return [];
  const [[x0, y0], [x, y]] = points.slice(-2);
  const length = Math.hypot(x - x0, y - y0);
  if (!(length > 2)) return [];
  const [u, v] = [(x - x0) / length, (y - y0) / length];
  return [[x + 4 * u, y + 4 * v], [x - 12 * u - 7 * v, y - 12 * v + 7 * u], [x - 12 * u + 7 * v, y - 12 * v - 7 * u]];
}

// From where a narrow picture still holds its labels: their letters do not shrink with it.
export function steppedBack({ eye, center }, { width, height }) {
  const room = Math.max(1, width / 2 - ROOM_FOR_LABELS);
  const back = Math.min(Math.max(1, SIDE * height / room), FURTHEST_BACK);
  return Object.fromEntries(["x", "y", "z"].map((axis) => [axis, center[axis] + (eye[axis] - center[axis]) * back]));
}
