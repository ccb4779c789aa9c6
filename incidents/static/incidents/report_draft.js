/**
 * What a worker has typed, kept while this tab lives: a reload, a lost session or a failed send must not cost
 * it. sessionStorage and not localStorage, since telephones are shared and the words may be about people; and
 * one draft for each account, so that the next to sign in on this tab does not find it. Parties are never kept.
 *
 * The draft owns the report's key. It is made once and goes with every attempt, so that the server can tell a
 * report that is sent again from a new one. Where the server turns out to hold an earlier version of these words,
 * the key is spent: the draft takes another and remembers the case as `received`, until the worker says whether
 * the words are a dispute of their own.
 */
const KEPT_FIELDS = ["title", "description", "category", "scale", "people_involved", "occurred_at", "source", "address",
  "injury_or_threat", "amount_yuan"];

export class ReportDraft {
  constructor(owner, storage = window.sessionStorage) {
    this.name = `gridgov.report.${owner}`;
    this.storage = storage;
    this.content = this.#read() ?? { key: newKey(), fields: {} };
  }

  get key() {
    return this.content.key;
  }

  get fields() {
    return this.content.fields;
  }

  /** {case_number, dispute_id} of the case that an earlier version of this draft became; undefined for none. */
  get received() {
    return this.content.received;
  }

  /** An earlier version was received, under the key of now. */
  supersede(received) {
    this.content = { ...this.content, key: newKey(), received };
    this.#write();
  }

  /** The worker says that this is another dispute than the one received. */
  becomeNew() {
    delete this.content.received;
    this.#write();
  }

  keep(fields) {
    this.content.fields = Object.fromEntries(KEPT_FIELDS.filter((name) => fields[name]).map((name) => [name, fields[name]]));
    this.#write();
  }

  /** The report is sent: forget it. The next one gets a key of its own. */
  finish() {
    this.content = { key: newKey(), fields: {} };
    try {
      this.storage.removeItem(this.name);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
    }
  }

  #read() {
    try {
      const kept = JSON.parse(this.storage.getItem(this.name));
      return kept?.key && kept.fields ? kept : null;
    } catch (error) {
      // A browser that forbids storage, or something else under our name: then the draft lives in memory.
      if (error instanceof DOMException || error instanceof SyntaxError) return null;
      throw error;
    }
  }

  #write() {
    try {
      this.storage.setItem(this.name, JSON.stringify(this.content));
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
    }
  }
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
