// Numbers as texts: how a link and a field read them, and how they are written. No DOM.

import { written } from "../canvas/positions.js";

const PLAIN = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const FRACTION = /^[+-]?\d+ ?\/ ?\d+$/;
const THOUSANDS = /^[+-]?[1-9]\d{0,2},\d{3}(?:e[+-]?\d+)?$/i; // or a number with three decimals
const NOT_FINITE = /^[+-]?(?:nan|inf|infinity|∞)$/i;
const NOT_ZERO = /^[^1-9e]*[1-9]/i;
const LONGEST_SHOWN = 20;

// The finite number that a text stands for, as people write it: with a decimal point or comma, any minus sign, a power
// of ten, or as a fraction; null for any other text, and where a comma can be read in two ways.
export function numberIn(text) {
  const plain = usual(text), number = FRACTION.test(plain) ? quotient(plain) : PLAIN.test(plain) ? Number(plain) : NaN;
  // A power of ten can be beyond what a computer holds: 1e400, or 1e-400, which is not 0.
  return Number.isFinite(number) && (number !== 0 || !NOT_ZERO.test(plain)) ? number : null;
}

// The same text with the signs that computers read; a comma stays where it may be one of thousands.
function usual(text) {
  const plain = text.trim().replace(/[‐‑‒–—−﹣－]/g, "-");
  return THOUSANDS.test(plain) ? plain : plain.replace(/^([^.,]*),([^.,]*)$/, "$1.$2");
}

function quotient(text) {
  const [over, under] = text.split("/").map(Number);
  return over / under;
}

// The shortest text that is read as this number again, as Python writes it.
export function exactText(number) {
  const [digits, power] = number.toExponential().split("e");
  if (Number.isInteger(number) && Math.abs(number) < 1e15) return String(number);
  if (-5 < power && power < 16) return Number.isInteger(number) ? `${number}.0` : String(number);
  return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

// A number as a field shows it: a whole one exactly unless it is long, any other with the digits that matter.
export function fieldText(number) {
  const exact = exactText(number);
  return exact.length <= 10 && Number.isInteger(number) ? exact : written(number);
}

// Why a text is no number from low to high, or nothing. isWhole: it counts something.
export function wrong(text, { low = -Infinity, high = Infinity, isWhole = false } = {}) {
  const number = numberIn(text);
  if (number === null) return complaint(text);
  if (isWhole && !Number.isInteger(number)) return `${quoted(text)} is not a whole number`;
  if (number < low) return `${quoted(text)} is below ${fieldText(low)}`;
  return number > high ? `${quoted(text)} is above ${fieldText(high)}` : "";
}

// What to write in a field instead.
export function advice({ low = -Infinity, high = Infinity, isWhole = false } = {}) {
  const kind = isWhole ? "a whole number" : "a number";
  if (low > -Infinity && high < Infinity) return `Write ${kind} from ${fieldText(low)} to ${fieldText(high)}.`;
  return low > -Infinity ? `Write ${kind} of at least ${fieldText(low)}.` : `Write ${kind} such as 0.5 or -3.`;
}

function complaint(text) {
  const plain = usual(text);
  if (!plain) return "a number is missing";
  if (THOUSANDS.test(plain)) {
    const both = ["", "."].map((mark) => fieldText(Number(plain.replace(",", mark)))).reverse().join(" or ");
    return `${quoted(text)} can be ${both}: leave the comma out, or write a point`;
  }
  if (NOT_FINITE.test(plain)) return `${quoted(text)} is not a finite number`;
  if (!PLAIN.test(plain)) return `${quoted(text)} is not a number`;
  return `${quoted(text)} is too ${Number(plain) === 0 ? "small" : "large"} for a number of the computer`;
}

function quoted(text) {
  const letters = [...text.replace(/[\p{C}\p{Z}]/gu, " ").trim()];
  return `“${letters.slice(0, LONGEST_SHOWN).join("")}${letters.length > LONGEST_SHOWN ? "…" : ""}”`;
}
