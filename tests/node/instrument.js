// Answers questions, JSON line by line. A line {pictures} is packed as the wire packs it, and gets no answer; then
// {theme, heard: [[kind, message], ...]} gets the message that an instrument without a server makes after these.

import { readFileSync } from "node:fs";

import { unpack } from "../../browser/canvas/messages.js";
import { MovedPictures } from "../../browser/page/moved.js";

let given = null;
const plain = (_, value) => (ArrayBuffer.isView(value) ? Array.from(value) : value);

for (const line of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const question = JSON.parse(line);
  if (question.pictures) given = await unpack(question.pictures);
  else {
    const pictures = new MovedPictures(given);
    if (question.set) pictures.set(question.set);
    for (const [kind, message] of question.heard ?? []) pictures.hear(kind, message);
    const { state, outcome, isUntouched } = pictures;
    process.stdout.write(`${JSON.stringify({ ...pictures.message(question.theme), state, outcome, isUntouched }, plain)}\n`);
  }
}
