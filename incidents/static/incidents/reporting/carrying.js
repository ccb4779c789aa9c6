/**
 * Unsent reports as a file, for another phone. The file is sealed with the worker's key: only the same worker, signed in
 * there, can open it. Both phones may send it; the server takes each report once.
 */
import { asAnother, isBlank, isUnsent, isWellFormed, sameWords } from "./record.js";
import { openBytes, sealBytes } from "./seal.js";

const FORMAT = "gridgov-reports";
const VERSION = 1;
const LABEL = "carried";

/** Not a file of ours, or cut short. */
export class NotOurFile extends Error {}
/** A file that another worker saved. */
export class FileOfAnother extends Error {}

/**
 * Reports of `store` that the server does not have, all or those in `keys`, as a file.
 * @returns {{blob: Blob, exported: Array<[string, number]>}} the second is key and version of each report in it
 */
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
  const exported = reports.map(({ key, version }) => [key, version]);
  return { blob: new Blob([JSON.stringify(file)], { type: "application/json" }), exported };
}

/** Remember of each of `exported` that a file has it, unless it was changed meanwhile. */
export async function noteExported(store, exported) {
  for (const [key, version] of exported) {
    await store.update(key, (report) => {
      if (!isUnsent(report) || report.version !== version) return false;
      report.exportedAt = Date.now();
      return true;
    });
  }
}

/** Reports that would be lost by signing out: neither sent nor, with these words and photos, in a file. */
export async function wouldBeLost(store) {
  return (await store.reports()).filter((report) => isUnsent(report) && !isBlank(report) && !report.exportedAt);
}

/**
 * Put the reports of a file into `store`. What lies here already stays as it is; where the file has other words for it
 * that the server does not have either, they become a draft of their own.
 * @returns {{added: number, known: number}}
 * @throws {NotOurFile | FileOfAnother | StorageFull} with those before it put in
 */
export async function importReports(store, text) {
  const carried = await read(store, text);
  let added = 0;
  for (const { report, photos } of carried) {
    const bytes = new Map(photos.map(([key, base64]) => [key, fromBase64(base64).buffer]));
    const here = await store.report(report.key);
    if (!here) await store.putIn({ ...report, exportedAt: null, nextTryAt: 0 }, [...bytes]);
    else if (isUnsent(here) && !sameWords(here, report)) await putInAsAnother(store, report, bytes);
    else continue;
    added += 1;
  }
  return { added, known: carried.length - added };
}

async function putInAsAnother(store, report, bytes) {
  const { another, photoKeys } = asAnother(report, { state: "draft" });
  // Read twice, the file gives one such draft.
  const drafts = (await store.reports()).filter(({ key }) => key !== report.key);
  if (drafts.some((draft) => sameWords(draft, report))) return;
  await store.putIn(another, photoKeys.map(([key, newOne]) => [newOne, bytes.get(key)]));
}

async function read(store, text) {
  const file = parse(text);
  if (file?.format !== FORMAT || file.version !== VERSION) throw new NotOurFile();
  if (file.worker !== store.worker) throw new FileOfAnother();
  try {
    const sealed = { nonce: fromBase64(file.nonce), data: fromBase64(file.data) };
    const carried = JSON.parse(new TextDecoder().decode(await openBytes(store.key, sealed, LABEL)));
    if (!Array.isArray(carried) || !carried.every(({ report, photos }) => isWellFormed(report) && Array.isArray(photos))) throw new NotOurFile();
    return carried;
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
