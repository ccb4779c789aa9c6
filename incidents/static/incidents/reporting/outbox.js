/**
 * Sends what waits, one report after the other, until the server's receipt for each is here. Whatever happens in between,
 * a report is sent again with the same key and the same bytes, and so is one dispute.
 *
 * It works when the page is loaded, when the network comes back, when the page is seen again, and on a timer that waits
 * longer each time; and believes in the network only after a probe. Nothing here needs a service worker.
 */
import { mindsOnlyTheClock, verdictOnPhoto, verdictOnReport } from "./answers.js";
import { isUnsent, bodyOf } from "./record.js";
import { ChangedElsewhere, StorageFull } from "./store.js";
import { probe } from "./probe.js";
import { NoAnswer, exchange } from "./wire.js";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 60 * 1000;
const PROBE_TIMEOUT_MS = 10 * 1000;
// What the server refuses to whoever is not allowed: asked once more, since a token may only have been an old one.
const FORBIDDEN = 403;
// Refusals of the server one after the other that say more about the server than about a report.
const MOST_REFUSALS = 3;
// Where another tab holds the lock but sends nothing for so long, it is frozen: doing its work twice harms nothing.
const FROZEN_AFTER_MS = 90 * 1000;

/** Events: "changed", when `connection` or `sending` did. What becomes of reports is told by the store. */
export class Outbox extends EventTarget {
  /**
   * @param {{probe, report, supplement: (id) => string, photo: (id, photoKey) => string}} urls
   * @param {(bytes: ArrayBuffer, photo) => Promise<object|null>} shrink a photo made smaller, null if it cannot be
   */
  constructor({ store, urls, timeoutMs, shrink }) {
    super();
    Object.assign(this, { store, urls, timeoutMs, shrink });
    /** "unknown", "online", "offline", "portal", "server", "signed_out", "other_worker" or "not_allowed". */
    this.connection = "unknown";
    /** Key of the report that is under way, or null. */
    this.sending = null;
    this.failures = 0; // probes one after the other that found nobody
    this.refusals = 0; // reports one after the other that the server had no time for
    this.pausedUntil = 0; // the server asked for a pause
    this.skewMs = 0;
    this.broken = new Set(); // keys of reports that this page failed on; the next page tries them again
    this.running = null;
    this.again = false;
    this.timer = null;
  }

