// A program: arithmetic as data, a straight line of operations with named inputs and outputs, and what compiles it.
//
// Programs come over the wire. The text of a compiled function is put together from the templates of the table of
// operations, whole numbers and numbers; no name and no other text of a program ever enters it.

import { CALLED, HIGHEST_ORDER, OPERATIONS, expression } from "./operations.js";

export const INPUT = "input", CONSTANT = "constant";
export const MOST_VALUES = 100_000;
const TEXTS = new Map([["inf", Infinity], ["-inf", -Infinity], ["nan", NaN]]);

// values: a list of {operation, operands}; for an input the only operand is its name, for a constant its number.
// inputs, outputs: Maps from names to indices.
export class Program {
  constructor(values, outputs) {
    this.values = values;
    this.outputs = outputs;
    this.inputs = new Map(values.flatMap(({ operation, operands }, index) =>
      operation === INPUT ? [[operands[0], index]] : []));
  }

  // The program of such data as `Program.data()` of Python makes. Throws where they hold anything but operations of the
  // table on values that stand before, or too many of them.
  static fromData(data) {
    if (!Array.isArray(data?.values) || data.values.length > MOST_VALUES || !isRecord(data.outputs)) {
      throw new Error("A program has a list of values, not too long, and outputs by name.");
    }
    const values = [];
    for (const line of data.values) {
      values.push(valueOf(values, line));
    }
    if (new Set(values.map(keyOf)).size < values.length) {
      throw new Error("A program has no value twice.");
    }
    const names = Object.entries(data.outputs);
    names.forEach(([name]) => checkName(name));
    return new Program(values, new Map(names.map(([name, index]) => [name, checkedIndex(index, values.length)])));
  }

  // The indices of what a value is made of.
  operands(index) {
    const { operation, operands } = this.values[index];
    return OPERATIONS.has(operation) ? operands : [];
  }

  // These values and all that they are made of, in order.
  neededFor(indices) {
    const needed = new Set(indices);
    for (let index = Math.max(-1, ...needed); index >= 0; index--) {
      if (needed.has(index)) {
        this.operands(index).forEach((operand) => needed.add(operand));
      }
    }
    return [...needed].sort((a, b) => a - b);
  }

  // The values that change with any of these inputs.
  dependingOn(names) {
    const depending = new Set([...names].map((name) => this.inputs.get(name)).filter((index) => index !== undefined));
    this.values.forEach((_, index) => {
      if (this.operands(index).some((operand) => depending.has(operand))) {
        depending.add(index);
      }
    });
    return depending;
  }

  // The index of an output; throws where there is none of this name.
  output(name) {
    if (!this.outputs.has(name)) {
      throw new Error("A program lacks an output that is asked of it.");
    }
    return this.outputs.get(name);
  }
}

// A program in the making, out of programs that were checked.
export class Builder {
  constructor() {
    this.values = [];
    this.named = new Map();
  }

  input(name) {
    if (!this.named.has(name)) {
      this.named.set(name, this.operation(INPUT, name));
    }
    return this.named.get(name);
  }

  operation(operation, ...operands) {
    return this.values.push({ operation, operands }) - 1;
  }

  // Adds what some outputs need and returns their indices by name. given: the values that take the place of inputs.
  include(program, given, names = program.outputs.keys()) {
    const wanted = [...names], indices = new Map();
    for (const index of program.neededFor(wanted.map((name) => program.output(name)))) {
      const { operation, operands } = program.values[index];
      if (operation === INPUT) {
        const [name] = operands;
        indices.set(index, given.has(name) ? given.get(name) : this.input(name));
      } else {
        const own = operation === CONSTANT ? operands : operands.map((operand) => indices.get(operand));
        indices.set(index, this.operation(operation, ...own));
      }
    }
    return new Map(wanted.map((name) => [name, indices.get(program.output(name))]));
  }
}

function isRecord(data) {
  return typeof data === "object" && data !== null && !Array.isArray(data);
}

// Throws where a name has other signs than letters, digits and _, or is not in the normal form.
export function checkName(name) {
  if (typeof name !== "string" || !/^\p{XIDC}+$/u.test(name) || name.normalize("NFKC") !== name) {
    throw new Error("What goes into a program or out of it is named by letters, digits and _.");
  }
}

function keyOf({ operation, operands }) {
  return [operation, ...operands.map((operand) => (Object.is(operand, -0) ? "-0" : operand))].join(" ");
}

function valueOf(before, line) {
  const [operation, ...operands] = Array.isArray(line) ? line : [];
  if (operation === INPUT && operands.length === 1) {
    checkName(operands[0]);
    return { operation, operands };
  }
  if (operation === CONSTANT && operands.length === 1) {
    return { operation, operands: [numberOf(operands[0])] };
  }
  if (!OPERATIONS.has(operation)) {
    throw new Error(`Line ${before.length} of a program is no input, no constant and no operation.`);
  }
  operands.forEach((operand) => checkedIndex(operand, before.length));
  checkOperands(before, operation, operands);
  return { operation, operands };
}

