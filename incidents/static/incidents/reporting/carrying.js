/**
 * Unsent reports as a file, for another phone. The file is sealed with the worker's key: only the same worker, signed in
 * there, can open it. Both phones may send it; the server takes each report once.
 */
import { isBlank, isUnsent } from "./record.js";
import { openBytes, sealBytes } from "./seal.js";

const FORMAT = "gridgov-reports";
const VERSION = 1;
const LABEL = "carried";

/** Not a file of ours, or cut short. */
export class NotOurFile extends Error {}
/** A file that another worker saved. */
export class FileOfAnother extends Error {}

/** Reports of `store` that the server does not have, all or those in `keys`, as a Blob; and how many. */
export async function exportReports(store, keys = null) {
  const reports = (await store.reports()).filter((report) => isUnsent(report) && !isBlank(report) && (!keys || keys.includes(report.key)));
  const carried = [];
  for (const report of reports) {
    const photos = [];
    for (const { key } of report.photos) photos.push([key, toBase64(await store.photoBytes(report.key, key))]);
    carried.push({ report, photos });
  }
  const { nonce, data } = await sealBytes(store.key, new TextEncoder().encode(JSON.stringify(carried)), LABEL);
  const file = { format: FORMAT, version: VERSION, worker: store.worker, nonce: toBase64(nonce), data: toBase64(data) };
  return { blob: new Blob([JSON.stringify(file)], { type: "application/json" }), count: reports.length };
}

/** Remember that these reports are in a file as they are now: the worker may sign out. */
export async function noteExported(store, keys = null) {
  for (const { key } of await store.reports()) {
    if (keys && !keys.includes(key)) continue;
    await store.update(key, (report) => {
      if (!isUnsent(report)) return false;
      report.exportedAt = Date.now();
      return true;
    });
  }
}

/** Reports that would be lost by signing out: neither sent nor, as they are now, in a file. */
export async function wouldBeLost(store) {
  const unsent = (await store.reports()).filter((report) => isUnsent(report) && !isBlank(report));
  return unsent.filter(({ exportedAt, changedAt }) => !exportedAt || exportedAt < changedAt - SAME_SAVE_MS);
}

// Noting that a report was exported is itself a change.
const SAME_SAVE_MS = 1000;

/**
 * Put the reports of a file into `store`. What lies here already, in whatever state, stays as it is.
 * @returns {{added: number, known: number}}
 * @throws {NotOurFile | FileOfAnother | StorageFull} with those before it put in
 */
export async function importReports(store, text) {
  const carried = await read(store, text);
  let added = 0;
  for (const { report, photos } of carried) {
    if (await store.report(report.key)) continue;
    await store.putIn({ ...report, exportedAt: null, nextTryAt: 0 }, photos.map(([key, base64]) => [key, fromBase64(base64).buffer]));
    added += 1;
  }
  return { added, known: carried.length - added };
}

async function read(store, text) {
  const file = parse(text);
  if (file?.format !== FORMAT || file.version !== VERSION) throw new NotOurFile();
  if (file.worker !== store.worker) throw new FileOfAnother();
  try {
    const sealed = { nonce: fromBase64(file.nonce), data: fromBase64(file.data) };
    return JSON.parse(new TextDecoder().decode(await openBytes(store.key, sealed, LABEL)));
  } catch (error) {
    if (error instanceof DOMException || error instanceof TypeError) throw new NotOurFile();
    throw error;
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function toBase64(bytes) {
  const all = new Uint8Array(bytes);
  const parts = [];
  // In pieces: a function takes only so many arguments.
  for (let at = 0; at < all.length; at += 0x8000) parts.push(String.fromCharCode(...all.subarray(at, at + 0x8000)));
  return btoa(parts.join(""));
}

function fromBase64(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