  start() {
    const wake = () => this.wake();
    window.addEventListener("online", wake);
    window.addEventListener("offline", () => this.#connect("offline"));
    window.addEventListener("pageshow", wake);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.wake(); });
    this.wake();
  }

  /** Look at once, whatever was waited for. */
  wake() {
    this.again = true;
    this.running ??= this.#run().finally(() => {
      this.running = null;
      if (this.again) this.wake();
    });
    return this.running;
  }

  /** Write a report off the worker's hands: from now on it waits to be sent. @throws {ChangedElsewhere | StorageFull} */
  async submit(report) {
    const writtenAt = report.writtenAt ?? Date.now();
    const waiting = { ...report, state: "waiting", writtenAt, body: null, trouble: null, attempts: 0, nextTryAt: 0 };
    this.broken.delete(report.key);
    await this.store.save(waiting);
    Object.assign(report, waiting);
    this.wake();
  }

  /** A waiting report is a draft again. If the server has it already, it says so when the draft is sent. */
  takeBack(key) {
    return this.store.update(key, (report) => {
      if (report.state !== "waiting" || report.receipt || this.sending === key) return false;
      report.state = "draft";
      return true;
    });
  }

  /** The case is there and a photo of it cannot be sent: let go of what is left of the report. */
  async finishWithoutPhotos(key) {
    await this.store.update(key, (report) => {
      if (!report.receipt || !isUnsent(report)) return false;
      Object.assign(report, { state: "waiting", trouble: null, nextTryAt: 0 });
      report.photos = report.photos.map((photo) => ({ ...photo, sent: true }));
      return true;
    });
    this.wake();
  }

  /** Send a waiting report now and not when its time comes. */
  async hurry(key) {
    await this.store.update(key, (report) => {
      if (report.state !== "waiting") return false;
      report.nextTryAt = 0;
      return true;
    });
    this.pausedUntil = 0;
    this.wake();
  }

  async #run() {
    this.again = false;
    clearTimeout(this.timer);
    const send = () => this.#sendAll();
    try {
      // What lies in this page's memory no other tab sends.
      if (navigator.locks && this.store.lasting) await this.#alone(send);
      else await send();
    } catch (error) {
      // Nothing could be written down: everything waits as it did. Or another tab took over from this one.
      if (!(error instanceof StorageFull) && error.name !== "AbortError") throw error;
    } finally {
      await this.#setTimer();
    }
  }

  /** One tab sends for all. */
  async #alone(send) {
    const name = `gridgov-outbox-${this.store.worker}`;
    const taken = await navigator.locks.request(name, { ifAvailable: true }, (lock) => (lock ? send().then(() => true) : false));
    if (taken) return;
    const [oldest] = await this.#waiting();
    const frozen = oldest && Date.now() - Math.max(oldest.nextTryAt, oldest.changedAt) > FROZEN_AFTER_MS;
    if (frozen) await navigator.locks.request(name, { steal: true }, send);
    else if (this.connection === "unknown") await this.#ask();
  }

  async #sendAll() {
    if (!(await this.#ask())) return;
    this.refusals = 0;
    for (;;) {
      const now = Date.now();
      const due = (await this.#waiting()).find((report) => report.nextTryAt <= now);
      if (!due || now < this.pausedUntil || !(await this.#sendOne(due.key))) return;
    }
  }

  async #waiting() {
    return (await this.store.waiting()).filter(({ key }) => !this.broken.has(key));
  }

  /** Whether the server is there and this worker may send. */
  async #ask() {
    const found = await probe(this.urls.probe, PROBE_TIMEOUT_MS);
    if (found.reached) this.skewMs = found.skewMs;
    this.#connect(this.#connectionOf(found));
    if (this.connection === "online") return true;
    this.failures += 1;
    return false;
  }

  #connectionOf({ reached, why, worker, allowed }) {
    if (!reached) return why;
    if (!allowed) return "not_allowed";
    if (worker === null) return "signed_out";
    return worker === this.store.worker ? "online" : "other_worker";
  }

  /** Send one report as far as it goes. @returns {Promise<boolean>} whether the next may follow at once */
  async #sendOne(key) {
    this.sending = key;
    this.#changed();
    try {
      const report = await this.#frozen(key);
      if (report?.state !== "waiting") return true;
      const done = report.receipt ? { kind: "receipt" } : await this.#sendReport(report);
      const verdict = done.kind === "receipt" ? await this.#sendPhotos(key) : done;
      return await this.#settle(report, verdict);
    } catch (error) {
      if (error instanceof StorageFull || error.name === "AbortError") throw error;
      // One that is not as it should be must not hold up the others.
      console.error(error);
      this.broken.add(key);
      await this.store.update(key, (report) => {
        if (report.state !== "waiting") return false;
        Object.assign(report, { state: "needs_you", trouble: incomplete(), body: null });
        return true;
      });
      return true;
    } finally {
      this.sending = null;
      this.#changed();
    }
  }

  /** The report with the bytes that every attempt will send. */
  #frozen(key) {
    return this.store.update(key, (report) => {
      if (report.state !== "waiting") return false;
      report.body ??= bodyOf(report, this.skewMs);
      report.attempts += 1;
      return true;
    });
  }

  async #sendReport({ key, kind, dispute, body }) {
    const url = kind === "supplement" ? this.urls.supplement(dispute.id) : this.urls.report;
    const headers = { "Content-Type": "application/json", "Idempotency-Key": key };
    const ask = () => this.#post(url, { method: "POST", body, headers }, (answer) => verdictOnReport(answer, key));
    const verdict = await this.#twiceIfForbidden(ask);
    if (verdict.kind === "receipt") await this.#keepReceipt(key, body, verdict.json);
    return verdict;
  }

  /**
   * The case is there, with what `body` said. Had the worker taken the report back meanwhile, they are told, and their
   * words stay; had they sent other words in another tab, these go to the server as well, which will say the same.
   */
  #keepReceipt(key, body, { id, dispute_id: disputeId, case_number: caseNumber }) {
    const received = { case_number: caseNumber, dispute_id: disputeId ?? id };
    return this.store.update(key, (report) => {
      if (report.state === "waiting" && report.body !== body) return false;
      if (report.state === "waiting") report.receipt = { ...received, at: Date.now() };
      else if (isUnsent(report)) Object.assign(report, { state: "needs_you", trouble: receivedMeanwhile(received) });
      return true;
    });
  }

  /** Photos that the server does not have yet, one after the other: what arrived is not sent again. */
  async #sendPhotos(key) {
    for (;;) {
      const report = await this.store.report(key);
      if (report?.state !== "waiting" || !report.receipt) return { kind: "left" };
      const photo = report.photos.find(({ sent }) => !sent);
      if (!photo) return { kind: "complete" };
      const verdict = await this.#twiceIfForbidden(() => this.#sendPhoto(report, photo));
      if (verdict.kind === "too_large") {
        if (!(await this.#shrink(report, photo))) return { kind: "needs_you", trouble: photoTooLarge() };
      } else if (verdict.kind === "receipt") {
        await this.store.update(key, (current) => {
          current.photos = current.photos.map((each) => (each.key === photo.key ? { ...each, sent: true } : each));
          return true;
        });
      } else return verdict;
    }
  }

  async #sendPhoto(report, photo) {
    const bytes = await this.store.photoBytes(report.key, photo.key);
    const request = { method: "PUT", body: bytes, headers: { "Content-Type": photo.type } };
    return this.#post(this.urls.photo(report.receipt.dispute_id, photo.key), request, (answer) => verdictOnPhoto(answer, photo.key));
  }

  /** @returns {Promise<boolean>} whether the photo is smaller now */
  async #shrink(report, photo) {
    const smaller = await this.shrink(await this.store.photoBytes(report.key, photo.key), photo);
    if (!smaller) return false;
    await this.store.replacePhoto(report, photo.key, smaller);
    return true;
  }

  async #post(url, { headers, ...request }, judge) {
    try {
      const worker = { "GridGov-Worker": this.store.worker };
      return judge(await exchange(url, { ...request, headers: { ...headers, ...worker }, timeoutMs: this.timeoutMs }));
    } catch (error) {
      if (error instanceof NoAnswer) return { kind: "probe" };
      throw error;
    }
  }

  /** A probe brings the token of the session as it is now. */
  async #twiceIfForbidden(ask) {
    const verdict = await ask();
    const forbidden = verdict.kind === "needs_you" && verdict.trouble.status === FORBIDDEN;
    return forbidden && (await this.#ask()) ? ask() : verdict;
  }

  /** Write down what became of the report. @returns {Promise<boolean>} whether to go on with the next */
  async #settle({ key, body }, verdict) {
    switch (verdict.kind) {
      case "complete":
        this.refusals = 0;
        await this.#finish(key);
        return true;
      case "left":
        return true;
      case "needs_you":
        await this.#refused(key, body, verdict.trouble);
        return true;
      default:
        await this.#later(key);
        this.refusals += 1;
        if (verdict.afterMs) this.pausedUntil = Date.now() + verdict.afterMs;
        // Others may fare better, if the server is still there.
        return (await this.#ask()) && this.refusals < MOST_REFUSALS;
    }
  }

  /** All that is left is the receipt. */
  async #finish(key) {
    for (;;) {
      const report = await this.store.report(key);
      if (report?.state !== "waiting" || !report.receipt) return;
      const emptied = { state: "sent", body: null, fields: { title: report.fields.title }, parties: [], place: null };
      try {
        await this.store.finish({ ...report, ...emptied });
        return;
      } catch (error) {
        if (!(error instanceof ChangedElsewhere)) throw error;
      }
    }
  }

  #refused(key, body, trouble) {
    return this.store.update(key, (report) => {
      // What the server minded was not what stands here now.
      if (report.state !== "waiting" || report.body !== body) return false;
      if (mindsOnlyTheClock(trouble) && this.#canSetRight(report)) report.body = null;
      else Object.assign(report, { state: "needs_you", trouble, body: null });
      return true;
    });
  }

  /** The time was the phone's own, and its clock is known to be wrong: the report is written anew, once. */
  #canSetRight(report) {
    return !report.occurredByHand && report.body !== bodyOf(report, this.skewMs);
  }

  #later(key) {
    return this.store.update(key, (report) => {
      if (report.state !== "waiting") return false;
      report.nextTryAt = Date.now() + waitMs(report.attempts - 1);
      return true;
    });
  }

  /** Until the next report is due, or, while nobody answers, longer each time. */
  async #setTimer() {
    const waiting = await this.#waiting();
    clearTimeout(this.timer);
    if (!waiting.length) return;
    const now = Date.now();
    const due = Math.max(Math.min(...waiting.map(({ nextTryAt }) => nextTryAt)), this.pausedUntil) - now;
    const wait = this.connection === "online" ? Math.max(due, waitMs(this.refusals)) : waitMs(this.failures);
    this.timer = setTimeout(() => this.wake(), Math.min(wait, LONGEST_WAIT_MS));
  }

  #connect(connection) {
    if (connection === "online") this.failures = 0;
    if (connection === this.connection) return;
    this.connection = connection;
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("changed"));
  }
}

/** Twice as long each time, up to a minute; not to the same second for all phones of a district whose server was away. */
function waitMs(times) {
  const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(times, 10));
  return longest * (0.75 + Math.random() / 4);
}

function receivedMeanwhile(received) {
  return {
    code: "report_key_reused", status: 200, errors: {}, received,
    words_zh: `已经送达,案号 ${received.case_number}。之后改动的内容没有送出。`,
    words_en: `Received already, case ${received.case_number}. What was changed since has not been sent.`,
  };
}

function incomplete() {
  return {
    code: "incomplete", status: 0, errors: {},
    words_zh: "这一件不完整,不能发送。请打开补全后再发送。", words_en: "Something is missing here: open it, complete it and send it again.",
  };
}

function photoTooLarge() {
  return {
    code: "photo_too_large", status: 413, errors: {},
    words_zh: "服务器不接收这么大的照片。请删除照片后再发送,或由管理员调整上限。",
    words_en: "The server takes no photo as large as this one: remove it and send again, or ask an administrator about the limit.",
  };
}
