// What arithmetic on floats needs beside JavaScript's own: powers of two, and functions that differ from numpy's.

const number = new Float64Array(1);
const words = new Uint32Array(number.buffer);
// The half with sign and exponent stands behind the other one on every machine that has a browser, but let it be found.
number[0] = 1;
const HIGH = words[1] ? 1 : 0;
const BIAS = 1022;
const LARGEST_INT = 2147483647;

// The power of two that brings a number between 1/2 and 1; 0 of zero and of what is not finite.
export function exponent(x) {
  if (x === 0 || x - x !== 0) {
    return 0;
  }
  number[0] = x;
  const power = (words[HIGH] >>> 20) & 2047;
  return power ? power - BIAS : exponent(x * 18014398509481984) - 54;
}

function powerOfTwo(power) {
  words[1 - HIGH] = 0;
  words[HIGH] = (power + 1023) << 20;
  return number[0];
}

// x * 2^power with a single rounding. What is no number for a 32 bit integer counts as the smallest one, as in C.
export function scaled(x, power) {
  let left = power >= -LARGEST_INT - 1 && power <= LARGEST_INT ? Math.trunc(power) : -LARGEST_INT - 1;
  for (let round = 0; round < 2 && left > 1023; round++) {
    x *= powerOfTwo(1023);
    left -= 1023;
  }
  // The last factor alone may round: all others leave the number normal.
  for (let round = 0; round < 2 && left < -1022; round++) {
    x *= powerOfTwo(-969);
    left += 969;
  }
  return x * powerOfTwo(Math.max(-1022, Math.min(1023, left)));
}

// The nearest whole number, of two the even one.
export function rint(x) {
  const size = Math.abs(x);
  if (!(size < 4503599627370496) || x === 0) {
    return x;
  }
  const whole = size + 4503599627370496 - 4503599627370496;
  return x < 0 ? -whole : whole;
}

// In C, powers of 1 are 1 whatever the exponent, and so are infinite ones of -1.
export function power(base, exponent) {
  const isOne = base === 1 || (base === -1 && (exponent === Infinity || exponent === -Infinity));
  return isOne ? 1 : Math.pow(base, exponent);
}

export function hypot(x, y) {
  const a = Math.abs(x), b = Math.abs(y);
  if (a === Infinity || b === Infinity) {
    return Infinity;
  }
  const large = a >= b || a !== a ? a : b;
  const small = a >= b || a !== a ? b : a;
  if (small === 0 || large !== large) {
    return large + small;
  }
  if (large < 1e150 && small > 1e-150) {
    return Math.sqrt(large * large + small * small);
  }
  const shift = exponent(large), p = scaled(large, -shift), q = scaled(small, -shift);
  return scaled(Math.sqrt(p * p + q * q), shift);
}

export function softplus(x) {
  return (x >= 0 || x !== x ? x : 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

export function sigmoid(x) {
  const small = Math.exp(-Math.abs(x));
  return (x >= 0 ? 1 : small) / (1 + small);
}

export function logcosh(x) {
  const size = Math.abs(x);
  if (size < 1) {
    const half = Math.sinh(size / 2);
    return Math.log1p(2 * (half * half));
  }
  return size + Math.log1p(Math.exp(-2 * size)) - Math.LN2;
}

// The spherical Bessel function of an order: a power series near 0, else the recurrence upwards.
export function spherical(order, u) {
  if (!(Math.abs(u) < order + 2)) {
    return Math.abs(u) === Infinity ? 0 : upwards(order, u);
  }
  let term = 1;
  for (let k = 0; k < order; k++) {
    term = (term * u) / (2 * k + 3);
  }
  let series = term;
  for (let k = 1; k < 14 + order; k++) {
    term = (-term * u * u) / (2 * k * (2 * order + 2 * k + 1));
    series += term;
  }
  return series;
}

function upwards(order, u) {
  let below = Math.cos(u) / u, here = Math.sin(u) / u;
  for (let k = 0; k < order; k++) {
    [below, here] = [here, ((2 * k + 1) / u) * here - below];
  }
  return here;
}

// Chebyshev coefficients of (1 + 2x) exp(x^2) erfc(x) in (x - 3.75) / (x + 3.75) for x >= 0, after M. M. Shepherd and
// J. G. Laframboise (1981), doi:10.1090/S0025-5718-1981-0595058-X, computed anew with 60 digits.
const MIDDLE = 3.75;
const SCALED_TAIL = [
  1.177578934567401754, -0.004590054580646477331, -0.08424913336651791558, 0.0592099399981918905,
  -0.02665866843530575228, 0.009074997670705265094, -0.002413163540417608191, 0.0004907758365258086323,
  -6.916973302501206367e-5, 4.139027986073010168e-6, 7.740383066198490669e-7, -2.188640104923439566e-7,
  1.076499946567091038e-8, 4.521959811218286898e-9, -7.754400208831351106e-10, -6.318088340886684494e-11,
  2.868795010930669898e-11, 1.945586854577734723e-13, -9.654696748433438906e-13, 3.252548148148739842e-14,
  3.347811948286805388e-14, -1.864562880419313102e-15, -1.250795053068864709e-15, 7.418235256624043463e-17,
  5.068148904796111317e-17,
];

export function errorFunction(x) {
  const size = Math.abs(x);
  if (!(size < 1)) {
    return x >= 1 ? 1 - tail(x) : x <= -1 ? tail(-x) - 1 : x;
  }
  let term = x, sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

export function errorFunctionBesideOne(x) {
  return x < 0.5 ? 1 - errorFunction(x) : tail(x);
}

function tail(x) {
  if (!(x < 28)) {
    return x >= 28 ? 0 : x;
  }
  const t = (x - MIDDLE) / (x + MIDDLE);
  let above = 0, here = 0;
  for (let k = SCALED_TAIL.length - 1; k > 0; k--) {
    [above, here] = [here, 2 * t * here - above + SCALED_TAIL[k]];
  }
  const series = t * here - above + SCALED_TAIL[0];
  // The square of a number of 24 digits is exact.
  const short = Math.fround(x);
  return (Math.exp(-short * short) * Math.exp((short - x) * (short + x)) * series) / (1 + 2 * x);
}
