/**
 * What became of the report that was sent last, at the head of the page: on its way, kept for later, received with its case
 * number, or in need of the worker.
 */
import { stateWords, troubleWords } from "./states.js";

/** What a report waits for. Whatever it is, it need not be waited for on this page. */
const WAITS_FOR = {
  offline: () => gettext("已保存在本机,有网络时自动发送。"),
  portal: () => gettext("已保存在本机,有网络时自动发送。"),
  server: () => gettext("已保存在本机,服务器恢复后自动发送。"),
  signed_out: () => gettext("已保存在本机,登录后自动发送。"),
  other_worker: () => gettext("已保存在本机,用原来的账号登录后自动发送。"),
  not_allowed: () => gettext("已保存在本机,账号可以上报时自动发送。"),
};

export class OutcomeView {
  constructor(element, caseUrl) {
    Object.assign(this, { element, caseUrl, key: null, since: 0 });
    element.querySelector("[data-action='close-outcome']").addEventListener("click", () => this.close());
  }

  /** From now on tell of the report `key`. */
  follow(key) {
    Object.assign(this, { key, since: Date.now() });
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
    // Taken back. As a draft it may have been read before it was sent, too.
    else if (report.state === "draft") { if (report.changedAt > this.since) this.close(); }
    else if (WAITS_FOR[connection]) this.#say("waiting", WAITS_FOR[connection]());
    else this.#say("sending", gettext("正在上报…"));
  }

  #say(state, words, receipt = null) {
    this.element.dataset.outcome = state;
    this.element.querySelector(".bi").className = `bi ${stateWords(state).icon}`;
    put(this.element.querySelector("[data-outcome-words]"), words);
    const [number, link] = [this.element.querySelector("[data-sent]"), this.element.querySelector("[data-sent-link]")];
    number.hidden = link.hidden = !receipt;
    this.element.querySelector("[data-outcome-list]").hidden = state !== "needs_you";
    put(this.element.querySelector("[data-sent-number]"), receipt?.case_number ?? "");
    if (receipt) link.href = this.caseUrl(receipt.dispute_id);
  }
}

/** Said aloud only when it changes. */
function put(element, words) {
  if (element.textContent !== words) element.textContent = words;
}
