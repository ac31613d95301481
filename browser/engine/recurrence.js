// A program in rounds: what it returns is what it is given in the next round.

import { INPUT, Lines, compiledText } from "./program.js";

// carried: the names of what changes from round to round by the program's own doing, inputs and outputs at once.
// streamed: the inputs with a number of their own for every round. questions: {arguments, answers}, the outputs that
// are shown and the inputs that are answered, for whoever is asked in the middle of a round. All other inputs are
// fixed. recorded: the outputs that are recorded in each round, beside what is carried into it.
export class Recurrence {
  constructor(program, { carried, streamed = [], questions = [], recorded }) {
    Object.assign(this, { program, carried, streamed, questions, recorded });
    const changing = new Set([...carried, ...streamed, ...questions.flatMap(({ answers }) => answers)]);
    this.fixed = [...program.inputs.keys()].filter((name) => !changing.has(name));
    this.columns = [...carried, ...recorded];
    this.rounds = this.compiledRounds();
  }

  // Writes so many rounds into rows, a Float64Array of rounds * columns. carried, fixed: the first numbers, in the
  // order of the names. streams: for each name an array with a number for every round. asked: for each question a
  // function (answers, round, ...shown) that writes the answers.
  run(rows, rounds, carried, fixed, streams, asked = []) {
    this.rounds(rows, rounds, carried, fixed, streams, asked);
  }

  compiledRounds() {
    const { program, carried, streamed, recorded } = this;
    const wanted = [...carried, ...recorded].map((name) => program.output(name));
    const steps = this.steps(wanted);
    const changing = program.dependingOn([...program.inputs.keys()].filter((name) => !this.fixed.includes(name)));
    const lines = new Lines(program), given = (name) => program.inputs.get(name);
    const isOnce = (step) => typeof step === "number" && !changing.has(step);
    const inputs = (names, text) => names.flatMap((name, place) =>
      given(name) === undefined ? [] : [`x${given(name)} = ${text(place)}`]);
    const width = this.columns.length;
    const shown = recorded.map((name) => lines.text(program.output(name)));
    const row = [...carried.map((_, place) => `c${place}`), ...shown];
    return compiledText(["rows", "rounds", "carried", "fixed", "streams", "asked"], [
      ...inputs(this.fixed, (place) => `fixed[${place}]`).map((text) => `const ${text};`),
      ...carried.map((_, place) => `let c${place} = carried[${place}];`),
      ...streamed.map((_, place) => `const stream${place} = streams[${place}];`),
      ...this.questions.flatMap(({ answers }, place) => [
        `const ask${place} = asked[${place}];`,
        `const answers${place} = new Float64Array(${answers.length});`,
      ]),
      ...lines.section(steps.filter(isOnce)),
      "let offset = 0;",
      "for (let round = 0; round < rounds; round++) {",
      ...inputs(carried, (place) => `c${place}`).map((text) => `const ${text};`),
      ...inputs(streamed, (place) => `stream${place}[round]`).map((text) => `const ${text};`),
      ...steps.filter((step) => !isOnce(step)).flatMap((step) =>
        typeof step === "number" ? lines.section([step]) : this.asking(step, lines)),
      ...row.map((text, place) => `rows[offset + ${place}] = ${text};`),
      `offset += ${width};`,
      ...carried.map((name, place) => `c${place} = ${lines.text(program.output(name))};`),
      "}",
    ]);
  }

  asking(question, lines) {
    const place = this.questions.indexOf(question);
    const shown = question.arguments.map((name) => lines.text(this.program.output(name)));
    const answered = question.answers.flatMap((name, answer) =>
      this.program.inputs.has(name) ? [`const x${this.program.inputs.get(name)} = answers${place}[${answer}];`] : []);
    return [`ask${place}(${[`answers${place}`, "round", ...shown].join(", ")});`, ...answered];
  }

  // What has to be done for these values, in an order that serves: values and questions.
  steps(indices, done = new Set(), waiting = []) {
    const steps = [];
    for (const index of this.program.neededFor(indices)) {
      if (done.has(index)) {
        continue;
      }
      const question = this.questionOf(index);
      if (!question) {
        done.add(index);
        steps.push(index);
        continue;
      }
      if (waiting.includes(question)) {
        throw new Error("What is shown with a question depends on its own answer.");
      }
      const shown = question.arguments.map((name) => this.program.output(name));
      steps.push(...this.steps(shown, done, [...waiting, question]), question);
      question.answers.forEach((name) => done.add(this.program.inputs.get(name)));
    }
    return steps;
  }

  questionOf(index) {
    const { operation, operands } = this.program.values[index];
    return operation === INPUT && this.questions.find(({ answers }) => answers.includes(operands[0]));
  }
}
