// What follows the hand: rows of a run or of a table, and a program from every row to x, y and z. No DOM.
//
// Rows are {count, column(name)}: a column is an array with a number for each row, one number for all, or undefined.

import { overRows, Program } from "../engine/program.js";
import { levelLines } from "./isolines.js";
import { departure, divided, exits } from "./pieces.js";
import { Recent } from "./recent.js";

const LONGEST = 0.02; // of the frame's diagonal: no piece of a path over a surface is longer
const NEXT = "next_";
const MOST_PROGRAMS = 256; // kept: those of a loss curve are others after every release

export class Followers {
  #programs = new Recent(MOST_PROGRAMS); // by their text
  #read = new WeakMap(); // by the data that came

  // runs: a LiveRuns.
  constructor(runs) {
    this.runs = runs;
  }

  // What follows, at these inputs: {rows, outputs}, the outputs of its program for every row; x and y are theta1 and
  // theta2 where it has none; or level lines of its outputs. Null where there is nothing to show. where: {run, frame,
  // now}, the run that it belongs to, the axis ranges of its picture, and the update that the time bar shows.
  of(follows, where, inputs) {
    const rows = SOURCES[follows.rows](this.runs, inputs, { ...where, ...follows });
    if (!rows) return null;
    const outputs = follows.program ? this.evaluated(follows.program, rows, { ...inputs, ...follows.numbers }) : {
      x: spread(rows.column("theta1"), rows.count), y: spread(rows.column("theta2"), rows.count),
    };
    return { rows, outputs: follows.levels ? levelLines(outputs, follows.levels) : outputs };
  }

  // The outputs of a program for every row, by name.
  evaluated(data, rows, inputs) {
    const { names, outputNames, compiled } = this.#program(data);
    const given = names.map((name) => rows.column(name) ?? inputs[name] ?? NaN);
    const isFixed = given.map((column) => typeof column === "number");
    const [fixed, columns] = [true, false].map((wanted) => given.filter((_, place) => isFixed[place] === wanted));
    const outputs = outputNames.map(() => new Float64Array(rows.count));
    compiled(isFixed)(Float64Array.from(fixed), columns, outputs, rows.count);
    return Object.fromEntries(outputNames.map((name, place) => [name, outputs[place]]));
  }

  #program(data) {
    if (!this.#read.has(data)) this.#read.set(data, this.#once(data));
    return this.#read.get(data);
  }

  // Every message brings the same programs again.
  #once(data) {
    const text = JSON.stringify(data);
    if (!this.#programs.has(text)) {
      const program = Program.fromData(data);
      const [names, outputNames] = [[...program.inputs.keys()], [...program.outputs.keys()]];
      const functions = new Map();
      const compiled = (isFixed) => {
        const key = String(isFixed);
        if (!functions.has(key)) {
          const [fixed, columns] = [true, false].map((wanted) => names.filter((_, place) => isFixed[place] === wanted));
          functions.set(key, overRows(program, fixed, columns, outputNames));
        }
        return functions.get(key);
      };
      this.#programs.set(text, { names, outputNames, compiled });
    }
    return this.#programs.get(text);
  }
}

function spread(column, count) {
  return typeof column === "number" ? new Float64Array(count).fill(column) : column;
}

function table(count, columns) {
  return { count, column: (name) => columns[name] };
}

// One row of a run: what is known before an update, and as next_... what is known after it.
function oneRow(rows, update) {
  if (!rows || !(update >= 0 && update < rows.count)) return null;
  const after = Math.min(update + 1, rows.count - 1);
  const at = (column, row) => (typeof column === "object" ? column[row] : column);
  const column = (name) =>
    name.startsWith(NEXT) ? at(rows.column(name.slice(NEXT.length)), after) : at(rows.column(name), update);
  return { count: 1, column };
}

// The last row whose point is finite.
export function lastFinite(rows) {
  const [theta1, theta2] = [rows.column("theta1"), rows.column("theta2")];
  let last = rows.count - 1;
  while (last > 0 && !(Number.isFinite(theta1[last]) && Number.isFinite(theta2[last]))) last -= 1;
  return last;
}

// The row before the update that an input names, or the one of the update that the time bar shows.
function present(runs, inputs, { run, update, now }) {
  return oneRow(runs.rows(run, inputs), update ? inputs[update] - 1 : now);
}

// The rows of a run that are drawn: those of some updates, or all.
function shown(runs, inputs, { run, updates }) {
  const rows = runs.rows(run, inputs);
  return rows && updates ? taken(rows, updates.filter((update) => update < rows.count)) : rows;
}

function taken(rows, updates) {
  const of = (column) => typeof column === "object" ? Float64Array.from(updates, (update) => column[update]) : column;
  return { count: updates.length, column: (name) => of(rows.column(name)) };
}

// The rows of a run that are drawn in a frame, and the update with which its path ends at an exit, if it does.
function seen(runs, inputs, { run, updates, frame }) {
  const rows = runs.rows(run, inputs);
  if (!rows) return null;
  const { count, until } = departure(rows.column("theta1"), rows.column("theta2"), frame);
  const ends = until === null ? [] : [until - 1, until];
  const drawn = updates ? [...new Set([...updates, ...ends])] : Array.from({ length: rows.count }, (_, row) => row);
  if (!updates && count === rows.count) return { ...rows, until };
  return { ...taken(rows, drawn.filter((update) => update < count).sort((a, b) => a - b)), until };
}

const SOURCES = {
  run: shown,
  seen,
  path: (runs, inputs, where) => {
    const rows = seen(runs, inputs, where);
    if (!rows) return null;
    const [theta1, theta2, update] = ["theta1", "theta2", "update"].map((name) => rows.column(name));
    const { count, ...columns } = divided(theta1, theta2, where.frame, LONGEST, update);
    const value = Float64Array.from(columns.theta1, (first, place) => runs.value(first, columns.theta2[place]));
    return table(count, { ...columns, value });
  },
  end: (runs, inputs, { run }) => {
    const rows = runs.rows(run, inputs);
    return rows && oneRow(rows, lastFinite(rows));
  },
  exits: (runs, inputs, where) => {
    const rows = seen(runs, inputs, where);
    if (!rows) return null;
    const [theta1, theta2, update] = ["theta1", "theta2", "update"].map((name) => rows.column(name));
    const { count, ...columns } = exits(theta1, theta2, where.frame, update);
    const value = columns.theta1.map((first, place) => runs.value(first, columns.theta2[place]));
    return { ...table(count, { ...columns, value }), until: rows.until };
  },
  start: (runs, inputs) => {
    const [theta1, theta2] = runs.start(inputs);
    return table(1, { theta1, theta2, value: runs.value(theta1, theta2) });
  },
  row: present,
  // Rows of a table; the other numbers are those of the present row, if it belongs to a run.
  table: (runs, inputs, where) => {
    const row = where.run === undefined ? null : present(runs, inputs, where);
    if (where.run !== undefined && !row) return null;
    const column = (name) => where.table[name] ?? row?.column(name);
    return { count: Object.values(where.table)[0].length, column };
  },
  // Without a table, the learning rate that the run has.
  sweep: (runs, inputs, { run, table, goal }) => runs.sweep(run, table?.learning_rate, inputs, goal),
  once: () => table(1, {}),
};
