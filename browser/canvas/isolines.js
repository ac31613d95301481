// Level lines of a function that is known at the nodes of a grid. No DOM.

// z: at the nodes of a grid whose rows have `across` nodes; x, y: where these are. Every cell is two triangles, in
// which the function is taken as flat. The lines of `count` levels, evenly spaced between the lowest and the highest z,
// as x and y of pieces with NaN between them; none where a z is no finite number.
export function levelLines({ x, y, z }, { across, count }) {
  const [low, high] = [Math.min(...z), Math.max(...z)];
  const lines = { x: [], y: [] };
  if (!Number.isFinite(high - low)) return lines;
  const levels = Array.from({ length: count }, (_, place) => low + ((high - low) * (place + 1)) / (count + 1));
  for (let inner = 0; inner + across < z.length; inner += 1) {
    if (inner % across === across - 1) continue;
    const outer = inner + across;
    for (const corners of [[inner, outer, outer + 1], [inner, outer + 1, inner + 1]]) {
      for (const level of levels) cross({ x, y, z }, corners, level, lines);
    }
  }
  return lines;
}

// Adds the piece on which a triangle has a level.
function cross({ x, y, z }, corners, level, lines) {
  const above = corners.filter((corner) => z[corner] > level);
  if (above.length % 3 === 0) return;
  const [tip] = above.length === 1 ? above : corners.filter((corner) => !(z[corner] > level));
  for (const foot of corners) {
    if (foot === tip) continue;
    const share = (level - z[tip]) / (z[foot] - z[tip]);
    lines.x.push(x[tip] + share * (x[foot] - x[tip]));
    lines.y.push(y[tip] + share * (y[foot] - y[tip]));
  }
  lines.x.push(NaN);
  lines.y.push(NaN);
}
