/**
 * GCJ-02 and BD-09 in the browser: only to draw WGS84 data on an administrator's tiles, and to read a tap on
 * them back. Nothing that is stored is converted here; grids/crs.py does that. The formulas are those that
 * are published everywhere (for GCJ-02 the Krasovsky 1940 ellipsoid and two sums of sines).
 */
const AXIS_M = 6378245.0;
const ECCENTRICITY_SQUARED = 0.00669342162296594323;

const sine = (value) => Math.sin(value * Math.PI);
const ripple = (x) => (20 * sine(6 * x) + 20 * sine(2 * x)) * 2 / 3;

function latitudeShiftM(x, y) {
  return -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) + ripple(x)
    + (20 * sine(y) + 40 * sine(y / 3)) * 2 / 3 + (160 * sine(y / 12) + 320 * sine(y / 30)) * 2 / 3;
}

function longitudeShiftM(x, y) {
  return 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) + ripple(x)
    + (20 * sine(x) + 40 * sine(x / 3)) * 2 / 3 + (150 * sine(x / 12) + 300 * sine(x / 30)) * 2 / 3;
}

/** [lon, lat] in WGS84 -> [lon, lat] in GCJ-02, degrees. */
function wgs84ToGcj02([lon, lat]) {
  const radians = lat * Math.PI / 180;
  const curvature = 1 - ECCENTRICITY_SQUARED * Math.sin(radians) ** 2;
  const metresPerLatitude = AXIS_M * (1 - ECCENTRICITY_SQUARED) / (curvature * Math.sqrt(curvature)) * Math.PI / 180;
  const metresPerLongitude = AXIS_M / Math.sqrt(curvature) * Math.cos(radians) * Math.PI / 180;
  const [x, y] = [lon - 105, lat - 35];
  return [lon + longitudeShiftM(x, y) / metresPerLongitude, lat + latitudeShiftM(x, y) / metresPerLatitude];
}

/** [lon, lat] in WGS84 -> [lon, lat] in BD-09, degrees: GCJ-02 and Baidu's own turn on top. */
function wgs84ToBd09(lonLat) {
  const [x, y] = wgs84ToGcj02(lonLat);
  const radius = Math.hypot(x, y) + 0.00002 * sine(y * 3000 / 180);
  const angle = Math.atan2(y, x) + 0.000003 * Math.cos(x * Math.PI * 3000 / 180);
  return [radius * Math.cos(angle) + 0.0065, radius * Math.sin(angle) + 0.006];
}

const FROM_WGS84 = { wgs84: (lonLat) => lonLat, gcj02: wgs84ToGcj02, bd09: wgs84ToBd09 };

/** [lon, lat] in WGS84 -> [lon, lat] in `datum` (wgs84, gcj02 or bd09), degrees. */
export function fromWgs84(lonLat, datum) {
  return FROM_WGS84[datum](lonLat);
}

/** [lon, lat] in `datum` -> [lon, lat] in WGS84, degrees: the inverse, found by iteration (five steps: below 1 mm). */
export function toWgs84([lon, lat], datum) {
  let guess = [lon, lat];
  for (let step = 0; step < 5; step += 1) {
    const [shiftedLon, shiftedLat] = fromWgs84(guess, datum);
    guess = [guess[0] + lon - shiftedLon, guess[1] + lat - shiftedLat];
  }
  return guess;
}
