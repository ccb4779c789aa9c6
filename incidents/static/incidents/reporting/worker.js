/**
 * Whose phone this is at the moment: the worker who signed in last, also while their session has ended or there is no
 * network. Another worker's reports are not shown, and their key is not here.
 */
import { StorageFull, openStore } from "./store.js";
import { NoAnswer, cookie, exchange } from "./wire.js";

const WORKER_COOKIE = "gridgov_worker";
const TIMEOUT_MS = 15 * 1000;

/** Nobody's reports can be opened. `why`: "signed_out", "offline" (and never signed in here) or "not_allowed". */
export class NobodyHere extends Error {
  constructor(why) {
    super(why);
    this.name = "NobodyHere";
    this.why = why;
  }
}

/**
 * The store of the worker at this phone, and what is known of them.
 * @returns {{store, facts: {worker, username, name, duties: [{code, name, role}], bounds}}}
 * @throws {NobodyHere}
 */
export async function whoIsHere({ shelf, workerUrl }) {
  const worker = cookie(WORKER_COOKIE);
  const store = worker && shelf.lasting ? await openStore({ shelf, worker }) : null;
  const facts = await store?.kept("worker");
  if (facts) return { store, facts };
  return meet({ shelf, ...(await askServer(workerUrl)) });
}

/** What the server says of the worker now: duties change. null where it is not reached, or somebody else is signed in. */
export async function newFacts({ store, workerUrl }) {
  try {
    const { key, ...facts } = await askServer(workerUrl);
    if (facts.worker !== store.worker) return null;
    await keepFacts(store, facts);
    return facts;
  } catch (error) {
    if (error instanceof NobodyHere) return null;
    throw error;
  }
}

/** Sign in without leaving the page. @returns {{ok: boolean, worker, problem}} */
export async function signIn(url, username, password) {
  const body = JSON.stringify({ username, password });
  try {
    const { status, json } = await exchange(url, {
      method: "POST", body, headers: { "Content-Type": "application/json" }, timeoutMs: TIMEOUT_MS,
    });
    const ok = status === 200 && Boolean(json?.worker);
    return { ok, worker: json?.worker ?? null, problem: ok ? null : json ?? {} };
  } catch (error) {
    if (error instanceof NoAnswer) return { ok: false, worker: null, problem: null };
    throw error;
  }
}

async function meet({ shelf, key, ...facts }) {
  const store = await openStore({ shelf, worker: facts.worker, secret: bytesOf(key) });
  await keepFacts(store, facts);
  return { store, facts };
}

/** The page goes on without: it asks the server again next time. */
async function keepFacts(store, facts) {
  try {
    await store.keep("worker", facts);
  } catch (error) {
    if (!(error instanceof StorageFull)) throw error;
  }
}

async function askServer(url) {
  try {
    const { status, json } = await exchange(url, { timeoutMs: TIMEOUT_MS });
    if (status === 200 && json?.worker && json.key) return json;
    if (status === 401) throw new NobodyHere("signed_out");
    if (status === 403) throw new NobodyHere("not_allowed");
    throw new NobodyHere("offline");
  } catch (error) {
    if (error instanceof NoAnswer) throw new NobodyHere("offline");
    throw error;
  }
}

function bytesOf(base64) {
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}
