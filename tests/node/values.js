// Answers {program, inputs, outputs, rows} with the outputs of the program for every row of inputs.

import { Program, compiled, numberOf } from "../../browser/engine/program.js";
import { answer, shown } from "./lines.js";

await answer(({ program, inputs, outputs, rows }) => {
  const run = compiled(Program.fromData(program), inputs, outputs), numbers = new Float64Array(outputs.length);
  return rows.map((row) => {
    run(Float64Array.from(row, (number) => (number === "-0.0" ? -0 : numberOf(number))), numbers);
    return Array.from(numbers, shown);
  });
});
