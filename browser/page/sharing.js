// Plain data in which equal parts stood once, as Python's browser.sharing has made them. No DOM.

// Every place gets a part of its own: Plotly writes into what it gets.
export function restored({ content, table }) {
  // A part of the table has only parts in it that stand before.
  const whole = [];
  for (const part of table) whole.push(filled(part, whole));
  return filled(content, whole);
}

function filled(value, whole) {
  if (Array.isArray(value)) return value.map((part) => filled(part, whole));
  if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return value;
  if (Number.isInteger(value.shared)) return structuredClone(whole[value.shared]);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, filled(part, whole)]));
}
