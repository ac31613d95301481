// The part of a polygon in space that lies in a box. No DOM.

// x, y, z: the corners in order. box: [low, high] for each axis. The corners of what is left of it (Sutherland &
// Hodgman 1974); none where a corner is no finite number.
export function inBox({ x, y, z }, box) {
  let corners = Array.from(x, (_, place) => [x[place], y[place], z[place]]);
  if (!corners.flat().every(Number.isFinite)) corners = [];
  box.forEach(([low, high], axis) => {
    corners = beyond(corners, (corner) => corner[axis] - low);
    corners = beyond(corners, (corner) => high - corner[axis]);
  });
  const [first, second, third] = [0, 1, 2].map((axis) => corners.map((corner) => corner[axis]));
  return { x: first, y: second, z: third };
}

// The part of a polygon where a distance to a plane is not negative.
function beyond(corners, distance) {
  return corners.flatMap((corner, place) => {
    const before = corners.at(place - 1);
    const [here, there] = [distance(corner), distance(before)];
    const kept = here >= 0 ? [corner] : [];
    if (here >= 0 === there >= 0) return kept;
    const share = there / (there - here);
    return [before.map((from, axis) => from + share * (corner[axis] - from)), ...kept];
  });
}
