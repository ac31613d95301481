// The fixed table of operations that programs are made of: the names, operands and numbers of programs/operations.py.
//
// + - * / and square roots have numpy's digits; other functions may differ from them by an ulp or two, as they do from
// browser to browser.

import * as numbers from "./numbers.js";

export const HIGHEST_ORDER = 100;

// text: the expression over its operands {0}, {1}. called: a function instead. isTruth: whether the result is true or
// false. truths: how many operands are, the first ones. hasOrder: whether the first operand is a whole constant.
function operation(operands, text, more = {}) {
  return { operands, text, called: null, isTruth: false, truths: 0, hasOrder: false, ...more };
}

function called(operands, called, more = {}) {
  return operation(operands, "", { called, ...more });
}

const truth = { isTruth: true };

export const OPERATIONS = new Map(Object.entries({
  add: operation(2, "{0} + {1}"),
  subtract: operation(2, "{0} - {1}"),
  multiply: operation(2, "{0} * {1}"),
  divide: operation(2, "{0} / {1}"),
  quotient: operation(3, "{1} !== 0 ? {0} / {1} : {2}"),
  negative: operation(1, "-{0}"),
  absolute: operation(1, "Math.abs({0})"),
  square: operation(1, "{0} * {0}"),
  sqrt: operation(1, "Math.sqrt({0})"),
  sign: operation(1, "{0} > 0 ? 1 : {0} < 0 ? -1 : {0} === 0 ? 0 : {0}"),
  heaviside: operation(2, "{0} > 0 ? 1 : {0} < 0 ? 0 : {0} === 0 ? {1} : {0}"),
  maximum: operation(2, "({0} >= {1} || {0} !== {0} ? {0} : {1}) + 0"),
  minimum: operation(2, "({0} <= {1} || {0} !== {0} ? {0} : {1}) + 0"),
  greater: operation(2, "{0} > {1}", truth),
  greater_equal: operation(2, "{0} >= {1}", truth),
  less: operation(2, "{0} < {1}", truth),
  less_equal: operation(2, "{0} <= {1}", truth),
  equal: operation(2, "{0} === {1}", truth),
  not_equal: operation(2, "{0} !== {1}", truth),
  logical_and: operation(2, "!!({0} && {1})", { isTruth: true, truths: 2 }),
  logical_or: operation(2, "!!({0} || {1})", { isTruth: true, truths: 2 }),
  logical_not: operation(1, "!{0}", { isTruth: true, truths: 1 }),
  isfinite: operation(1, "{0} - {0} === 0", truth),
  where: operation(3, "{0} ? {1} : {2}", { truths: 1 }),
  power: called(2, numbers.power),
  exponent: called(1, numbers.exponent),
  scaled: called(2, numbers.scaled),
  hypot: called(2, numbers.hypot),
  arctan2: operation(2, "Math.atan2({0}, {1})"),
  softplus: called(1, numbers.softplus),
  sigmoid: called(1, numbers.sigmoid),
  logcosh: called(1, numbers.logcosh),
  spherical: called(2, numbers.spherical, { hasOrder: true }),
  error_function: called(1, numbers.errorFunction),
  error_function_beside_one: called(1, numbers.errorFunctionBesideOne),
  cbrt: operation(1, "Math.cbrt({0})"),
  exp: operation(1, "Math.exp({0})"),
  exp2: operation(1, "Math.pow(2, {0})"),
  expm1: operation(1, "Math.expm1({0})"),
  log: operation(1, "Math.log({0})"),
  log2: operation(1, "Math.log2({0})"),
  log10: operation(1, "Math.log10({0})"),
  log1p: operation(1, "Math.log1p({0})"),
  floor: operation(1, "Math.floor({0})"),
  ceil: operation(1, "Math.ceil({0})"),
  rint: called(1, numbers.rint),
  sin: operation(1, "Math.sin({0})"),
  cos: operation(1, "Math.cos({0})"),
  tan: operation(1, "Math.tan({0})"),
  arcsin: operation(1, "Math.asin({0})"),
  arccos: operation(1, "Math.acos({0})"),
  arctan: operation(1, "Math.atan({0})"),
  sinh: operation(1, "Math.sinh({0})"),
  cosh: operation(1, "Math.cosh({0})"),
  tanh: operation(1, "Math.tanh({0})"),
  arcsinh: operation(1, "Math.asinh({0})"),
  arccosh: operation(1, "Math.acosh({0})"),
  arctanh: operation(1, "Math.atanh({0})"),
}));

// The functions that are called, in a list; in the text of a program they go by their place in it.
export const CALLED = [...OPERATIONS.values()].map((each) => each.called).filter(Boolean);

// An operation over the texts of its operands.
export function expression(name, operands) {
  const { text, called } = OPERATIONS.get(name);
  if (called) {
    return `f${CALLED.indexOf(called)}(${operands.join(", ")})`;
  }
  return `(${text.replace(/\{(\d)\}/g, (_, place) => operands[place])})`;
}
