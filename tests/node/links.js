// Answers links and settings as a page without a server does. The first line holds what the page knows, {common,
// surfaces}; the next ones are {query}, {settings} or {settings, changes}.

import { lookAt } from "../../browser/page/presets.js";
import { decoded, encoded, surfaceNameIn, withChanges } from "../../browser/page/settings.js";
import { answer } from "./lines.js";

let page = null;

await answer((line) => {
  if (line.common) {
    page = line;
    return null;
  }
  const { query, settings, changes } = line, { common, surfaces } = page;
  if (query) return decoded(query, common, surfaces[surfaceNameIn(query, common)]);
  if (changes) return withChanges(settings, changes);
  const surface = surfaces[settings.surface];
  return { link: encoded(settings, common, surface), lookAt: lookAt(settings, surface, common) };
});
