/**
 * Sending a report over a network that may fail: the same body with the same key, again and again, is one report.
 */
import { RequestRefused, ServerUnreachable, fetchJson } from "../grids/requests.js";

const WAITS_MS = [2000, 5000, 10000];
const TIMEOUT_MS = 20000;
// What a proxy says while the server behind it starts or is overloaded.
const TRY_AGAIN_STATUSES = new Set([502, 503, 504]);

/**
 * The server's answer to the report.
 * @param {(attempt: number) => void} onWait called before each further attempt is waited for
 * @throws {RequestRefused | ServerUnreachable} once every attempt is used up, or at once for a refusal
 */
export async function sendReport(url, key, body, onWait = () => {}) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await fetchJson(url, {
        method: "POST", body, headers: { "Idempotency-Key": key }, signal: AbortSignal.timeout?.(TIMEOUT_MS),
      });
    } catch (error) {
      if (!mayPass(error) || attempt === WAITS_MS.length) throw error;
      onWait(attempt + 1);
      await networkOrTimeout(WAITS_MS[attempt]);
    }
  }
}

function mayPass(error) {
  if (error instanceof ServerUnreachable) return true;
  return error instanceof RequestRefused && TRY_AGAIN_STATUSES.has(error.status);
}

/** Until the network comes back, or for `milliseconds`: a phone's own idea of being online is often wrong. */
function networkOrTimeout(milliseconds) {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    window.addEventListener("online", done);
  });
}
