// What a server would answer to the canvas: which settings its messages ask for. No DOM.

// kind, message: as a canvas sends them. sliders: records of the canvas's sliders. Returns the changes of settings.
export function changesOf(kind, message, { sliders, steps }) {
  if (kind === "picked") return { start: [message.x, message.y] };
  if (kind === "rested") return { update: message.now < steps ? message.now : -1 };
  if (kind !== "moved") return {};
  const changes = {};
  const keys = new Map(sliders.map(({ name, key }) => [name, key]));
  for (const [name, value] of Object.entries(message.values)) if (keys.has(name)) changes[keys.get(name)] = value;
  const { start1, start2 } = message.values;
  return start1 === undefined ? changes : { ...changes, start: [start1, start2] };
}