// A number of JSON, where what is not finite is a text.
export function numberOf(data) {
  const number = TEXTS.get(data) ?? data;
  if (typeof number !== "number") {
    throw new Error("A number of a program is a number, or one of the texts inf, -inf and nan.");
  }
  return number;
}

function checkedIndex(index, end) {
  if (!(Number.isInteger(index) && index >= 0 && index < end)) {
    throw new Error(`A program refers to a value that does not stand among the ${end} before that place.`);
  }
  return index;
}

function checkOperands(values, name, operands) {
  const operation = OPERATIONS.get(name);
  if (operands.length !== operation.operands) {
    throw new Error(`${name} has ${operation.operands} operands, not ${operands.length}.`);
  }
  operands.forEach((operand, place) => {
    const value = values[operand];
    if (place < operation.truths ? !mayBeTruth(value) : isTruth(value)) {
      throw new Error(`${name} takes ${operation.truths} truths, then numbers.`);
    }
  });
  if (operation.hasOrder && !isOrder(values[operands[0]])) {
    throw new Error(`${name} has an order from 0 to ${HIGHEST_ORDER}.`);
  }
}

function isTruth({ operation }) {
  return OPERATIONS.get(operation)?.isTruth ?? false;
}

function mayBeTruth(value) {
  return isTruth(value) || (value.operation === CONSTANT && (value.operands[0] === 0 || value.operands[0] === 1));
}

function isOrder({ operation, operands: [order] }) {
  return operation === CONSTANT && Number.isInteger(order) && order >= 0 && order <= HIGHEST_ORDER;
}

// A number as it is written in JavaScript.
function numberText(number) {
  return Object.is(number, -0) || number < 0 ? `(${Object.is(number, -0) ? "-0" : String(number)})` : String(number);
}

// The lines that compute values of a program one after another; inputs are called x0, x1 by their index.
export class Lines {
  constructor(program) {
    this.program = program;
  }

  text(index) {
    const { operation, operands } = this.program.values[index];
    return operation === CONSTANT ? numberText(operands[0]) : operation === INPUT ? `x${index}` : `v${index}`;
  }

  // The lines for these values.
  section(indices) {
    return [...indices].filter((index) => this.program.operands(index).length).map((index) => {
      const operands = this.program.operands(index).map((operand) => this.text(operand));
      return `const v${index} = ${expression(this.program.values[index].operation, operands)};`;
    });
  }
}

// The function with these parameters and lines, all of which are our own text.
export function compiledText(parameters, lines) {
  const functions = CALLED.map((_, place) => `f${place}`);
  const text = `"use strict"; return function (${parameters.join(", ")}) {\n${lines.join("\n")}\n};`;
  return new Function(...functions, text)(...CALLED);
}

// Some outputs as a function (inputs, outputs) of two Float64Arrays, which writes the outputs.
export function compiled(program, inputNames, outputNames) {
  const wanted = outputNames.map((name) => program.output(name));
  const needed = program.neededFor(wanted), lines = new Lines(program);
  checkGiven(program, needed, inputNames);
  return compiledText(["inputs", "outputs"], [
    ...inputLines(program, needed, inputNames, "inputs"),
    ...lines.section(needed),
    ...wanted.map((index, place) => `outputs[${place}] = ${lines.text(index)};`),
  ]);
}

// Some outputs over a table of rows, as a function (fixed, columns, outputs, count). fixed: a Float64Array of the
// inputs that are the same in all rows. columns, outputs: a list with a Float64Array for each of the names.
export function overRows(program, fixedNames, columnNames, outputNames) {
  const wanted = outputNames.map((name) => program.output(name));
  const needed = program.neededFor(wanted), lines = new Lines(program), varying = program.dependingOn(columnNames);
  checkGiven(program, needed, [...fixedNames, ...columnNames]);
  return compiledText(["fixed", "columns", "outputs", "count"], [
    ...inputLines(program, needed, fixedNames, "fixed"),
    ...lines.section(needed.filter((index) => !varying.has(index))),
    ...columnNames.map((_, place) => `const column${place} = columns[${place}];`),
    ...outputNames.map((_, place) => `const output${place} = outputs[${place}];`),
    "for (let row = 0; row < count; row++) {",
    ...columnNames.flatMap((name, place) => inputLine(program, needed, name, `column${place}[row]`)),
    ...lines.section(needed.filter((index) => varying.has(index))),
    ...wanted.map((index, place) => `output${place}[row] = ${lines.text(index)};`),
    "}",
  ]);
}

// Every input that is needed has to be among the names.
function checkGiven(program, needed, names) {
  const given = new Set(names.map((name) => program.inputs.get(name)));
  if (needed.some((index) => program.values[index].operation === INPUT && !given.has(index))) {
    throw new Error("A program needs an input that it is not given.");
  }
}

function inputLines(program, needed, names, array) {
  return names.flatMap((name, place) => inputLine(program, needed, name, `${array}[${place}]`));
}

function inputLine(program, needed, name, text) {
  const index = program.inputs.get(name);
  return index !== undefined && needed.includes(index) ? [`const x${index} = ${text};`] : [];
}
