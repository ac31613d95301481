// Where labels stand beside their marks, so that none is cut and none lies on another. No DOM.

const GAP = 10, MARK = 7, BETWEEN = 2; // pixels: from a mark to its label, half of a mark, between two labels

// labels: {at: [x, y] of the mark, width, height}. Of each {x, y, width, height}, inside of a box: to the right or to
// the left of its mark, or as few rows above or below as leave the other labels and all marks free.
export function beside(labels, box) {
  const taken = labels.map(({ at: [x, y] }) => ({ x: x - MARK, y: y - MARK, width: 2 * MARK, height: 2 * MARK }));
  return labels.map((label) => {
    const places = [...placesOf(label, box, labels.length + 1)];
    const chosen = places.find((place) => !taken.some((other) => overlap(place, other))) ?? places[0];
    taken.push(chosen);
    return chosen;
  });
}

function* placesOf({ at: [x, y], width, height }, box, most) {
  for (let order = 0; order <= 2 * most; order += 1) {
    const row = order % 2 ? (order + 1) / 2 : -order / 2; // 0, 1, -1, 2, -2 ...
    const top = y - height / 2 + row * (height + BETWEEN);
    for (const left of [x + GAP, x - GAP - width]) {
      yield {
        x: within(left, box.x, box.x + box.width - width),
        y: within(top, box.y, box.y + box.height - height),
        width,
        height,
      };
    }
  }
}

const within = (number, low, high) => Math.max(low, Math.min(high, number));

const overlap = (one, other) => one.x < other.x + other.width && other.x < one.x + one.width
  && one.y < other.y + other.height && other.y < one.y + one.height;
