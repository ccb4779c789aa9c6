/**
 * A report as the phone keeps it, from its first keystroke to the server's receipt, and the body that it becomes.
 *
 * States: draft (being written), waiting (to be sent), needs_you (the server refused it, `trouble` says why), sent (the
 * server has it whole; only `receipt` is left). "sending" is no state of the record: a tab that dies while it sends must
 * leave nothing behind but a report that waits.
 */

/** Clocks that differ by less are taken for the same: the network itself takes seconds. */
export const CLOCK_TOLERANCE_MS = 2 * 60 * 1000;
const UNSENT = new Set(["draft", "waiting", "needs_you"]);

/** An empty draft with its key. `dispute` is {id, case_number} of the case that a supplement belongs to. */
export function newReport(kind = "report", dispute = null) {
  const now = Date.now();
  return {
    key: newKey(), kind, state: "draft", version: 0, createdAt: now, changedAt: now,
    fields: {}, parties: [], place: null, dispute, photos: [],
    occurredByHand: false, writtenAt: null, exportedAt: null,
    body: null, attempts: 0, nextTryAt: 0, trouble: null, receipt: null,
  };
}

/**
 * What `report` says as a report of its own, `changes` on top, never sent before: the server knows none of its keys.
 * @returns {{another, photoKeys: Array<[string, string]>}} the second is old and new key of each photo
 */
export function asAnother(report, changes) {
  const photoKeys = report.photos.map(({ key }) => [key, newKey()]);
  const photos = report.photos.map((photo, index) => ({ ...photo, key: photoKeys[index][1], sent: false }));
  const fresh = { body: null, attempts: 0, nextTryAt: 0, trouble: null, receipt: null, writtenAt: null, exportedAt: null };
  return { another: { ...structuredClone(report), ...fresh, photos, ...changes, key: newKey(), version: 0 }, photoKeys };
}

/** Whether `report` has the form of a record of this version: what a file brings is looked at before it is kept. */
export function isWellFormed(report) {
  const { fields, parties, photos, place, kind, dispute } = report ?? {};
  const texts = [report?.key, ...Object.values(fields ?? [null])];
  return texts.every((text) => typeof text === "string") && isUnsent(report) && Array.isArray(parties) && Array.isArray(photos)
    && Number.isFinite(report.createdAt) && (report.state === "draft" || Boolean(kind === "supplement" ? dispute : place));
}

/** Whether both say the same, photos apart. An empty field and none are the same. */
export function sameWords(one, other) {
  return wordsOf(one) === wordsOf(other);
}

/** What was written, to be compared. */
export function wordsOf({ fields, parties }) {
  return JSON.stringify([Object.entries(fields).filter(([, value]) => value).sort(), parties]);
}

export function isUnsent(report) {
  return UNSENT.has(report.state);
}

/** Whether nothing was written yet: such a draft is kept from nobody and asks nobody to send it. */
export function isBlank(report) {
  const written = Object.entries(report.fields).some(([name, value]) => WRITTEN_BY_HAND.has(name) && value);
  return report.state === "draft" && report.kind === "report" && !written && !report.photos.length && !report.parties.length;
}

// The others begin with a value, or follow from one of these.
const WRITTEN_BY_HAND = new Set(["title", "description", "category", "address", "amount_yuan", "injury_or_threat"]);

/**
 * The JSON text that the server is sent for `report`. The same record gives the same text, to the byte.
 * @param {number} skewMs how far the phone's clock is ahead of the server's, 0 where it is not known
 */
export function bodyOf(report, skewMs = 0) {
  return JSON.stringify(report.kind === "supplement" ? supplementBody(report) : reportBody(report, skewMs));
}

function supplementBody({ fields, photos }) {
  return { text: fields.description?.trim() ?? "", ...(photos.length ? { photos: photos.length } : {}) };
}

function reportBody(report, skewMs) {
  const { fields, parties, place, photos } = report;
  return {
    title: fields.title.trim(),
    description: fields.description?.trim() ?? "",
    category: fields.category,
    scale: fields.scale,
    people_involved: Number(fields.people_involved),
    occurred_at: occurredAt(report, skewMs),
    source: fields.source,
    location: locationOf(place),
    ...(fields.address?.trim() ? { address: fields.address.trim() } : {}),
    ...(place.chosen_unit ? { grid_unit: place.chosen_unit } : {}),
    ...(fields.injury_or_threat ? { injury_or_threat: true } : {}),
    ...(fields.amount_yuan?.trim() ? { amount_yuan: fields.amount_yuan.trim() } : {}),
    ...(parties.length ? { parties } : {}),
    ...(photos.length ? { photos: photos.length } : {}),
  };
}

function locationOf({ lon, lat, datum, accuracy_m: accuracyM, found_by: foundBy }) {
  return { lon, lat, datum, ...(accuracyM === null ? {} : { accuracy_m: accuracyM }), found_by: foundBy };
}

/** A time that the worker chose is theirs. One that the phone filled in is as wrong as the phone's clock. */
function occurredAt({ fields, occurredByHand, writtenAt }, skewMs) {
  const said = fields.occurred_at ? new Date(fields.occurred_at).getTime() : writtenAt;
  const wrongBy = occurredByHand || Math.abs(skewMs) < CLOCK_TOLERANCE_MS ? 0 : skewMs;
  return new Date(said - wrongBy).toISOString();
}

/** A random UUID (version 4). `crypto.randomUUID` is missing on plain http, which a trial on a LAN may use. */
export function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
