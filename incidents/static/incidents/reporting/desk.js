/**
 * One worker's desk: the report in the form, those on the phone, and the way of each to the server.
 */
import { suggestAddresses } from "./addresses.js";
import { readFile, saveAsFile, savedWords } from "./carry_view.js";
import { searchCategories, withRecent } from "./category_search.js";
import { OpenDraft } from "./draft.js";
import { addParty, clearErrorsAsMended, fillForm, followCategory, readFields, readParties, sayNow, stepPeople } from "./form.js";
import { LeaveView } from "./leave_view.js";
import { Outbox } from "./outbox.js";
import { Memory } from "./memory.js";
import { OutcomeView } from "./outcome_view.js";
import { PhotoView } from "./photo_view.js";
import { shrinkFurther } from "./photos.js";
import { ReportPlace } from "./place.js";
import { notePresence } from "./presence.js";
import { ifFull, loadReference } from "./reference.js";
import { ReportPile } from "./pile.js";
import { Sending } from "./sending.js";
import { banner, showRoom, showWorker } from "./status_view.js";
import { watchForUpdate } from "./updates.js";
import { newFacts } from "./worker.js";
import { cookie } from "./wire.js";

const RECENT = "recent_categories";
const NO_ID = "00000000-0000-0000-0000-000000000000";

export class ReportDesk {
  constructor(form, store, facts) {
    Object.assign(this, { form, store, facts, reference: null });
    const caseUrl = (id) => form.dataset.disputeUrl.replace(NO_ID, id);
    this.nameOfCategory = (code) => form.elements.category.querySelector(`option[value="${CSS.escape(code)}"]`)?.dataset.words ?? code;
    this.draft = new OpenDraft(store);
    this.sendingSettings = sendingSettings(form.dataset);
    this.outbox = new Outbox({ ...this.sendingSettings, store });
    this.inMemory = null;
    this.place = new ReportPlace(form.querySelector(".report-place"));
    this.categories = searchCategories(form);
    this.title = followCategory(form);
    this.addresses = suggestAddresses(form, () => this.place.value?.unit?.code ?? null);
    this.photos = new PhotoView(form.querySelector("[data-photos-field]"), this.draft, { collect: () => this.collect() });
    this.outcome = new OutcomeView(document.querySelector("[data-outcome]"), caseUrl);
    this.sending = new Sending(this);
    this.pile = new ReportPile(this, caseUrl);
    this.leaving = new LeaveView(document.querySelector("[data-dialog='leave']"), {
      store, outbox: this.outbox, signOutUrl: form.dataset.signOutUrl, signInUrl: form.dataset.signInUrl, probeUrl: form.dataset.probeUrl,
      stores: () => (this.inMemory ? [store, this.inMemory.store] : [store]), settle: () => this.kept(),
      confirmDialog: document.querySelector("[data-dialog='confirm']"),
    });
  }

  /** The form shows what was written last and not sent, or an empty report. */
  async open() {
    this.#wire();
    showWorker(this.facts);
    banner("not_lasting", !this.store.lasting);
    const drafts = (await this.store.reports()).filter(({ state }) => state === "draft");
    const last = drafts.reduce((best, each) => (!best || each.changedAt > best.changedAt ? each : best), null);
    this.categories.offer((await this.store.kept(RECENT)) ?? []);
    this.place.setBounds(this.facts.bounds);
    if (last) await this.draft.open(last);
    else await this.draft.begin();
    this.form.dataset.ready = "";
    this.outbox.start();
    this.pile.show();
    await this.#bring();
  }

  /** What typed words and the place are now, into the report. */
  collect() {
    const { report } = this.draft;
    if (report.version === 0 && !report.occurredByHand) sayNow(this.form);
    const fields = { ...report.fields, ...readFields(this.form) };
    Object.assign(report, { fields, parties: readParties(this.form), place: report.kind === "report" ? this.place.value : null });
  }

  /** Signed in again in place: as who it was, or as somebody else, whose desk is another. */
  async signedIn(worker) {
    if (worker === this.store.worker) this.outbox.wake();
    else await this.#reload();
  }

  leave() {
    return this.leaving.begin();
  }

  /** For reports that find no room on the phone any more. */
  memory() {
    if (!this.inMemory) {
      this.inMemory = new Memory(this.store, this.sendingSettings);
      this.inMemory.addEventListener("changed", () => this.pile.show());
    }
    return this.inMemory;
  }

  /** Where the report `key` lies: {store, outbox}. */
  async holderOf(key) {
    return this.inMemory && (await this.inMemory.store.report(key)) ? this.inMemory : this;
  }

  async rememberCategory(code) {
    const codes = withRecent((await this.store.kept(RECENT)) ?? [], code);
    await this.store.keep(RECENT, codes).catch(ifFull);
    this.categories.offer(codes);
  }

