// Answers the data of browser.program with what every run records.

import { Engine } from "../../browser/engine/descent.js";
import { answer, shown } from "./lines.js";

await answer((data) => {
  const engine = new Engine(data);
  return Object.fromEntries(engine.names.map((name) => {
    const { columns, rows, divergedAt } = engine.run(name);
    return [name, { columns, rows: Array.from(rows, shown), divergedAt }];
  }));
});
