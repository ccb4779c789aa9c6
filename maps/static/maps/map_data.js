/** Asking for the map's data. A newer question of one kind gives up the older one. */
import { fetchJson } from "../grids/requests.js";
import { settings } from "./settings.js";

const asked = new Map();

/** The answer to `kind` (areas, boundaries, points, heat, cases), null where a newer question has come meanwhile. */
export async function ask(kind, query) {
  asked.get(kind)?.abort();
  const giveUp = new AbortController();
  asked.set(kind, giveUp);
  try {
    return await fetchJson(`${settings.urls[kind]}?${query}`, { signal: giveUp.signal });
  } catch (error) {
    if (error.name === "AbortError") return null;
    throw error;
  }
}

/** Forget what was asked of `kind`. */
export const forget = (kind) => asked.get(kind)?.abort();
