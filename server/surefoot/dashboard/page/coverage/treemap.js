// A squarified treemap: rectangles whose areas are as the weights, as near to squares as they can be.
//
// Invariant: the rectangles tile the given one without a gap; their order is that of the weights, largest first.
//
// The algorithm is that of Bruls, Huizing and van Wijk, "Squarified Treemaps" (2000).

/** For each of `weights`, which are sorted from large to small, its { x, y, width, height } in the given one. */
export function squarified(weights, { x, y, width, height }) {
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  if (all <= 0 || width <= 0 || height <= 0) {
    return weights.map(() => ({ x, y, width: 0, height: 0 }));
  }
  const scale = (width * height) / all;
  const areas = weights.map(weight => weight * scale);
  const placed = [];
  let rest = { x, y, width, height };
  let from = 0;
  while (from < areas.length) {
    const side = Math.min(rest.width, rest.height);
    let to = from + 1;
    while (to < areas.length && worst(areas.slice(from, to + 1), side) <= worst(areas.slice(from, to), side)) {
      to += 1;
    }
    rest = placeRow(areas.slice(from, to), rest, placed);
    from = to;
  }
  return placed;
}

/** The worst ratio of the sides in a row along `side`. */
function worst(row, side) {
  const sum = row.reduce((total, area) => total + area, 0);
  return Math.max((side * side * row[0]) / (sum * sum), (sum * sum) / (side * side * row.at(-1)));
}

/** Put a row along the shorter side, and return what is left. */
function placeRow(row, rest, placed) {
  const sum = row.reduce((total, area) => total + area, 0);
  const isUpright = rest.width >= rest.height;
  const length = isUpright ? rest.height : rest.width;
  const thickness = length > 0 ? sum / length : 0;
  let at = isUpright ? rest.y : rest.x;
  for (const area of row) {
    const extent = thickness > 0 ? area / thickness : 0;
    placed.push(
      isUpright
        ? { x: rest.x, y: at, width: thickness, height: extent }
        : { x: at, y: rest.y, width: extent, height: thickness },
    );
    at += extent;
  }
  return isUpright
    ? { ...rest, x: rest.x + thickness, width: Math.max(0, rest.width - thickness) }
    : { ...rest, y: rest.y + thickness, height: Math.max(0, rest.height - thickness) };
}
