/**
 * Asking for the grid unit of a place: first of the polygons on the phone, at once; then of the server, whose answer wins.
 *
 * Answers:
 *   {state: "asking"}                                      nobody knows yet
 *   {state: "located", located, confirmed: bool}           the server's answer, or its like from locate_units.js
 *   {state: "outside", distance_m: number|null, confirmed} no unit holds the place
 *   {state: "refused", words, confirmed: true}             the server cannot take the place at all
 *   {state: "unknown"}                                     no network, and the phone's polygons do not reach so far
 */
import { RequestRefused, ServerUnreachable, fetchJson } from "../../grids/requests.js";
import { locateUnits } from "./locate_units.js";

// Longer, and the words of the phone, or that there is no network, say more.
const PATIENCE_MS = 8000;

/** `tell` hears each answer as it comes, the first before this returns; none after `signal` is aborted. */
export async function askForUnit(spot, { reference, locateUrl, signal, tell }) {
  const here = reference ? locateUnits(reference, spot) : null;
  tell(here ? fromPhone(here) : { state: "asking" });
  const answer = await fromServer(spot, { reference, locateUrl, signal });
  if (signal.aborted) return;
  if (answer) tell(answer);
  else if (!here) tell({ state: "unknown" });
}

function fromPhone(here) {
  if (here.outside) return { state: "outside", distance_m: here.distance_m, confirmed: false };
  return { state: "located", located: here, confirmed: false };
}

/** The server's answer, null where there is none to be had now. */
async function fromServer({ lon, lat, datum, accuracyM }, { reference, locateUrl, signal }) {
  const query = new URLSearchParams({ lon, lat, datum, ...(accuracyM === null ? {} : { accuracy_m: accuracyM }) });
  const hurry = new AbortController();
  const stop = () => hurry.abort();
  const timer = setTimeout(stop, PATIENCE_MS);
  signal.addEventListener("abort", stop);
  try {
    const located = await fetchJson(`${locateUrl}?${query}`, { signal: hurry.signal });
    if (!located.grid_unit) return null;
    return { state: "located", located: { ...located, own: isOwn(reference, located.grid_unit.code) }, confirmed: true };
  } catch (error) {
    return refusal(error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

/** Only a problem of our own about this very place (422) is an answer. A portal's page or a lost session is none. */
function refusal(error) {
  if (error instanceof RequestRefused) {
    const { status, problem, message } = error;
    if (problem.distance_m !== undefined) return { state: "outside", distance_m: problem.distance_m, confirmed: true };
    return [400, 422].includes(status) && problem.code ? { state: "refused", words: message, confirmed: true } : null;
  }
  if (error instanceof ServerUnreachable || error.name === "AbortError") return null;
  throw error;
}

/** Whether a unit is one of the worker's own; null where that cannot be told, or all are. */
export function isOwn(reference, code) {
  if (!reference?.units.length) return null;
  return reference.units.some((unit) => unit.own && unit.code === code);
}
