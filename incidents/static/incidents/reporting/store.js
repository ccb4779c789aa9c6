/**
 * What one worker wrote on this phone: their reports with photos, and what the page keeps for working without a network.
 * Everything that says something is sealed with the worker's key; a row shows only whose it is, its state and its times.
 *
 * Several tabs may look at one report. Each save says which version it began from, so that none overwrites what another
 * wrote meanwhile.
 */
import { asAnother } from "./record.js";
import { canSeal, importKey, open, openBytes, seal, sealBytes } from "./seal.js";
import { LastingShelf, PassingShelf, StorageFull } from "./shelf.js";

export { StorageFull };

const CHANNEL = "gridgov-reports";
// Beside these a row holds only `sealed`.
const IN_THE_OPEN = ["key", "kind", "state", "version", "createdAt", "changedAt", "nextTryAt"];
const ROWS = ["reports", "photos"];
// Another tab's save came between reading and writing again and again: not seen in practice.
const MOST_ROUNDS = 20;

/** The report was saved by another tab, or by the outbox, since it was read. `current` is how it stands, null if it is gone. */
export class ChangedElsewhere extends Error {
  constructor(current) {
    super("changed elsewhere");
    this.name = "ChangedElsewhere";
    this.current = current;
  }
}

/** The shelf to use here. In memory where nothing could be kept sealed. */
export async function openShelf() {
  if (!canSeal || !globalThis.indexedDB) return new PassingShelf();
  try {
    return await LastingShelf.open();
  } catch (error) {
    if (error instanceof DOMException) return new PassingShelf();
    throw error;
  }
}

/**
 * The store of `worker` on `shelf`. `secret` are the 32 bytes that the server gave for them; without it the key must lie
 * here already. The keys of everybody else are forgotten: their reports stay, and nobody here can read them.
 * @returns {Store | null} null without a key; one in memory where not even the key finds room
 */
export async function openStore({ shelf, worker, secret = null }) {
  if (!shelf.lasting) return new Store(shelf, worker, null);
  const present = await shelf.keysOf("keys");
  const key = present.includes(worker) ? await shelf.get("keys", worker) : secret && (await importKey(secret));
  if (!key) return null;
  try {
    await shelf.change(["keys"], async ({ put, remove }) => {
      for (const other of present) if (other !== worker) await remove("keys", other);
      if (!present.includes(worker)) await put("keys", key, worker);
    });
  } catch (error) {
    if (!(error instanceof StorageFull)) throw error;
    if (!present.includes(worker)) return new Store(new PassingShelf(), worker, null);
  }
  return new Store(shelf, worker, key);
}

/** Events: "changed" (detail {key}), of this and of every other tab. */
export class Store extends EventTarget {
  constructor(shelf, worker, key) {
    super();
    this.shelf = shelf;
    this.worker = worker;
    this.key = key;
    this.damaged = 0;
    this.opened = new Map(); // key -> the report as it was opened last
    this.channel = globalThis.BroadcastChannel ? new BroadcastChannel(CHANNEL) : null;
    this.channel?.addEventListener("message", ({ data }) => this.#tell(data.key));
  }

  /** Whether reports outlast this page. */
  get lasting() {
    return this.shelf.lasting;
  }

  /** All reports that can be opened, oldest first. `damaged` says how many cannot. */
  async reports() {
    const rows = await this.shelf.all("reports", this.worker);
    const reports = await Promise.all(rows.map((row) => this.#openIfWhole(row)));
    const present = new Set(rows.map(({ key }) => key));
    for (const key of this.opened.keys()) if (!present.has(key)) this.opened.delete(key);
    this.damaged = reports.filter((report) => !report).length;
    return reports.filter(Boolean).sort((one, other) => one.createdAt - other.createdAt);
  }

  /** Times and keys of what waits to be sent, oldest first. Nothing needs to be opened for it. */
  async waiting() {
    const rows = (await this.shelf.all("reports", this.worker)).filter(({ state }) => state === "waiting");
    const times = rows.map(({ key, createdAt, changedAt, nextTryAt }) => ({ key, createdAt, changedAt, nextTryAt }));
    return times.sort((one, other) => one.createdAt - other.createdAt);
  }

  /** The report, null where there is none. */
  async report(key) {
    return this.#opened(await this.shelf.get("reports", key));
  }

  /**
   * Keep `report`. Its `version` and `changedAt` are brought up to date.
   * @throws {ChangedElsewhere | StorageFull} with nothing changed
   */
  async save(report) {
    const row = await this.#row(report);
    await this.#change(report, async ({ put }) => { await put("reports", row); });
    Object.assign(report, { version: row.version, changedAt: row.changedAt });
    this.#announce(report.key);
  }

  /**
   * Change the report `key` as it stands now, whoever else writes it: `revise(report)` is called again for a newer version.
   * @param {(report) => boolean | void} revise false leaves it as it is
   * @returns the report as it is then, null where it is gone
   */
  async update(key, revise) {
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const report = await this.report(key);
      if (!report || revise(report) === false) return report;
      try {
        await this.save(report);
        return report;
      } catch (error) {
        if (!(error instanceof ChangedElsewhere)) throw error;
      }
    }
    throw new Error(`report ${key} cannot be updated`);
  }

  /** Save `report` as it is now, and let go of its photos: the server has them. */
  async finish(report) {
    const row = await this.#row(report);
    await this.#change(report, async ({ put, remove }) => {
      // First what frees room: the telephone may be full.
      for (const photo of report.photos) await remove("photos", [report.key, photo.key]);
      await put("reports", row);
    });
    Object.assign(report, { version: row.version, changedAt: row.changedAt });
    this.#announce(report.key);
  }

