/**
 * Where rows lie: IndexedDB, or this page's memory where the browser has none. Rows of `reports` and `photos` and `kept`
 * have a `worker`; what they say is sealed before it comes here (store.js).
 */
import { openDB } from "idb";

const NAME = "gridgov-reports";
// A new version adds to `upgrade` below what it needs and leaves every row: reports wait in it.
const VERSION = 1;
const KEY_PATHS = { reports: "key", photos: ["report", "key"], kept: ["worker", "name"] };

/** No room is left on the phone. Nothing of what was to be written is there. */
export class StorageFull extends Error {
  constructor() {
    super(gettext("手机存储空间不足。"));
    this.name = "StorageFull";
  }
}

/** The shelf in IndexedDB. @throws {DOMException} where the browser refuses it (some private windows) */
export class LastingShelf {
  lasting = true;

  static async open() {
    const shelf = new LastingShelf();
    await shelf.#database();
    return shelf;
  }

  get(table, key) {
    return this.#withDatabase((db) => db.get(table, key));
  }

  /** Rows of `worker`, or of everybody, where none is named. */
  all(table, worker) {
    return this.#withDatabase((db) => (worker === undefined ? db.getAll(table) : db.getAllFromIndex(table, "worker", worker)));
  }

  keysOf(table) {
    return this.#withDatabase((db) => db.getAllKeys(table));
  }

  /**
   * Run `work` in one transaction over `tables`: all of it happens or nothing. `work` is given {get, put, remove} and may
   * await nothing but them. What it throws undoes everything.
   */
  change(tables, work) {
    return this.#withDatabase(async (db) => {
      const transaction = db.transaction(tables, "readwrite", { durability: "strict" });
      const result = await work({
        get: (table, key) => transaction.objectStore(table).get(key),
        put: (table, row, key) => transaction.objectStore(table).put(row, key),
        remove: (table, key) => transaction.objectStore(table).delete(key),
      }).catch((error) => {
        undo(transaction);
        throw error;
      });
      await transaction.done;
      return result;
    });
  }

  async #withDatabase(ask) {
    try {
      return await ask(await this.#database());
    } catch (error) {
      if (isFull(error)) throw new StorageFull();
      if (!isClosed(error)) throw error;
      // Some browsers close the database under memory pressure or when they wake up: open it anew, once.
      this.opening = null;
      return ask(await this.#database()).catch((again) => { throw isFull(again) ? new StorageFull() : again; });
    }
  }

  #database() {
    this.opening ??= openDB(NAME, VERSION, {
      upgrade,
      // A newer page wants to change the tables: let it. We open again when we next need to.
      blocking: (current, wanted, event) => {
        event.target.close();
        this.opening = null;
      },
      terminated: () => { this.opening = null; },
    }).catch((error) => {
      this.opening = null;
      throw error;
    });
    return this.opening;
  }
}

function upgrade(db, oldVersion) {
  if (oldVersion < 1) {
    db.createObjectStore("keys");
    for (const [table, keyPath] of Object.entries(KEY_PATHS)) db.createObjectStore(table, { keyPath }).createIndex("worker", "worker");
  }
}

function undo(transaction) {
  transaction.done.catch(() => {}); // told by the error that is thrown already
  try {
    transaction.abort();
  } catch (error) {
    if (error.name !== "InvalidStateError") throw error; // it is over already
  }
}

function isFull(error) {
  return error?.name === "QuotaExceededError" || error?.inner?.name === "QuotaExceededError";
}

/** InvalidStateError: closing or closed; AbortError, UnknownError: closed in the middle, and so undone. */
function isClosed(error) {
  return error instanceof DOMException && ["InvalidStateError", "AbortError", "UnknownError"].includes(error.name);
}

/** The same for as long as the page is open. */
export class PassingShelf {
  lasting = false;

  #tables = { keys: new Map(), reports: new Map(), photos: new Map(), kept: new Map() };

  async get(table, key) {
    return structuredClone(this.#tables[table].get(JSON.stringify(key)));
  }

  async all(table, worker) {
    const rows = [...this.#tables[table].values()].filter((row) => worker === undefined || row.worker === worker);
    return rows.map((row) => structuredClone(row));
  }

  async keysOf(table) {
    return [...this.#tables[table].keys()].map((key) => JSON.parse(key));
  }

  async change(tables, work) {
    const before = tables.map((table) => new Map(this.#tables[table]));
    const rowKey = (table, row, key) => JSON.stringify(key ?? pathOf(row, KEY_PATHS[table]));
    try {
      return await work({
        get: (table, key) => this.get(table, key),
        put: async (table, row, key) => { this.#tables[table].set(rowKey(table, row, key), structuredClone(row)); },
        remove: async (table, key) => { this.#tables[table].delete(JSON.stringify(key)); },
      });
    } catch (error) {
      tables.forEach((table, index) => { this.#tables[table] = before[index]; });
      throw error;
    }
  }
}

function pathOf(row, path) {
  return Array.isArray(path) ? path.map((name) => row[name]) : row[path];
}
