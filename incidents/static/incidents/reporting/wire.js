/**
 * One request to our own server and what came back, told apart from what somebody in between said. A captive portal
 * answers in the server's place with status 200: only JSON that says what was asked for counts.
 */

// A longer pause than this is asked for by mistake.
const LONGEST_PAUSE_MS = 10 * 60 * 1000;

/** No answer: no network, nobody there, or not in time. The server may have done what was asked all the same. */
export class NoAnswer extends Error {
  constructor() {
    super("no answer");
    this.name = "NoAnswer";
  }
}

/**
 * @param {{method, body, headers, timeoutMs}} options `body` is sent as it is
 * @returns {{status: number, json: object|null, isProblem: boolean, retryAfterMs: number|null}} `json` null for anything else
 * @throws {NoAnswer}
 */
export async function exchange(url, { method = "GET", body, headers = {}, timeoutMs }) {
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(), timeoutMs);
  try {
    const response = await fetch(url, {
      method, body, signal: giveUp.signal, credentials: "same-origin", cache: "no-store",
      // A portal's redirect must not be followed and taken for an answer.
      redirect: "manual",
      headers: { Accept: "application/json", ...(method === "GET" ? {} : { "X-CSRFToken": cookie("csrftoken") }), ...headers },
    });
    const kind = response.headers.get("Content-Type") ?? "";
    const json = /\bjson\b/.test(kind) ? readJson(await response.text()) : null;
    const isProblem = kind.startsWith("application/problem+json") && typeof json?.code === "string";
    return { status: response.status, json, isProblem, retryAfterMs: retryAfter(response) };
  } catch (error) {
    // A body that ends half-way is a TypeError as well.
    if (error instanceof TypeError || error instanceof DOMException) throw new NoAnswer();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Value of a cookie that scripts may read, "" for none. */
export function cookie(name) {
  const found = document.cookie.split("; ").find((each) => each.startsWith(`${name}=`));
  // Ours are letters, digits and hyphens, which need no decoding.
  return found ? found.slice(name.length + 1) : "";
}

function readJson(text) {
  try {
    const json = JSON.parse(text);
    return json !== null && typeof json === "object" ? json : null;
  } catch {
    return null;
  }
}

/** Seconds or a date (RFC 9110). */
function retryAfter(response) {
  const said = response.headers.get("Retry-After");
  if (!said) return null;
  const ms = /^\d+$/.test(said) ? Number(said) * 1000 : new Date(said).getTime() - Date.now();
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, LONGEST_PAUSE_MS) : null;
}
