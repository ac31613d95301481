// Losses as a run asks them: `at` fills an array of 3 with value and slopes, or one of 6 with the curvatures, too, and
// `valueAt` gives the value alone.

import { oneSidedLimit } from "./onesided.js";
import { compiled, overRows } from "./program.js";

const THETA = ["theta1", "theta2"];
const VALUE = ["value"];
const SLOPES = [...VALUE, "gradient1", "gradient2"];
export const HESSIAN = ["hessian11", "hessian12", "hessian22"];
const ALL = [...SLOPES, ...HESSIAN];

// Functions of a program that has curvatures only where somebody asks for them.
function functionsOf(program, make) {
  const value = make(VALUE), slopes = make(SLOPES);
  return { value, slopes, all: program.outputs.has(HESSIAN[0]) ? make(ALL) : slopes };
}

// A loss that is a program.
export class ProgramLoss {
  constructor(program) {
    this.program = program;
    this.theta = new Float64Array(2);
    this.single = new Float64Array(1);
    this.functions = functionsOf(program, (names) => compiled(program, THETA, names));
  }

  at(theta1, theta2, numbers) {
    this.theta[0] = theta1;
    this.theta[1] = theta2;
    (numbers.length > SLOPES.length ? this.functions.all : this.functions.slopes)(this.theta, numbers);
  }

  valueAt = (theta1, theta2) => {
    this.theta[0] = theta1;
    this.theta[1] = theta2;
    this.functions.value(this.theta, this.single);
    return this.single[0];
  };
}

// The place of each derivative among the numbers, of what it is the derivative of, and the axis.
const DERIVATIVES = [[1, 0, 0], [2, 0, 1], [3, 1, 0], [4, 1, 1], [5, 2, 1]];

// A loss whose derivatives are one-sided limits where the program's are not finite although it has a value.
export class MendedLoss extends ProgramLoss {
  // size: of the picture.
  constructor(program, size) {
    super(program);
    this.size = size;
    this.each = ALL.filter((name) => program.outputs.has(name)).map((name) => single(program, name));
  }

  at(theta1, theta2, numbers) {
    super.at(theta1, theta2, numbers);
    let sum = 0;
    for (let place = 1; place < numbers.length; place++) {
      sum += numbers[place] - numbers[place];
    }
    if (sum !== 0 && Number.isFinite(numbers[0])) {
      this.mend(theta1, theta2, numbers);
    }
  }

  mend(theta1, theta2, numbers) {
    for (const [place, of, axis] of DERIVATIVES.slice(0, numbers.length - 1)) {
      if (!Number.isFinite(numbers[place])) {
        numbers[place] = oneSidedLimit(this.each[place], this.each[of], theta1, theta2, axis, this.size);
      }
    }
  }
}

// One output of a program as a function of two numbers.
function single(program, name) {
  const run = compiled(program, THETA, [name]), theta = new Float64Array(2), number = new Float64Array(1);
  return (theta1, theta2) => {
    theta[0] = theta1;
    theta[1] = theta2;
    run(theta, number);
    return number[0];
  };
}

// The mean or the sum of one loss per example.
export class ExamplesLoss {
  // program: of one example. columns: a Float64Array for each of its inputs column0, column1 and so on.
  constructor(program, columns, reduction) {
    this.reduction = reduction;
    this.theta = new Float64Array(2);
    this.single = new Float64Array(1);
    this.parts = ALL.map(() => new Float64Array(columns[0].length));
    const names = columns.map((_, place) => `column${place}`);
    this.functions = functionsOf(program, (outputs) => overRows(program, THETA, names, outputs));
    this.over(columns);
  }

  over(columns) {
    this.columns = columns;
    this.count = columns[0].length;
    this.divisor = this.reduction === "mean" ? this.count : 1;
    this.valueAt = (theta1, theta2) => {
      this.summed(this.functions.value, theta1, theta2, this.single);
      return this.single[0];
    };
    return this;
  }

  // The loss over some of the examples.
  only(indices) {
    const columns = this.columns.map((column) => Float64Array.from(indices, (index) => column[index]));
    return Object.create(this).over(columns);
  }

  at(theta1, theta2, numbers) {
    const { all, slopes } = this.functions;
    this.summed(numbers.length > SLOPES.length ? all : slopes, theta1, theta2, numbers);
  }

  summed(examples, theta1, theta2, numbers) {
    this.theta[0] = theta1;
    this.theta[1] = theta2;
    examples(this.theta, this.columns, this.parts, this.count);
    for (let place = 0; place < numbers.length; place++) {
      numbers[place] = pairwiseSum(this.parts[place], 0, this.count) / this.divisor;
    }
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
  let a = numbers[begin], b = numbers[begin + 1], c = numbers[begin + 2], d = numbers[begin + 3];
  let e = numbers[begin + 4], f = numbers[begin + 5], g = numbers[begin + 6], h = numbers[begin + 7];
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