  #wire() {
    const { form, draft } = this;
    stepPeople(form);
    clearErrorsAsMended(form);
    form.querySelector("[data-add-party]").addEventListener("click", () => addParty(form));
    form.addEventListener("input", ({ target }) => this.#typed(target, false));
    form.addEventListener("change", ({ target }) => this.#typed(target, true));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.sending.send();
    });
    this.place.addEventListener("changed", () => this.#placed());
    // Without waiting for a network: the page may be another's by the time it is seen again.
    document.addEventListener("visibilitychange", () => this.#lookWhose());
    window.addEventListener("pageshow", () => this.#lookWhose());
    draft.addEventListener("opened", () => this.#fill());
    draft.addEventListener("saved", () => this.#saved());
    draft.addEventListener("full", () => banner("storage_full", true));
    draft.addEventListener("elsewhere", ({ detail }) => this.#elsewhere(detail.kept));
    draft.addEventListener("conflict", ({ detail }) => this.#conflict(detail));
    for (const [what, on] of [["pagehide", window], ["visibilitychange", document]]) on.addEventListener(what, () => draft.flush());
    this.store.addEventListener("changed", ({ detail }) => { if (detail.key === null) window.location.reload(); });
    this.outbox.addEventListener("changed", () => this.#connected());
    on("leave", () => this.leave());
    on("reload", () => this.#reload());
    on("new", () => this.write(null));
    on("export", async () => {
      await this.kept();
      this.#carried(savedWords(await saveAsFile(this.store)));
    });
    const carried = document.querySelector("input[name=carried]");
    carried.addEventListener("change", async () => {
      const [file] = carried.files;
      if (file) this.#carried(await readFile(this.store, file));
      carried.value = "";
      this.outbox.wake();
    });
  }

  /** Begin a new report in the form, or go on with `report` of `store`. @returns {Promise<boolean>} whether that was possible */
  async write(report, store = this.store) {
    await this.photos.idle();
    banner("message", false);
    const opened = await (report ? this.draft.open(await this.#toKeep(report, store)) : this.draft.begin());
    if (opened) this.form.scrollIntoView({ block: "start" });
    // Why not is said there.
    else document.querySelector("[data-banners]").scrollIntoView({ block: "start" });
    return opened;
  }

  /** A report out of memory is kept from now on, if there is room again. Its words are; its photos were never kept. */
  async #toKeep(report, store) {
    if (store === this.store) return report;
    const kept = await this.store.report(report.key);
    await store.remove(report.key);
    return { ...report, version: kept?.version ?? 0, photos: kept?.photos ?? [] };
  }

  /** What can wait until the form is usable. */
  async #bring() {
    notePresence(this.store.worker);
    showRoom(this.store);
    this.place.startMap();
    watchForUpdate((update) => this.#offer(update), () => this.kept());
    const facts = await newFacts({ store: this.store, workerUrl: this.form.dataset.workerUrl });
    if (facts) {
      showWorker(facts);
      this.place.setBounds(facts.bounds);
    }
    await loadReference(this.store, this.form.dataset.referenceUrl, (reference) => {
      this.reference = reference;
      this.place.setReference(reference);
      this.addresses.setKnown(reference.addresses);
    });
  }

  #typed(target, atOnce) {
    if (!target.name || target.type === "file" || target.name === "grid_unit") return;
    if (target.name === "occurred_at") this.draft.report.occurredByHand = true;
    this.collect();
    this.draft.touch({ atOnce });
  }

  #placed() {
    const { report } = this.draft;
    if (report.kind !== "report") return;
    report.place = this.place.value;
    // A position alone is no report yet.
    if (report.version > 0 || report.place?.found_by === "hand") this.draft.touch();
  }

  #fill() {
    const { report } = this.draft;
    fillForm(this.form, report);
    this.categories.mark();
    this.title.filled();
    this.photos.show();
    if (report.kind === "report") {
      this.place.set(report.place);
      if (!report.place) this.place.usePosition();
    }
    this.pile.show();
  }

  #saved() {
    banner("storage_full", false);
    banner("conflict", false);
    // Asked once there is something to keep: some browsers ask the worker in turn.
    this.persisting ??= navigator.storage?.persist?.().catch(() => {});
  }

  #elsewhere(kept) {
    banner("conflict", false);
    banner("message", true, kept
      ? gettext("这一件已在另一个页面处理。这里后来写的内容已留作新的草稿。") : gettext("这一件已在另一个页面处理,这里换成新的一件。"));
  }

  #conflict(current) {
    document.querySelector("[data-conflict-other]").textContent = [current.fields.title, current.fields.description].filter(Boolean).join(" · ");
    banner("conflict", true);
    const decide = (how) => async () => {
      await this.draft[how](current);
      banner("conflict", false);
    };
    document.querySelector("[data-action='keep-theirs']").onclick = decide("keepTheirs");
    document.querySelector("[data-action='keep-mine']").onclick = decide("keepMine");
  }

  #connected() {
    if (this.outbox.connection === "other_worker") this.#lookWhose();
    this.pile.show();
  }

  /** Has somebody else signed in at this phone, what the first one wrote leaves the screen. */
  #lookWhose() {
    const here = cookie("gridgov_worker");
    if (!document.hidden && here && here !== this.store.worker) this.#reload();
  }

  /** Settles when all that was written and chosen here is kept, or cannot be. @returns {Promise<boolean>} whether it is */
  async kept() {
    await this.photos.idle();
    await this.draft.flush();
    return !this.draft.dirty;
  }

  async #reload() {
    await this.kept();
    window.location.reload();
  }

  #offer(update) {
    banner("update", true);
    document.querySelector("[data-action='update']").onclick = update;
  }

  #carried(words) {
    document.querySelector("[data-carry-note]").textContent = words;
  }
}

function on(action, work) {
  document.querySelector(`[data-action="${action}"]`).addEventListener("click", work);
}

function sendingSettings({ probeUrl, reportUrl, sendTimeoutMs }) {
  const urls = {
    probe: probeUrl, report: reportUrl,
    supplement: (id) => `${reportUrl}/${id}/supplements`,
    photo: (id, photoKey) => `${reportUrl}/${id}/photos/${photoKey}`,
  };
  return { urls, timeoutMs: Number(sendTimeoutMs), shrink: shrinkFurther };
}
