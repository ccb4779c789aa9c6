/**
 * What the phone needs without a network: boundaries, addresses, open disputes around. Kept sealed in the store, and asked
 * for anew with what is here named by its tag; never left to the browser's cache, which anybody with the phone can read.
 */
import { StorageFull } from "./store.js";

const NAME = "reference";

/** `show(reference)` is called with what lies here, then with what is newer. Quiet without a network: the next time will do. */
export async function loadReference(store, url, show) {
  const here = await store.kept(NAME);
  if (here) show(here.reference);
  const newer = await askFor(url, here?.tag);
  if (!newer) return;
  show(newer.reference);
  await store.keep(NAME, newer).catch(ifFull);
}

/** Without room the page has it for as long as it is open. */
export function ifFull(error) {
  if (!(error instanceof StorageFull)) throw error;
}

async function askFor(url, tag) {
  try {
    const headers = { Accept: "application/json", ...(tag ? { "If-None-Match": tag } : {}) };
    const response = await fetch(url, { headers, cache: "no-store", credentials: "same-origin" });
    const reference = response.status === 200 ? await response.json() : null;
    // A portal's page is no JSON, or none of ours.
    return Array.isArray(reference?.units) ? { tag: response.headers.get("ETag"), reference } : null;
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError || error instanceof DOMException) return null;
    throw error;
  }
}
