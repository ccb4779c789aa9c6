/**
 * The report that the form shows, kept from its first keystroke. Saves follow each other, so that none overtakes; what
 * another tab did to the same report is told, never overwritten.
 *
 * Events: "opened" (the form is to show `report`), "saved", "full" (no room: what was typed is not kept yet), "conflict"
 * (detail: the report as another tab saved it), "elsewhere" (detail {kept}: another tab sent or removed it; `kept` says
 * whether words typed here meanwhile became a report of their own).
 */
import { isBlank, newKey, newReport, sameWords, wordsOf } from "./record.js";
import { ChangedElsewhere, StorageFull } from "./store.js";

const PAUSE_MS = 250;
const OPEN_TO_EDIT = new Set(["draft", "needs_you"]);

export class OpenDraft extends EventTarget {
  constructor(store) {
    super();
    this.store = store;
    this.report = newReport();
    this.dirty = false;
    this.lastKept = wordsOf(this.report); // as the store had them when it and the form last agreed
    this.full = false; // there was no room for what was typed
    this.timer = null;
    this.tail = Promise.resolve();
    store.addEventListener("changed", ({ detail }) => this.#look(detail.key));
  }

  /**
   * Show `report`, once what is typed now is kept. A blank one leaves nothing behind.
   * @returns {Promise<boolean>} false where it could not be kept: then it stays, since it would be lost
   */
  async open(report) {
    await this.flush();
    if (this.dirty) return false;
    const left = this.report;
    this.#show(report);
    if (left.key !== report.key && left.version > 0 && isBlank(left)) await this.#leave(left);
    return true;
  }

  /** A blank report goes, unless another tab has just written into it. */
  async #leave(report) {
    try {
      await this.store.removeUnchanged(report);
    } catch (error) {
      if (!(error instanceof ChangedElsewhere)) throw error;
    }
  }

  begin() {
    return this.open(newReport());
  }

  /** The worker changed something: the first change is kept at once, the next ones when the hand rests. */
  touch({ atOnce = false } = {}) {
    this.dirty = true;
    if (atOnce || this.report.version === 0) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), PAUSE_MS);
  }

  /** Settles when all that was typed is kept, or cannot be. */
  flush() {
    clearTimeout(this.timer);
    this.timer = null;
    return this.#inTurn(() => this.#save());
  }

  /** Do `work(report)` on the saved report: adding a photo. @throws what it throws */
  withReport(work) {
    return this.#inTurn(async () => {
      await this.#save();
      await work(this.report);
    });
  }

  /** What stands here is sent or removed by other hands: an empty report takes its place, whether it was kept or not. */
  giveUp() {
    this.full = false;
    this.#show(newReport());
  }

  /** What another tab wrote is given up for what stands here. Settles once that is kept. */
  keepMine(current) {
    this.report = { ...this.report, version: current.version, photos: current.photos };
    this.dirty = true;
    return this.flush();
  }

  keepTheirs(current) {
    this.#show(current);
  }

  /** Another tab was found to have saved the report: `current`, null where it is gone. */
  settle(current) {
    if (current && OPEN_TO_EDIT.has(current.state)) {
      if (this.dirty && !sameWords(current, this.report)) this.dispatchEvent(new CustomEvent("conflict", { detail: current }));
      else this.#show(current);
      return;
    }
    // A tap on send marks it as changed as well: what says nothing new must not become a second report.
    const kept = this.dirty && !isBlank(this.report) && wordsOf(this.report) !== this.lastKept;
    // Its photos went with the other; the words are what cannot be made again.
    const own = { key: newKey(), version: 0, state: "draft", photos: [], body: null, writtenAt: null, trouble: null, receipt: null };
    this.#show(kept ? { ...this.report, ...own } : newReport());
    if (kept) this.touch({ atOnce: true });
    this.dispatchEvent(new CustomEvent("elsewhere", { detail: { kept } }));
  }

  #show(report) {
    this.report = report;
    this.dirty = false;
    this.lastKept = wordsOf(report);
    this.dispatchEvent(new Event("opened"));
  }

  #inTurn(work) {
    const turn = this.tail.then(work);
    this.tail = turn.catch(() => {});
    return turn;
  }

  async #save() {
    if (!this.dirty) return;
    this.dirty = false;
    const words = wordsOf(this.report);
    // What stands in a file is not this any more.
    this.report.exportedAt = null;
    try {
      await this.store.save(this.report);
      this.full = false;
      this.lastKept = words;
      this.dispatchEvent(new Event("saved"));
    } catch (error) {
      this.dirty = true;
      if (error instanceof ChangedElsewhere) this.settle(error.current);
      else if (error instanceof StorageFull) this.#tellFull();
      else throw error;
    }
  }

  #tellFull() {
    this.full = true;
    this.dispatchEvent(new Event("full"));
  }

  async #look(key) {
    if (key !== this.report.key || this.report.version === 0) return;
    await this.tail;
    const current = await this.store.report(key);
    // A read that a save of ours overtook shows an older one.
    if (key === this.report.key && !(current?.version <= this.report.version)) this.settle(current);
  }
}
