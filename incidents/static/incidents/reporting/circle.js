/**
 * The circle of accuracy as the server draws it: PostGIS's ST_Buffer with 32 segments a quarter, a polygon of
 * 128 corners. Pure; all in metres.
 */
const CORNERS = 128;
const HALF_TURN = Math.PI / CORNERS;
// The outward normals of its edges; edge k is the line that lies `radius * cos(HALF_TURN)` along normal k.
const NORMALS = Array.from({ length: CORNERS }, (_, k) => [Math.cos((2 * k + 1) * HALF_TURN), Math.sin((2 * k + 1) * HALF_TURN)]);

/** Share (0 to 1) of the circle that lies in the polygons. */
export function shareWithin(polygons, centre, radius) {
  const circleArea = CORNERS / 2 * radius ** 2 * Math.sin(2 * HALF_TURN);
  const within = ([outer, ...holes]) => areaWithin(outer, centre, radius) - holes.reduce((sum, hole) => sum + areaWithin(hole, centre, radius), 0);
  return polygons.reduce((sum, polygon) => sum + within(polygon), 0) / circleArea;
}

/**
 * Area of a ring within the circle, by Sutherland and Hodgman (1974): cut by each edge of the circle in turn.
 * What it leaves of a bent ring may hang together by lines of no width, which add nothing to the area.
 */
function areaWithin(ring, [centreX, centreY], radius) {
  // About the centre, so that the area is not lost in the rounding of large coordinates.
  let left = ring.slice(1).map(([x, y]) => [x - centreX, y - centreY]);
  const limit = radius * Math.cos(HALF_TURN);
  for (const normal of NORMALS) {
    if (!left.length) return 0;
    left = cutBeyond(left, normal, limit);
  }
  return Math.abs(signedArea(left));
}

/** The part of an open ring that lies no further than `limit` along `normal`. */
function cutBeyond(ring, [normalX, normalY], limit) {
  const kept = [];
  let [lastX, lastY] = ring[ring.length - 1];
  let lastBeyond = lastX * normalX + lastY * normalY - limit;
  for (const [x, y] of ring) {
    const beyond = x * normalX + y * normalY - limit;
    if (beyond > 0 !== lastBeyond > 0) {
      const t = lastBeyond / (lastBeyond - beyond);
      kept.push([lastX + t * (x - lastX), lastY + t * (y - lastY)]);
    }
    if (beyond <= 0) kept.push([x, y]);
    [lastX, lastY, lastBeyond] = [x, y, beyond];
  }
  return kept;
}

function signedArea(ring) {
  let [lastX, lastY] = ring[ring.length - 1] ?? [0, 0];
  let twice = 0;
  for (const [x, y] of ring) {
    twice += lastX * y - x * lastY;
    [lastX, lastY] = [x, y];
  }
  return twice / 2;
}
