// The height of a drawn surface between its samples, as Python's figures.mesh has it. No DOM.

// x, y: the samples of both axes, at even distances; z: rows of heights, one for each y. Returns a function (x, y), which
// gives the height at the edge for a point outside.
export function sheetOver({ x, y, z }) {
  return (first, second) => {
    const [column, across] = cellOf(x, first);
    const [row, up] = cellOf(y, second);
    const lower = z[row][column] * (1 - across) + z[row][column + 1] * across;
    const upper = z[row + 1][column] * (1 - across) + z[row + 1][column + 1] * across;
    return lower * (1 - up) + upper * up;
  };
}

// The cell of an axis in which a number lies, and how far into it.
function cellOf(axis, number) {
  const cells = axis.length - 1;
  const exact = ((number - axis[0]) / (axis[cells] - axis[0])) * cells;
  const place = Math.min(Math.max(exact, 0), cells);
  const cell = Math.min(Math.floor(place), cells - 1);
  return Number.isNaN(place) ? [0, NaN] : [cell, place - cell];
}
