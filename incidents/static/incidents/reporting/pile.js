/**
 * The list of reports on this phone kept up to date, and what its buttons do.
 */
import { saveAsFile, savedWords } from "./carry_view.js";
import { confirmed } from "./confirm_view.js";
import { showFieldErrors } from "./form.js";
import { ReportList } from "./list_view.js";
import { isBlank, isUnsent } from "./record.js";
import { banner, showConnection, showUnsent } from "./status_view.js";
import { troubleWords } from "./states.js";
import { ChangedElsewhere, StorageFull } from "./store.js";

const PAUSE_MS = 30;
// So much longer than drawing took is the pause before the next: a long list must not hold up the hand.
const PAUSE_SHARE = 4;
const DAY_MS = 24 * 60 * 60 * 1000;

export class ReportPile {
  constructor(desk, caseUrl) {
    Object.assign(this, { desk, drawing: null, again: false, acting: new Set() });
    this.list = new ReportList(document.getElementById("reports"), {
      act: (action, key) => this.#act(action, key), caseUrl, nameOfCategory: desk.nameOfCategory,
    });
    desk.store.addEventListener("changed", () => this.show());
  }

  /** Draw soon: many changes together are one drawing, and none begins while another runs. */
  show() {
    this.again = true;
    this.drawing ??= this.#drawAll().finally(() => { this.drawing = null; });
  }

  async #drawAll() {
    let tookMs = 0;
    while (this.again) {
      const pauseMs = Math.max(PAUSE_MS, PAUSE_SHARE * tookMs);
      await new Promise((resolve) => { setTimeout(resolve, pauseMs); });
      this.again = false;
      const began = performance.now();
      await this.#draw();
      tookMs = performance.now() - began;
    }
  }

  async #draw() {
    const { store, outbox, inMemory, outcome, draft } = this.desk;
    const passing = (await inMemory?.store.reports()) ?? [];
    const kept = (await store.reports()).filter(({ key }) => !passing.some((report) => report.key === key || report.insteadOf === key));
    const reports = [...kept, ...passing];
    showConnection(outbox.connection);
    banner("damaged", store.damaged > 0, interpolate(gettext("有 %s 件打不开,可能已损坏;其他的不受影响。"), [store.damaged]));
    showUnsent(reports.filter((report) => isUnsent(report) && !isBlank(report)).length);
    this.list.show(reports, { sending: outbox.sending ?? inMemory?.outbox.sending, editing: draft.report.key });
    outcome.show(reports.find(({ key }) => key === outcome.key), outbox.connection);
    const old = kept.filter(({ state, receipt }) => state === "sent" && Date.now() - receipt.at > DAY_MS);
    for (const { key } of old) await store.remove(key);
  }

  /** What a first tap began a second one must not begin again: a dispute would become two. */
  async #act(action, key) {
    if (this.acting.has(key)) return;
    this.acting.add(key);
    try {
      await this.#do(action, key);
    } catch (error) {
      if (error instanceof StorageFull) banner("storage_full", true);
      else if (error instanceof ChangedElsewhere) this.show(); // another tab was first: here is how it stands
      else throw error;
    } finally {
      this.acting.delete(key);
    }
  }

  async #do(action, key) {
    const { sending } = this.desk;
    const { store, outbox } = await this.desk.holderOf(key);
    const report = await store.report(key);
    if (!report) return;
    const work = {
      edit: () => this.#edit(report, store),
      "take-back": () => this.#takeBack(key, store, outbox),
      "send-again": () => (report.state === "waiting" ? outbox.hurry(key) : sending.submit(report, outbox)),
      "send-anew": () => sending.sendAnew(report, { store, outbox }),
      supplement: () => sending.supplement(report, { id: report.trouble.received.dispute_id, case_number: report.trouble.received.case_number }, { store, outbox }),
      "skip-photos": () => outbox.finishWithoutPhotos(key),
      "save-file": () => this.#saveAsFile(store, key),
      remove: () => this.#remove(report, store),
    };
    await work[action]();
  }

  async #saveAsFile(store, key) {
    await this.desk.kept();
    const count = await saveAsFile(store, [key]);
    if (count === null) banner("message", true, savedWords(count));
  }

  /** With what the server minded beside its field. */
  async #edit(report, store) {
    if (!(await this.desk.write(report, store))) return;
    const { trouble } = report;
    if (trouble) showFieldErrors(this.desk.form, trouble.errors, Object.keys(trouble.errors).length ? "" : troubleWords(trouble));
    else this.desk.form.elements[report.kind === "report" ? "title" : "description"].focus({ preventScroll: true });
  }

  async #takeBack(key, store, outbox) {
    let report = await outbox.takeBack(key);
    // On its way at this moment: as soon as that has failed.
    while (report?.state === "waiting") {
      await new Promise((resolve) => { outbox.addEventListener("changed", resolve, { once: true }); });
      report = await outbox.takeBack(key);
    }
    if (report?.state === "draft") await this.#edit(report, store);
  }

  async #remove(report, store) {
    const { draft } = this.desk;
    if (isUnsent(report)) {
      const title = report.fields.title || gettext("还没有标题");
      if (!(await confirmed(document.querySelector("[data-dialog='confirm']"), interpolate(gettext("“%s”还没有上报。删除后不能恢复。"), [title])))) return;
    }
    if (draft.report.key === report.key) {
      await draft.flush();
      draft.giveUp();
      await store.remove(report.key);
    } else await store.removeUnchanged(report);
    document.getElementById("reports").focus({ preventScroll: true });
  }
}
