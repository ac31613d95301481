// Answers anything with the table of operations: the number of operands, what is true or false, and what has an order.

import { OPERATIONS } from "../../browser/engine/operations.js";
import { answer } from "./lines.js";

await answer(() => Object.fromEntries([...OPERATIONS].map(([name, { operands, isTruth, truths, hasOrder }]) =>
  [name, [operands, isTruth, truths, hasOrder]])));
