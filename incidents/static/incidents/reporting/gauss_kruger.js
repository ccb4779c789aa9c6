/**
 * WGS84 degrees to metres of EPSG:4547 (CGCS2000, 3-degree Gauss-Kruger, central meridian 114 E), in which the
 * server measures circles and distances. Krüger's series to the fourth power of n (Karney 2011, "Transverse
 * Mercator with an accuracy of a few nanometers"): far below a millimetre anywhere near the meridian. Pure.
 */
const AXIS_M = 6378137;
const FLATTENING = 1 / 298.257222101;
const MERIDIAN = 114;
const FALSE_EASTING_M = 500000;

const N = FLATTENING / (2 - FLATTENING);
const RADIUS_M = AXIS_M / (1 + N) * (1 + N ** 2 / 4 + N ** 4 / 64);
const ECCENTRICITY = Math.sqrt(FLATTENING * (2 - FLATTENING));
const SERIES = [
  N / 2 - 2 / 3 * N ** 2 + 5 / 16 * N ** 3 + 41 / 180 * N ** 4,
  13 / 48 * N ** 2 - 3 / 5 * N ** 3 + 557 / 1440 * N ** 4,
  61 / 240 * N ** 3 - 103 / 140 * N ** 4,
  49561 / 161280 * N ** 4,
];

/** [lon, lat] in degrees -> [east, north] in metres. */
export function toMetres([lon, lat]) {
  const sine = Math.sin(lat * Math.PI / 180);
  const turn = (lon - MERIDIAN) * Math.PI / 180;
  // Tangent of the conformal latitude.
  const t = Math.sinh(Math.atanh(sine) - ECCENTRICITY * Math.atanh(ECCENTRICITY * sine));
  const xi = Math.atan2(t, Math.cos(turn));
  const eta = Math.asinh(Math.sin(turn) / Math.hypot(t, Math.cos(turn)));
  let [east, north] = [eta, xi];
  SERIES.forEach((factor, k) => {
    const twice = 2 * (k + 1);
    east += factor * Math.cos(twice * xi) * Math.sinh(twice * eta);
    north += factor * Math.sin(twice * xi) * Math.cosh(twice * eta);
  });
  return [FALSE_EASTING_M + RADIUS_M * east, RADIUS_M * north];
}

/** How many projected metres a metre on the ground is, at `east` metres: 1.00006 in the west of Haizhu. */
export function scaleAt(east) {
  return 1 + ((east - FALSE_EASTING_M) / RADIUS_M) ** 2 / 2;
}
