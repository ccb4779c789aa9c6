/**
 * What is always seen: whether there is a network, how many reports the server does not have, and what the worker must know.
 */
import { connectionWords } from "./states.js";
import { StorageFull } from "./store.js";

const OF_CONNECTION = ["signed_out", "other_worker", "not_allowed", "portal"];
const LITTLE_ROOM_BYTES = 20 * 1024 * 1024;
// As much as two photos.
const TRIAL_LETTERS = 1_000_000;

/** Show or hide the banner `name` of partials/report_banners.html; `words` for the one that has none of its own. */
export function banner(name, shown, words) {
  const box = document.querySelector(`[data-banner="${name}"]`);
  if (words !== undefined) box.textContent = words;
  if (box.hidden === shown) box.hidden = !shown;
}

export function showConnection(connection) {
  const line = document.querySelector("[data-connection]");
  if (line.dataset.connection === connection) return;
  const { icon, words } = connectionWords(connection);
  line.dataset.connection = connection;
  line.querySelector(".bi").className = `bi ${icon}`;
  line.querySelector("[data-connection-words]").textContent = words;
  for (const name of OF_CONNECTION) banner(name, name === connection);
}

export function showUnsent(count) {
  const line = document.querySelector("[data-unsent]");
  if (line.dataset.unsent === String(count)) return;
  line.dataset.unsent = count;
  line.textContent = count ? interpolate(gettext("%s 件未上报"), [count]) : gettext("没有待发的");
}

export function showWorker({ name, duties }) {
  const box = document.querySelector("[data-worker]");
  box.querySelector("[data-worker-name]").textContent = name;
  box.querySelector("[data-worker-duties]").textContent = duties.map((duty) => duty.name).join(" · ");
  box.hidden = false;
}

/** Told before a report is begun. Some browsers do not say how much room there is, or say too much: so it is tried as well. */
export async function showRoom(store) {
  const estimate = await navigator.storage?.estimate?.().catch(() => null);
  const little = estimate?.quota && estimate.quota - estimate.usage < LITTLE_ROOM_BYTES;
  banner("storage_low", Boolean(little) || !(await takesMore(store)));
}

async function takesMore(store) {
  try {
    await store.keep("trial", "x".repeat(TRIAL_LETTERS));
    await store.keep("trial", "");
    return true;
  } catch (error) {
    if (error instanceof StorageFull) return false;
    throw error;
  }
}
