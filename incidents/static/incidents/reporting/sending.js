/**
 * From the tap on "report" to the outbox: what is missing, what is known already, then the form is free for the next one.
 */
import { clearFieldErrors, showFieldErrors, whatIsMissing } from "./form.js";
import { askAboutSimilar, findSimilar } from "./similar_view.js";
import { banner } from "./status_view.js";
import { ChangedElsewhere, StorageFull } from "./store.js";

const MOST_LETTERS = 4000;

export class Sending {
  constructor(desk) {
    this.desk = desk;
    this.busy = false;
    this.asked = new Set(); // keys of reports of which the worker said that they are none of those nearby
    this.button = desk.form.querySelector("[data-action='send']");
  }

  async send() {
    // A second tap while the first is under way.
    if (this.busy) return;
    this.busy = true;
    this.button.disabled = true;
    const { key } = this.desk.draft.report;
    try {
      await this.#photosKept();
      // What stands in the form now is not what was tapped to be sent.
      if (this.desk.draft.report.key === key) await this.#send();
    } finally {
      this.busy = false;
      this.button.disabled = false;
    }
  }

  /** A report that went before its photos would leave them to the next one. */
  async #photosKept() {
    const label = this.button.querySelector("span");
    const words = label.textContent;
    label.textContent = gettext("正在处理照片…");
    await this.desk.photos.idle();
    label.textContent = words;
  }

  async #send() {
    const { form, draft, place } = this.desk;
    clearFieldErrors(form);
    const missing = whatIsMissing(form, draft.report, place.problem);
    if (Object.keys(missing).length) {
      showFieldErrors(form, missing);
      return;
    }
    this.desk.collect();
    const { key } = draft.report;
    draft.touch({ atOnce: true });
    await draft.flush();
    // Another tab has sent it: what stands in the form now was not what the worker tapped for.
    if (draft.report.key !== key) return;
    const known = await this.#knownAlready(draft.report);
    if (known.choice === "back") return;
    // What changed meanwhile is kept first: the unit of the place may have been found only now.
    await draft.flush();
    if (draft.report.key !== key) return;
    if (known.choice === "add") await this.#hand((report, holder) => this.supplement(report, known.dispute, holder));
    else await this.#hand((report, { outbox }) => this.submit(report, outbox));
  }

  async #knownAlready(report) {
    if (report.kind !== "report" || this.asked.has(report.key)) return { choice: "none" };
    const { form, outbox, reference, nameOfCategory } = this.desk;
    const found = await findSimilar(report, { url: form.dataset.similarUrl, online: outbox.connection === "online", reference });
    if (!found.length) return { choice: "none" };
    const answer = await askAboutSimilar(document.querySelector("[data-dialog='similar']"), found, nameOfCategory);
    if (answer.choice === "none") this.asked.add(report.key);
    return answer;
  }

  /** Free the form first: from then on the report is the outbox's, and changes under us. */
  async #hand(pass) {
    const { draft } = this.desk;
    const { report } = draft;
    if (draft.full) {
      await this.#passFromMemory(report, pass);
      return;
    }
    if (!(await draft.begin())) return; // another tab has changed it, as is said already
    try {
      banner("message", false);
      await pass(report, this.desk);
      if (report.kind === "report") await this.desk.rememberCategory(report.fields.category);
    } catch (error) {
      if (error instanceof StorageFull) await this.#passFromMemory(report, pass);
      else if (error instanceof ChangedElsewhere) {
        await draft.open(report);
        draft.settle(error.current);
      } else throw error;
    }
  }

  /** There is no room to keep it: then it goes at once, or waits for as long as this page is open. */
  async #passFromMemory(report, pass) {
    const { desk } = this;
    const memory = desk.memory();
    const taken = await memory.take(report);
    if (desk.draft.report.key === report.key) desk.draft.giveUp();
    await pass(taken, memory);
  }

  async submit(report, outbox = this.desk.outbox) {
    await outbox.submit(report);
    this.desk.outcome.follow(report.key);
  }

  /**
   * What `report` says is added to the case `dispute` ({id, case_number}) instead. Everybody who sees the case reads it, so
   * that the parties are not part of it: the worker is told.
   */
  async supplement(report, { id, case_number: caseNumber }, { store, outbox } = this.desk) {
    const { title, description, address, amount_yuan: amount, injury_or_threat: injury } = report.fields;
    const text = [title, description, address].map((each) => each?.trim()).filter(Boolean).join("\n");
    const changes = { kind: "supplement", dispute: { id, case_number: caseNumber }, fields: { title, description: text }, parties: [], place: null };
    if (text.length > MOST_LETTERS) {
      await this.desk.write(await store.becomeAnother(report, { ...changes, state: "draft" }), store);
      banner("message", true, interpolate(gettext("补充的文字最多 %s 个字,请缩短后再发送。"), [MOST_LETTERS]));
      return;
    }
    await this.#submitAnother(report, changes, { store, outbox });
    if (report.parties.length || amount || injury) banner("message", true, gettext("当事人、金额和人身情况没有带到那一件,请到案件中登记。"));
  }

  /** What `report` says is another dispute than the one that was received under its key. */
  async sendAnew(report, { store, outbox } = this.desk) {
    await this.#submitAnother(report, {}, { store, outbox });
  }

  /** It waits to be sent from its first moment: were there room for half of this only, it would be sent twice. */
  async #submitAnother(report, changes, { store, outbox }) {
    const insteadOf = report.insteadOf ?? report.key;
    const { key } = await store.becomeAnother(report, { ...changes, state: "waiting", writtenAt: Date.now(), insteadOf });
    outbox.wake();
    this.desk.outcome.follow(key);
  }
}
