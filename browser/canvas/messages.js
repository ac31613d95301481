// What Python's browser.wire has packed: a header in JSON, and a table of arrays that it points into.
// A page without a server makes its messages itself, and packs nothing.

const LENGTH = 4; // bytes that say how long the header is

export async function unpack(text) {
  if (typeof text !== "string") return text;
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return decode(await new Response(stream).arrayBuffer());
}

export function decode(raw) {
  const length = new DataView(raw).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(raw, LENGTH, length)));
  const arrays = header.arrays.map((entry) => arrayOf(raw, LENGTH + length, entry));
  return filled(header.content, arrays);
}

function arrayOf(raw, begin, { type, shape, at }) {
  const kind = globalThis[type];
  const count = shape.reduce((a, b) => a * b, 1);
  const width = kind.BYTES_PER_ELEMENT;
  const sorted = new Uint8Array(raw, begin + at, count * width);
  const bytes = new Uint8Array(count * width);
  for (let byte = 0; byte < width; byte += 1) {
    for (let index = 0; index < count; index += 1) bytes[index * width + byte] = sorted[byte * count + index];
  }
  return rows(new kind(bytes.buffer), shape);
}

function rows(flat, [count, ...rest]) {
  if (!rest.length) return flat;
  const size = flat.length / count;
  return Array.from({ length: count }, (_, row) => rows(flat.subarray(row * size, (row + 1) * size), rest));
}

// The header's content with the arrays in their places.
function filled(value, arrays) {
  if (Array.isArray(value)) return value.map((entry) => filled(entry, arrays));
  if (value === null || typeof value !== "object") return value;
  if (Object.keys(value).length === 1 && Number.isInteger(value.array)) return arrays[value.array];
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, filled(entry, arrays)]));
}
