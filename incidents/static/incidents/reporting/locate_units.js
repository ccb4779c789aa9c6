/**
 * Which grid unit a place lies in, by the polygons on the phone: the twin of grids/locate.py, for where there is
 * no network. Both meet tests/locate_cases.py. Pure.
 *
 * The phone holds the units of the worker's communities and all others within `covered_m` of those. Where that
 * may not be enough, the answer is null rather than a guess.
 */
import { shareWithin } from "./circle.js";
import { scaleAt, toMetres } from "./gauss_kruger.js";
import { boundsOf, covers, distanceToEdges, isNearBox, polygonsOf } from "./polygons.js";

// As in grids/unit_index.py and grids/locate.py.
const RIM_DEGREES = 1e-8;
const SMALLEST_ACCURACY_M = 0.01;
const LEAST_SHARE = 0.00005;
// Circle that stands for a point, to ask whether the units around it are here: wider than the rim.
const POINT_M = 0.02;
// The server measures what is within `covered_m` on its own; nothing here hangs on the last metre.
const SPARE_M = 1;

const prepared = new WeakMap();

/**
 * @param {object} reference the answer of reporting/reference
 * @param {{lonLat: number[], accuracyM: number|null}} place in WGS84 degrees and metres
 * @returns {object|null} `{grid_unit, community, street, certain, candidates, outside_share, own}`, or
 *   `{outside: true, distance_m, nearest}` where no unit holds it (both null where a nearer one may not be here), or
 *   null where the units that are here cannot tell
 */
export function locateUnits(reference, { lonLat, accuracyM }) {
  const units = prepare(reference);
  const centre = toMetres(lonLat);
  const radius = accuracyM >= SMALLEST_ACCURACY_M ? accuracyM : 0;
  const spare = reference.covered_m - SPARE_M - distanceToBase(units, centre);
  const covering = unitsAt(units, lonLat);
  if (!covering.length) return spare > 0 ? outside(units, centre, spare) : null;
  const shares = sharesOf(units, centre, radius || POINT_M);
  if (spare < radius && !fillsCircle(shares)) return null;
  return answer(covering, radius ? candidatesOf(shares) : [], radius, reference.certain_share);
}

/** `reference.units` in the order of their codes, with their outlines in degrees and in metres; kept for the next question. */
function prepare(reference) {
  if (!prepared.has(reference)) {
    const communities = new Set(reference.units.filter(({ own }) => own).map(({ community }) => community.code));
    const units = reference.units.map((unit) => prepareUnit(unit, communities.has(unit.community.code)));
    prepared.set(reference, units.sort((one, other) => compare(one.unit.code, other.unit.code)));
  }
  return prepared.get(reference);
}

/** `isBase`: whether all units within `covered_m` of this one are here. */
function prepareUnit(unit, isBase) {
  const degrees = polygonsOf(unit.geometry);
  const metres = degrees.map((polygon) => polygon.map((ring) => ring.map(toMetres)));
  return { unit, isBase, degrees, metres, boundsDegrees: boundsOf(degrees), boundsMetres: boundsOf(metres) };
}

/** The units that hold the point; none: those within the rim. Lowest code first. */
function unitsAt(units, lonLat) {
  const near = units.filter(({ boundsDegrees }) => isNearBox(boundsDegrees, lonLat, RIM_DEGREES));
  const covering = near.filter(({ degrees }) => covers(degrees, lonLat));
  return covering.length ? covering : near.filter(({ degrees }) => distanceToEdges(degrees, lonLat) <= RIM_DEGREES);
}

function sharesOf(units, centre, radius) {
  return units
    .filter(({ boundsMetres }) => isNearBox(boundsMetres, centre, radius))
    .map(({ unit, metres }) => ({ unit, share: shareWithin(metres, centre, radius) }));
}

/** Whether nothing is left of the circle for a unit that is not here (and none lies over another). */
function fillsCircle(shares) {
  return Math.abs(shares.reduce((sum, { share }) => sum + share, 0) - 1) < LEAST_SHARE / 2;
}

function candidatesOf(shares) {
  return shares
    .filter(({ share }) => share >= LEAST_SHARE)
    .map(({ unit: { code, name }, share }) => ({ code, name, share: rounded(share) }))
    .sort((one, other) => other.share - one.share || compare(one.code, other.code));
}

function answer(covering, candidates, radius, certainShare) {
  const { unit } = covering[0];
  const found = { grid_unit: { code: unit.code, name: unit.name }, community: unit.community, street: unit.street, own: unit.own };
  if (!candidates.length) {
    const share = rounded(1 / covering.length);
    const equal = covering.map(({ unit: { code, name } }) => ({ code, name, share }));
    return { ...found, certain: covering.length === 1, candidates: equal, outside_share: radius ? rest(equal) : 0 };
  }
  const [best] = candidates;
  const certain = best.code === unit.code && best.share >= certainShare;
  return { ...found, certain, candidates, outside_share: rest(candidates) };
}

/** `spare`: from here to the nearest place, in metres, where a unit may be that is not here. */
function outside(units, centre, spare) {
  const distances = units.map(({ unit, metres }) => ({ code: unit.code, distance: distanceToEdges(metres, centre) }));
  const nearest = distances.reduce((least, each) => (each.distance < least.distance ? each : least));
  if (nearest.distance >= spare) return { outside: true, distance_m: null, nearest: null };
  return { outside: true, distance_m: Math.round(nearest.distance / scaleAt(centre[0]) * 10) / 10, nearest: nearest.code };
}

/** Metres to the nearest unit of the worker's own communities, 0 within one, Infinity where there is none. */
function distanceToBase(units, centre) {
  const base = units.filter(({ isBase }) => isBase);
  const holds = base.some(({ metres, boundsMetres }) => isNearBox(boundsMetres, centre, 0) && covers(metres, centre));
  return holds ? 0 : base.reduce((least, { metres }) => Math.min(least, distanceToEdges(metres, centre)), Infinity);
}

function rest(candidates) {
  return Math.max(0, rounded(1 - candidates.reduce((sum, { share }) => sum + share, 0)));
}

function rounded(share) {
  return Math.round(share * 1e4) / 1e4;
}

function compare(one, other) {
  return one < other ? -1 : Number(one > other);
}
