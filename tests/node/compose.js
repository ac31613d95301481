// Answers questions, JSON line by line. The first lines are {common} and {surface}, packed as the wire packs them, which
// get no answer; then {settings, noise, theme} get the message that a page without a server makes of them, and what it says.

import { readFileSync } from "node:fs";

import { unpack } from "../../browser/canvas/messages.js";
import { madeWith } from "../../browser/page/made_with.js";
import { restored } from "../../browser/page/sharing.js";
import { Composer } from "../../browser/page/compose.js";

const surfaces = {};
let composer = null, common = null;
const plain = (_, value) => (ArrayBuffer.isView(value) ? Array.from(value) : value);

for (const line of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const question = JSON.parse(line);
  if (question.common) {
    common = await unpack(question.common);
    composer = new Composer(common);
  } else if (question.surface) {
    const surface = restored(await unpack(question.surface));
    surfaces[surface.name] = surface;
  } else {
    const { settings, noise, theme } = question;
    const surface = surfaces[settings.surface];
    const message = composer.message(settings, { surface, noise }, theme);
    const said = { outcome: composer.outcome(), made: madeWith(settings, surface, common) };
    process.stdout.write(`${JSON.stringify({ ...message, ...said }, plain)}\n`);
  }
}
