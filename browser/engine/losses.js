// Losses as a run asks them: `at` writes value, slopes and curvatures into an array, `valueAt` gives the value alone.

import { oneSidedLimit } from "./onesided.js";
import { compiled, overRows } from "./program.js";

const VALUE = ["value"];
const SLOPES = [...VALUE, "gradient1", "gradient2"];
export const HESSIAN = ["hessian11", "hessian12", "hessian22"];

// The first numbers that are asked for: value and slopes, or the curvatures with them.
function namesOf(program) {
  return program.outputs.has(HESSIAN[0]) ? [...SLOPES, ...HESSIAN] : SLOPES;
}

// A loss that is a program.
export class ProgramLoss {
  constructor(program) {
    this.program = program;
    this.theta = new Float64Array(2);
    this.single = new Float64Array(1);
    this.value = compiled(program, ["theta1", "theta2"], VALUE);
    this.all = compiled(program, ["theta1", "theta2"], namesOf(program));
  }

  at(theta1, theta2, numbers) {
    this.theta[0] = theta1;
    this.theta[1] = theta2;
    this.all(this.theta, numbers);
  }

  valueAt = (theta1, theta2) => {
    this.theta[0] = theta1;
    this.theta[1] = theta2;
    this.value(this.theta, this.single);
    return this.single[0];
  };
}

// A loss whose derivatives are one-sided limits where the program's are not finite although it has a value.
export class MendedLoss extends ProgramLoss {
  // size: of the picture.
  constructor(program, size) {
    super(program);
    this.size = size;
    this.names = namesOf(program);
    this.each = this.names.map((name) => {
      const one = compiled(program, ["theta1", "theta2"], [name]), theta = new Float64Array(2), entry = new Float64Array(1);
      return (theta1, theta2) => {
        theta[0] = theta1;
        theta[1] = theta2;
        one(theta, entry);
        return entry[0];
      };
    });
  }

  at(theta1, theta2, numbers) {
    super.at(theta1, theta2, numbers);
    // The place of each derivative, of what it is the derivative of, and the axis.
    const entries = [[1, 0, 0], [2, 0, 1], [3, 1, 0], [4, 1, 1], [5, 2, 1]];
    for (const [place, of, axis] of entries.slice(0, this.names.length - 1)) {
      if (!Number.isFinite(numbers[place]) && Number.isFinite(numbers[0])) {
        numbers[place] = oneSidedLimit(this.each[place], this.each[of], theta1, theta2, axis, this.size);
      }
    }
  }
}

// The mean or the sum of one loss per example.
export class ExamplesLoss {
  // program: of one example. columns: a Float64Array for each of its inputs column0, column1 and so on.
  constructor(program, columns, reduction) {
    Object.assign(this, { example: program, columns, reduction, program: null });
    this.count = columns[0].length;
    this.divisor = reduction === "mean" ? this.count : 1;
    this.theta = new Float64Array(2);
    this.single = new Float64Array(1);
    const names = namesOf(program), columnNames = columns.map((_, place) => `column${place}`);
    this.parts = names.map(() => new Float64Array(this.count));
    this.all = overRows(program, ["theta1", "theta2"], columnNames, names);
    this.value = overRows(program, ["theta1", "theta2"], columnNames, VALUE);
  }

  // The loss over some of the examples.
  only(indices) {
    const chosen = Object.create(this);
    chosen.columns = this.columns.map((column) => Float64Array.from(indices, (index) => column[index]));
    chosen.count = indices.length;
    chosen.divisor = this.reduction === "mean" ? chosen.count : 1;
    chosen.valueAt = (theta1, theta2) => chosen.summed(theta1, theta2, chosen.value, chosen.single);
    return chosen;
  }

  at(theta1, theta2, numbers) {
    this.summed(theta1, theta2, this.all, numbers);
  }

  valueAt = (theta1, theta2) => this.summed(theta1, theta2, this.value, this.single);

  summed(theta1, theta2, examples, numbers) {
    this.theta[0] = theta1;
    this.theta[1] = theta2;
    examples(this.theta, this.columns, this.parts, this.count);
    const wanted = Math.min(numbers.length, examples === this.value ? 1 : this.parts.length);
    for (let place = 0; place < wanted; place++) {
      numbers[place] = pairwiseSum(this.parts[place], 0, this.count) / this.divisor;
    }
    return numbers[0];
  }
}

// The sum of so many numbers from a place on, in numpy's order.
export function pairwiseSum(numbers, begin, count) {
  if (count < 8) {
    let sum = 0;
    for (let place = begin; place < begin + count; place++) {
      sum += numbers[place];
    }
    return sum;
  }
  if (count > 128) {
    const half = Math.floor(count / 2) - (Math.floor(count / 2) % 8);
    return pairwiseSum(numbers, begin, half) + pairwiseSum(numbers, begin + half, count - half);
  }
  const end = begin + count - (count % 8);
  let [a, b, c, d, e, f, g, h] = numbers.subarray(begin, begin + 8);
  for (let place = begin + 8; place < end; place += 8) {
    a += numbers[place];
    b += numbers[place + 1];
    c += numbers[place + 2];
    d += numbers[place + 3];
    e += numbers[place + 4];
    f += numbers[place + 5];
    g += numbers[place + 6];
    h += numbers[place + 7];
  }
  let sum = a + b + (c + d) + (e + f + (g + h));
  for (let place = end; place < begin + count; place++) {
    sum += numbers[place];
  }
  return sum;
}

// A loss plus a linear function with these slopes.
export class TiltedLoss {
  constructor(loss, slope1, slope2) {
    Object.assign(this, { loss, slope1, slope2 });
  }

  at(theta1, theta2, numbers) {
    this.loss.at(theta1, theta2, numbers);
    numbers[0] += this.slope1 * theta1 + this.slope2 * theta2;
    numbers[1] += this.slope1;
    numbers[2] += this.slope2;
  }

  valueAt = (theta1, theta2) => this.loss.valueAt(theta1, theta2) + (this.slope1 * theta1 + this.slope2 * theta2);
}
