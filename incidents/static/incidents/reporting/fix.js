/**
 * Where the phone is: a first position at once, and a better one when it comes within a little while.
 *
 * The first answer is often that of the mobile network, hundreds of metres wide; satellites need some seconds more.
 */
const GEOLOCATION = { enableHighAccuracy: true, timeout: 15000, maximumAge: 5000 };
// Nothing better is worth waiting for: grid units are some 200 m wide.
const GOOD_M = 15;
// A position from the mobile network alone: it names a street at best, so the worker says where.
export const VAGUE_M = 1000;

export class PositionTooVague extends Error {
  constructor({ longitude, latitude, accuracy }) {
    super("position too vague");
    this.lonLat = [longitude, latitude];
    this.accuracyM = accuracy;
  }
}

/**
 * Watch the phone's position until it is good, or `waitMs` after its first answer (a question for leave takes as long
 * as it takes). `onFix(coords)` is told each position that is better than those before, none that is too vague.
 * @returns {Promise<void>} settles when nothing more will come; `signal` ends it sooner
 * @throws {GeolocationPositionError | PositionTooVague | Error} where there is no position to be had
 */
export function watchForFix({ waitMs, signal, onFix }) {
  return new Promise((resolve, reject) => {
    const { geolocation } = navigator;
    // Missing on plain http, except on localhost.
    if (!geolocation) {
      reject(new Error("no geolocation"));
      return;
    }
    let best = null;
    let timer = null;
    const end = (settle, ...reason) => {
      geolocation.clearWatch(watch);
      clearTimeout(timer);
      settle(...reason);
    };
    const endWithBest = () => (best.accuracy > VAGUE_M ? end(reject, new PositionTooVague(best)) : end(resolve));
    const hear = ({ coords }) => {
      if (signal.aborted || (best && coords.accuracy >= best.accuracy)) return;
      timer ??= setTimeout(endWithBest, waitMs);
      best = coords;
      if (coords.accuracy <= VAGUE_M) onFix(coords);
      if (coords.accuracy <= GOOD_M) endWithBest();
    };
    const watch = geolocation.watchPosition(hear, (error) => {
      // With a position in hand, that nothing better comes is no failure.
      if (!best) end(reject, error);
    }, GEOLOCATION);
    signal.addEventListener("abort", () => end(resolve), { once: true });
  });
}
