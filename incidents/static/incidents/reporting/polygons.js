/**
 * Points and polygons in the plane. Pure. A ring is a closed list of [x, y]; a polygon is [outer ring, ...holes];
 * a unit's outline is a list of polygons.
 */
import { orient2d } from "robust-predicates";

/** Polygons of a GeoJSON geometry (Polygon or MultiPolygon). */
export function polygonsOf({ type, coordinates }) {
  return type === "Polygon" ? [coordinates] : coordinates;
}

/** Whether the point lies in the polygons or on their boundary, exactly: as ST_Covers has it. */
export function covers(polygons, point) {
  return polygons.some(([outer, ...holes]) => sideOf(outer, point) >= 0 && holes.every((hole) => sideOf(hole, point) <= 0));
}

/** 1 inside the ring, 0 on it, -1 outside. No rounding decides: orient2d's sign is exact. */
function sideOf(ring, [x, y]) {
  let inside = false;
  for (let k = 1; k < ring.length; k += 1) {
    const [x1, y1] = ring[k - 1];
    const [x2, y2] = ring[k];
    if (x1 === x && y1 === y) return 0;
    if (y1 > y !== y2 > y) {
      const turn = orient2d(x1, y1, x2, y2, x, y);
      if (turn === 0) return 0;
      if (turn > 0 === y2 > y1) inside = !inside;
    } else if (y1 === y && y2 === y && x1 > x !== x2 > x) {
      return 0;
    }
  }
  return inside ? 1 : -1;
}

/** [west, south, east, north] of polygons: their outer rings hold all the rest. */
export function boundsOf(polygons) {
  const bounds = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [outer] of polygons) {
    for (const [x, y] of outer) {
      bounds[0] = Math.min(bounds[0], x);
      bounds[1] = Math.min(bounds[1], y);
      bounds[2] = Math.max(bounds[2], x);
      bounds[3] = Math.max(bounds[3], y);
    }
  }
  return bounds;
}

/** Whether a point is no further than `reach` from a box, along either axis. */
export function isNearBox([west, south, east, north], [x, y], reach) {
  return x >= west - reach && x <= east + reach && y >= south - reach && y <= north + reach;
}

/** How far a point is from the nearest edge, in the polygons' own measure, whichever side it is on. */
export function distanceToEdges(polygons, point) {
  let least = Infinity;
  for (const ring of polygons.flat()) {
    for (let k = 1; k < ring.length; k += 1) least = Math.min(least, distanceToEdge(ring[k - 1], ring[k], point));
  }
  return least;
}

function distanceToEdge([x1, y1], [x2, y2], [x, y]) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const along = ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy || 1);
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(x1 + t * dx - x, y1 + t * dy - y);
}