  /** Remove the report and its photos, in whatever state. */
  async remove(key) {
    const report = await this.report(key);
    await this.shelf.change(ROWS, ({ remove }) => takeAway(remove, key, report?.photos ?? []));
    this.#announce(key);
  }

  /** Remove `report` unless it was saved by other hands since it was read. @throws {ChangedElsewhere} */
  async removeUnchanged(report) {
    await this.#change(report, ({ remove }) => takeAway(remove, report.key, report.photos));
    this.#announce(report.key);
  }

  /**
   * Add a photo to `report` and save both at once. @throws {ChangedElsewhere | StorageFull} with nothing changed
   * @param {{key, type, width, height, bytes: ArrayBuffer}} photo
   */
  async addPhoto(report, { bytes, ...photo }) {
    const about = { ...photo, size: bytes.byteLength, sent: false };
    const revised = { ...report, photos: [...report.photos, about], exportedAt: null };
    const [row, kept] = [await this.#row(revised), await this.#photoRow(report.key, photo.key, bytes)];
    await this.#change(report, async ({ put }) => {
      await put("reports", row);
      await put("photos", kept);
    });
    Object.assign(report, { photos: revised.photos, exportedAt: null, version: row.version, changedAt: row.changedAt });
    this.#announce(report.key);
  }

  /** Put other bytes in the place of a photo's: it was too large. */
  async replacePhoto(report, photoKey, { bytes, ...about }) {
    const photos = report.photos.map((photo) => (photo.key === photoKey ? { ...photo, ...about, size: bytes.byteLength } : photo));
    const [row, kept] = [await this.#row({ ...report, photos }), await this.#photoRow(report.key, photoKey, bytes)];
    await this.#change(report, async ({ put }) => {
      await put("reports", row);
      await put("photos", kept);
    });
    Object.assign(report, { photos, version: row.version, changedAt: row.changedAt });
    this.#announce(report.key);
  }

  async removePhoto(report, photoKey) {
    const revised = { ...report, photos: report.photos.filter((photo) => photo.key !== photoKey) };
    const row = await this.#row(revised);
    await this.#change(report, async ({ put, remove }) => {
      await put("reports", row);
      await remove("photos", [report.key, photoKey]);
    });
    Object.assign(report, { photos: revised.photos, version: row.version, changedAt: row.changedAt });
    this.#announce(report.key);
  }

  /** An ArrayBuffer, null where the photo is not here. */
  async photoBytes(reportKey, photoKey) {
    const row = await this.shelf.get("photos", [reportKey, photoKey]);
    if (!row) return null;
    return this.key ? openBytes(this.key, row.sealed, labelOf(reportKey, photoKey)) : row.sealed.plain;
  }

  /**
   * What `report` says as a report of its own: other keys, `changes` on top, in its place.
   * @returns the new report
   * @throws {ChangedElsewhere | StorageFull} with nothing changed: it became another once already
   */
  async becomeAnother(report, changes) {
    const { another, photoKeys } = asAnother(report, changes);
    const row = await this.#row(another);
    const kept = [];
    for (const [key, newOne] of photoKeys) {
      const bytes = await this.photoBytes(report.key, key);
      if (!bytes) throw new ChangedElsewhere(await this.report(report.key));
      kept.push(await this.#photoRow(another.key, newOne, bytes));
    }
    await this.#change(report, async ({ put, remove }) => {
      await put("reports", row);
      for (const photo of kept) await put("photos", photo);
      await takeAway(remove, report.key, report.photos);
    });
    Object.assign(another, { version: row.version, changedAt: row.changedAt });
    this.#announce(report.key);
    this.#announce(another.key);
    return another;
  }

  /**
   * Put in a report with its photos that another phone wrote. `photos` is [[key, ArrayBuffer], …].
   * @throws {ChangedElsewhere | StorageFull} the first where it is here already
   */
  async putIn(report, photos) {
    const fresh = { ...report, version: 0 };
    const row = await this.#row(fresh);
    const kept = [];
    for (const [key, bytes] of photos) kept.push(await this.#photoRow(report.key, key, bytes));
    await this.#change(fresh, async ({ put }) => {
      await put("reports", row);
      for (const photo of kept) await put("photos", photo);
    });
    this.#announce(report.key);
  }

  /** Keep `value` (what JSON can say) under `name` for this worker. */
  async keep(name, value) {
    const label = labelOf("kept", name);
    const sealed = this.key ? await seal(this.key, value, label) : { plain: value };
    await this.shelf.change(["kept"], async ({ put }) => { await put("kept", { worker: this.worker, name, sealed }); });
  }

  /** What was kept under `name`, undefined for nothing. */
  async kept(name) {
    const row = await this.shelf.get("kept", [this.worker, name]);
    if (!row) return undefined;
    return this.key ? open(this.key, row.sealed, labelOf("kept", name)) : row.sealed.plain;
  }

  /** Remove all that this worker has here, the key first. */
  async forget() {
    const [reports, photos, kept] = await Promise.all([...ROWS, "kept"].map((table) => this.shelf.all(table, this.worker)));
    await this.shelf.change(["keys", ...ROWS, "kept"], async ({ remove }) => {
      await remove("keys", this.worker);
      for (const { key } of reports) await remove("reports", key);
      for (const { report, key } of photos) await remove("photos", [report, key]);
      for (const { name } of kept) await remove("kept", [this.worker, name]);
    });
    this.opened.clear();
    this.#announce(null);
  }

  /** In a transaction that begins by looking whether `report` is still what was read. */
  async #change(report, work) {
    let found;
    const began = await this.shelf.change(ROWS, async (rows) => {
      found = await rows.get("reports", report.key);
      if ((found?.version ?? 0) !== report.version) return false;
      await work(rows);
      return true;
    });
    if (!began) throw new ChangedElsewhere(await this.#opened(found));
  }

  async #row(report) {
    const revised = { ...report, version: report.version + 1, changedAt: Date.now() };
    const inTheOpen = Object.fromEntries(IN_THE_OPEN.map((name) => [name, revised[name]]));
    const sealed = this.key ? await seal(this.key, revised, labelOf("report", report.key)) : { plain: structuredClone(revised) };
    return { ...inTheOpen, worker: this.worker, sealed };
  }

  async #photoRow(reportKey, key, bytes) {
    const sealed = this.key ? await sealBytes(this.key, bytes, labelOf(reportKey, key)) : { plain: bytes };
    return { worker: this.worker, report: reportKey, key, sealed };
  }

  /** The report in a row of this worker; another's is as if it were not there. */
  #opened(row) {
    return row?.worker === this.worker ? this.#openIfWhole(row) : null;
  }

  /** null where the row was damaged on the disk, or was sealed with a key that is no more. */
  async #openIfWhole(row) {
    try {
      return await this.#open(row);
    } catch (error) {
      if (error instanceof DOMException || error instanceof SyntaxError) return null;
      throw error;
    }
  }

  /** Each version is unsealed once: the list asks for all reports whenever one changes. */
  async #open(row) {
    if (!this.key) return row.sealed.plain;
    if (this.opened.get(row.key)?.version !== row.version) {
      this.opened.set(row.key, await open(this.key, row.sealed, labelOf("report", row.key)));
    }
    return structuredClone(this.opened.get(row.key));
  }

  #announce(key) {
    this.channel?.postMessage({ key });
    this.#tell(key);
  }

  #tell(key) {
    this.dispatchEvent(new CustomEvent("changed", { detail: { key } }));
  }
}

async function takeAway(remove, key, photos) {
  await remove("reports", key);
  for (const photo of photos) await remove("photos", [key, photo.key]);
}

/** What a sealed text is: it can be opened only as that. */
function labelOf(...names) {
  return names.join("/");
}
