// Searches along a direction for a step length, with the numbers of optimizers/search.py.

import { exponent, scaled } from "./numbers.js";

const SUFFICIENT_DECREASE = 1e-4;
const MOST_HALVINGS = 1100;
const FEW_HALVINGS = 30;

// The first step length a of first, first/2, first/4, ... with Armijo's sufficient decrease; 0 where there is none
// before the step is lost in the rounding of theta. valueAt: the loss at two numbers.
export function armijo(valueAt, theta1, theta2, value, gradient1, gradient2, direction1, direction2, first) {
  const power = exponentOfLarger(direction1, direction2);
  const slope = scaled(direction1, -power) * gradient1 + scaled(direction2, -power) * gradient2;
  const scale = scaled(SUFFICIENT_DECREASE, power);
  if (!(Number.isFinite(slope) && Number.isFinite(first) && value > -Infinity)) {
    return 0;
  }
  let length = first;
  for (let halvings = 0; halvings < MOST_HALVINGS; halvings++) {
    const there1 = theta1 + length * direction1, there2 = theta2 + length * direction2;
    if (valueAt(there1, there2) <= value + length * scale * slope) {
      return length;
    }
    length /= 2;
    if (halvings >= FEW_HALVINGS && there1 === theta1 && there2 === theta2) {
      return 0;
    }
  }
  return 0;
}

function exponentOfLarger(a, b) {
  // Where one of them is no number, neither is the larger one.
  return exponent(Math.max(Math.abs(a), Math.abs(b)));
}
