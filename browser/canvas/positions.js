// The positions of a slider: which one a number has, where keys lead, and how a number is written. No DOM.

const PAGES = 10; // pages from end to end

// The position of a number, or of the one next to it.
export function positionOf(number, numbers) {
  const distances = numbers.map((other) => Math.abs(other - number));
  return distances.indexOf(Math.min(...distances));
}

// Where a key leads that a browser's own slider has no rule for, or that browsers treat differently; else null.
export function positionAfter(key, position, count) {
  const page = Math.max(1, Math.round((count - 1) / PAGES));
  const steps = { PageUp: page, PageDown: -page };
  return key in steps ? Math.min(Math.max(position + steps[key], 0), count - 1) : null;
}

// With six digits, and a power of ten where it is shorter: as the rest of the page writes numbers.
export function written(number) {
  const [digits, power] = number.toExponential(5).split("e").map(Number);
  if (number === 0 || (power >= -4 && power < 6)) return String(Number(number.toPrecision(6)));
  return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}
