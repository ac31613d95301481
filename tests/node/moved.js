// What a canvas shows for a hand: every line of standard input is {figures, live, inputs, now}, every answer has, by figure,
// the traces that can follow as {name, run, type, mode, rows, x, y, z, until}, its exits also with updates and left, the places of those that stay as the server has drawn
// them, and the arrows; and the sentences.

import { createInterface } from "node:readline";

import { Live } from "../../browser/canvas/live.js";
import { followsOf, leftOf, runOf, untilOf } from "../../browser/canvas/meta.js";

const plain = (column) => column && Array.from(column, (number) => (Number.isFinite(number) ? number : null));

for await (const line of createInterface({ input: process.stdin })) {
  const { figures, live: data, inputs, now } = JSON.parse(line);
  const live = new Live();
  live.serve(data);
  live.hand.move(inputs);
  live.take();
  const pictures = Object.entries(figures).map(([name, figure]) => [name, figure, live.traces(figure, now)]);
  const shown = pictures.map(([name, figure, traces]) => [name, {
    kept: figure.data.flatMap((trace, place) => (traces.includes(trace) ? [place] : [])),
    traces: traces.filter((trace) => trace.isLive || followsOf(trace)).map((trace) => ({
      name: trace.name ?? "", run: runOf(trace), type: trace.type, mode: trace.mode, rows: followsOf(trace)?.rows ?? "exits",
      x: plain(trace.x), y: plain(trace.y), z: plain(trace.z), until: untilOf(trace),
      ...(followsOf(trace) ? {} : { left: leftOf(trace), updates: [...trace.customdata] }),
    })),
    arrows: live.arrows(figure, now),
  }]);
  console.log(JSON.stringify({ pictures: Object.fromEntries(shown), sentences: live.sentences(now).map(({ text }) => text) }));
}
