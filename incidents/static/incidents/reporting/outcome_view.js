/**
 * What became of the report that was sent last, at the head of the page: on its way, kept for later, received with its case
 * number, or in need of the worker.
 */
import { stateWords, troubleWords } from "./states.js";

const UNREACHED = new Set(["offline", "portal", "server", "signed_out", "other_worker", "not_allowed"]);

export class OutcomeView {
  constructor(element, caseUrl) {
    Object.assign(this, { element, caseUrl, key: null });
    element.querySelector("[data-action='close-outcome']").addEventListener("click", () => this.close());
  }

  /** From now on tell of the report `key`. */
  follow(key) {
    this.key = key;
    this.#say("sending", gettext("正在上报…"));
    this.element.hidden = false;
    window.scrollTo(0, 0);
    this.element.focus({ preventScroll: true });
  }

  close() {
    this.key = null;
    this.element.hidden = true;
  }

  show(report, connection) {
    if (!report || report.key !== this.key) return;
    if (report.state === "sent") this.#say("sent", report.kind === "supplement" ? gettext("已补充到案件") : gettext("已上报"), report.receipt);
    else if (report.state === "needs_you") this.#say("needs_you", troubleWords(report.trouble ?? {}), report.receipt);
    else if (report.receipt) this.#say("sending", gettext("已收到,照片还在发送…"), report.receipt);
    else if (UNREACHED.has(connection)) this.#say("waiting", gettext("已保存在本机,有网络时自动发送。"));
    else if (report.state === "waiting") this.#say("sending", gettext("正在上报…"));
    else this.close(); // taken back
  }

  #say(state, words, receipt = null) {
    this.element.dataset.outcome = state;
    this.element.querySelector(".bi").className = `bi ${stateWords(state).icon}`;
    put(this.element.querySelector("[data-outcome-words]"), words);
    const [number, link] = [this.element.querySelector("[data-sent]"), this.element.querySelector("[data-sent-link]")];
    number.hidden = link.hidden = !receipt;
    put(this.element.querySelector("[data-sent-number]"), receipt?.case_number ?? "");
    if (receipt) link.href = this.caseUrl(receipt.dispute_id);
  }
}

/** Said aloud only when it changes. */
function put(element, words) {
  if (element.textContent !== words) element.textContent = words;
}
