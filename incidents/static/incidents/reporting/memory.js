/**
 * Where the phone has no room for another byte: a report that is tapped to be sent goes from this page's memory. What was
 * kept of it before stays until its receipt is here; should it be sent a second time from there, it is the same report,
 * or the one that a supplement was sent instead of.
 */
import { Outbox } from "./outbox.js";
import { isUnsent } from "./record.js";
import { ifFull } from "./reference.js";
import { PassingShelf } from "./shelf.js";
import { Store } from "./store.js";

export class Memory extends EventTarget {
  /** `kept` is the store that has no room, `settings` go to the outbox. Events: "changed". */
  constructor(kept, settings) {
    super();
    this.kept = kept;
    this.store = new Store(new PassingShelf(), kept.worker, kept.key);
    this.outbox = new Outbox({ ...settings, store: this.store });
    for (const source of [this.store, this.outbox]) source.addEventListener("changed", ({ detail }) => this.#look(detail?.key));
    this.outbox.start();
    // Only this page has them.
    window.addEventListener("beforeunload", (event) => { if (this.unsent) event.preventDefault(); });
  }

  /** Take in `report`, as it stands in the form. @returns it as it lies here, to be sent */
  async take(report) {
    const photos = [];
    // Sent from here before and taken back, it lies here already.
    const again = await this.store.report(report.key);
    for (const { key } of report.photos) photos.push([key, await (again ? this.store : this.kept).photoBytes(report.key, key)]);
    this.unsent = true;
    if (again) await this.store.remove(report.key);
    await this.store.putIn(report, photos);
    return this.store.report(report.key);
  }

  async #look(key) {
    const report = key ? await this.store.report(key) : null;
    if (report?.state === "sent") for (const original of [key, report.insteadOf]) if (original) await this.kept.remove(original).catch(ifFull);
    this.unsent = (await this.store.reports()).some(isUnsent);
    this.dispatchEvent(new Event("changed"));
  }
}
