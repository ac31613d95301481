// Whether a run depends on the last digit of its numbers, as Python's optimizers.sensitivity says. No DOM.

// Relative to the largest coordinate of the path so far.
export const THRESHOLD = 1e-10;

const tables = [new Float64Array(0), new Float64Array(0)];

// Factors 1 ± 2^-52 for so many points, for each coordinate; the signs are random, but always the same.
export function nudges(count) {
  if (tables[0].length < count) {
    const random = randomBits(1);
    const made = Array.from({ length: 2 * count }, () => 1 + (random() ? Number.EPSILON : -Number.EPSILON));
    tables.forEach((_, axis) => { tables[axis] = Float64Array.from(made.filter((_factor, place) => place % 2 === axis)); });
  }
  return tables;
}

// Marsaglia's xorshift (2003), of which one bit is taken at a time.
function randomBits(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 16) & 1;
  };
}

// The largest distance of another path from a path along a coordinate, relative to the largest coordinate of the path up
// to there, as far as the path is finite. Both are {rows, width, count}, with the coordinates first in every row.
export function departure(path, other) {
  let [size, largest] = [0, 0];
  for (let update = 0; update < path.count; update++) {
    const [first, second] = [path.rows[update * path.width], path.rows[update * path.width + 1]];
    if (!Number.isFinite(first) || !Number.isFinite(second)) break;
    size = Math.max(size, Math.abs(first), Math.abs(second));
    const [x, y] = [other.rows[update * other.width], other.rows[update * other.width + 1]];
    const distance = Math.max(Math.abs(x - first), Math.abs(y - second));
    if (distance === 0) continue;
    const relative = distance / size;
    if (!(relative < Infinity)) return Infinity;
    largest = Math.max(largest, relative);
  }
  return largest;
}
