// Derivatives where the formula's own is no number although the loss has a value: one-sided limits, with the numbers of
// surfaces/onesided.py.

const REACHES = [1e-6, 1e-8, 1e-10];
const SAME = 1e-6;
const GROWTH = 1.5;

// What a derivative along an axis (0 or 1) tends to at a point. entry, value: the derivative, and what it is the
// derivative of, as functions of two numbers. size: of the picture.
export function oneSidedLimit(entry, value, theta1, theta2, axis, size) {
  const here = value(theta1, theta2);
  const quotient = (moved1, moved2) =>
    (value(moved1, moved2) - here) / (axis ? moved2 - theta2 : moved1 - theta1);
  for (const [along, direction] of [[entry, axis], [entry, 1 - axis], [quotient, axis]]) {
    const [below, above] = [-1, 1].map((side) => limitFrom(along, theta1, theta2, direction, side, size));
    const limit = joined(below, above);
    if (limit === limit) {
      return limit;
    }
  }
  return NaN;
}

function limitFrom(along, theta1, theta2, axis, side, size) {
  const scale = size + Math.max(Math.abs(theta1), Math.abs(theta2));
  return limitOf(...REACHES.map((reach) => {
    const step = side * (reach * scale);
    return axis ? along(theta1, theta2 + step) : along(theta1 + step, theta2);
  }));
}

// The limit of three numbers on the way, whose steps shrink by a constant share, by Aitken's rule.
function limitOf(first, second, third) {
  const before = second - first, step = third - second;
  const grows = Math.abs(third) > GROWTH * Math.abs(second) && Math.abs(second) > GROWTH * Math.abs(first);
  if (grows && first * third > 0) {
    return third > 0 ? Infinity : -Infinity;
  }
  if (!(Math.abs(step) <= Math.abs(before))) {
    return NaN;
  }
  const limit = step === 0 ? third : third - (step * step) / (step - before);
  return Math.abs(limit) <= SAME * Math.abs(first) ? 0 : limit;
}

function joined(below, above) {
  if (below !== below || above !== above) {
    return below !== below ? above : below;
  }
  const close = Math.abs(below - above) <= SAME * Math.max(Math.abs(below), Math.abs(above));
  const agree = below === above || (close && Number.isFinite(below - above));
  const smaller = Math.abs(below) <= Math.abs(above) ? below : above;
  return agree || Math.sign(below) * Math.sign(above) > 0 ? smaller : 0;
}
