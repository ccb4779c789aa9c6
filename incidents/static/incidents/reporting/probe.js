/**
 * Whether our own server can be reached, and who is signed in there. A phone's own idea of being online is often wrong: a
 * bar of signal, or a wireless network that wants a form filled in first. The answer must repeat a random number, so that
 * neither a cache nor a portal can give it.
 */
import { newKey } from "./record.js";
import { NoAnswer, exchange } from "./wire.js";

/** @returns {{reached: true, signedIn, worker, allowed, skewMs} | {reached: false, why: "offline"|"portal"|"server"}} */
export async function probe(url, timeoutMs) {
  const nonce = newKey();
  const askedAt = Date.now();
  try {
    const { status, json } = await exchange(`${url}?nonce=${nonce}`, { timeoutMs });
    if (status >= 500) return { reached: false, why: "server" };
    if (status !== 200 || json?.gridgov !== nonce) return { reached: false, why: "portal" };
    const middle = (askedAt + Date.now()) / 2;
    const { worker = null, allowed, now } = json;
    return { reached: true, signedIn: allowed !== null, worker, allowed: allowed !== false, skewMs: middle - new Date(now).getTime() };
  } catch (error) {
    if (error instanceof NoAnswer) return { reached: false, why: "offline" };
    throw error;
  }
}
