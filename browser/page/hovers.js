// What hovering over the points of a run says, as Python's figures.marks says it. No DOM.

const LOSS = [3, "%{customdata[3]:.6g}"], SLOPE = [4, "%{customdata[4]:.4g}"];

// One text for all points of a trace, or one for each where a point that is drawn has no loss, or no slope, that is a
// number. The trace has moments as its customdata.
export function hoversOf({ hovertemplate, customdata, y }) {
  const [text] = [hovertemplate].flat(), rows = Array.from(customdata);
  const isOdd = ([, first, second, ...measured], place) =>
    [first, second, y[place]].every(Number.isFinite) && !measured.every(Number.isFinite);
  return rows.some(isOdd) ? rows.map((row, place) => (isOdd(row, place) ? inWords(text, row) : text)) : text;
}

function inWords(text, row) {
  return [LOSS, SLOPE].reduce((said, [column, field]) => {
    if (Number.isFinite(row[column])) return said;
    return said.replace(field, Number.isNaN(row[column]) ? "no value" : "too large for a computer");
  }, text);
}
