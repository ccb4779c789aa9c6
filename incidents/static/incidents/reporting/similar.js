/**
 * Open cases that may be about the same thing, of those that the phone knows: the twin of incidents/similar.py, for
 * where there is no network. Pure.
 */
const SIMILAR_M = 200;
const SIMILAR_DAYS = 30;
const MOST_SIMILAR = 5;
const DAY_MS = 24 * 60 * 60 * 1000;

// The WGS84 ellipsoid, as in grids/crs.py.
const AXIS_M = 6378137;
const ECCENTRICITY_SQUARED = 0.00669437999014;

/**
 * @param {object} reference the answer of reporting/reference
 * @param {{lonLat: number[], category: string, now: number}} report in WGS84 degrees; `now` in milliseconds
 * @returns {object[]} as disputes/similar answers: nearest first, of one place the latest, each with `distance_m`
 */
export function similarNearby(reference, { lonLat, category, now }) {
  const group = category.slice(0, 2);
  const since = now - SIMILAR_DAYS * DAY_MS;
  return reference.disputes
    .filter((dispute) => dispute.category.slice(0, 2) === group && Date.parse(dispute.reported_at) >= since)
    .map(({ lon, lat, ...dispute }) => ({ dispute, distance: distanceM(lonLat, [lon, lat]) }))
    .filter(({ distance }) => distance <= SIMILAR_M)
    .sort((one, other) => one.distance - other.distance || laterFirst(one.dispute, other.dispute))
    .slice(0, MOST_SIMILAR)
    .map(({ dispute, distance }) => ({ ...dispute, distance_m: Math.round(distance) }));
}

function laterFirst(one, other) {
  return Date.parse(other.reported_at) - Date.parse(one.reported_at);
}

/** Metres between two places in one district, on a plane that touches it there. */
function distanceM([lon1, lat1], [lon2, lat2]) {
  const phi = (lat1 + lat2) * Math.PI / 360;
  const w = 1 - ECCENTRICITY_SQUARED * Math.sin(phi) ** 2;
  const metresPerLon = AXIS_M / Math.sqrt(w) * Math.cos(phi) * Math.PI / 180;
  const metresPerLat = AXIS_M * (1 - ECCENTRICITY_SQUARED) / w ** 1.5 * Math.PI / 180;
  return Math.hypot((lon1 - lon2) * metresPerLon, (lat1 - lat2) * metresPerLat);
}
