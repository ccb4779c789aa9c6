/**
 * The reports on this phone: those that the server does not have, oldest first, then those just sent. Only cards that
 * changed are drawn anew, so that a finger or the keyboard's focus stays where it is.
 */
import { isBlank, isUnsent } from "./record.js";
import { stateWords, troubleWords } from "./states.js";

const MOST_SHOWN = 50;
/** What a card offers, most likely first: [data-action, words, look]. */
const ACTIONS = {
  draft: () => [["edit", gettext("继续写"), "primary"], ["save-file", gettext("存为文件")], ["remove", gettext("删除"), "danger"]],
  waiting: () => [["send-again", gettext("现在发送"), "primary"], ["take-back", gettext("取回修改")], ["save-file", gettext("存为文件")]],
  sending: () => [],
  needs_you: () => [["edit", gettext("改正"), "primary"], ["send-again", gettext("再次发送")], ["save-file", gettext("存为文件")], ["remove", gettext("删除"), "danger"]],
  received: () => [["supplement", gettext("补充到该案"), "primary"], ["send-anew", gettext("是另一件,作为新的上报")], ["remove", gettext("已经报过了,删除"), "danger"]],
  stuck: () => [["send-again", gettext("再发一次照片"), "primary"], ["skip-photos", gettext("不再发送照片")], ["save-file", gettext("存为文件")]],
  sent: () => [["remove", gettext("清除")]],
};

export class ReportList {
  /** `act(action, key)` is told what was tapped; `caseUrl(id)` gives a case's address; `nameOfCategory(code)` its words. */
  constructor(element, { act, caseUrl, nameOfCategory }) {
    Object.assign(this, { caseUrl, nameOfCategory });
    this.list = element.querySelector("[data-reports]");
    this.none = element.querySelector("[data-list-empty]");
    this.more = element.querySelector("[data-list-more]");
    this.drawn = new Map(); // key -> what its card says
    this.list.addEventListener("click", ({ target }) => {
      const button = target.closest("button[data-action]");
      if (button) act(button.dataset.action, button.closest("[data-report]").dataset.report);
    });
  }

  /** @param {string|null} sending key of the report under way; `editing` that of the one in the form */
  show(reports, { sending, editing }) {
    const all = inOrder(reports.filter((report) => !isBlank(report)));
    const shown = all.slice(0, MOST_SHOWN);
    this.none.hidden = all.length > 0;
    this.more.hidden = all.length <= MOST_SHOWN;
    this.more.textContent = interpolate(gettext("还有 %s 件没有列出。"), [all.length - MOST_SHOWN]);
    const cards = shown.map((report) => this.#card(report, report.key === sending, report.key === editing));
    for (const card of [...this.list.children]) if (!cards.includes(card)) card.remove();
    cards.forEach((card, index) => {
      if (this.list.children[index] !== card) this.list.insertBefore(card, this.list.children[index] ?? null);
    });
    const present = new Set(shown.map(({ key }) => key));
    for (const key of this.drawn.keys()) if (!present.has(key)) this.drawn.delete(key);
  }

  #card(report, isSending, isEdited) {
    const says = JSON.stringify([report, isSending, isEdited]);
    const before = this.drawn.get(report.key);
    if (before?.says === says) return before.card;
    const card = before?.card ?? document.getElementById("report-card").content.firstElementChild.cloneNode(true);
    this.drawn.set(report.key, { says, card });
    this.#fill(card, report, isSending ? "sending" : report.state, isEdited);
    return card;
  }

  #fill(card, report, state, isEdited) {
    const { icon, words } = stateWords(state);
    Object.assign(card.dataset, { report: report.key, state });
    card.querySelector(".bi").className = `bi ${icon}`;
    card.querySelector("[data-state-words]").textContent = isEdited ? gettext("正在写") : words;
    card.querySelector("[data-title]").textContent = report.fields.title || gettext("还没有标题");
    card.querySelector("[data-facts-line]").textContent = this.#factsOf(report);
    const when = new Date(report.receipt?.at ?? report.writtenAt ?? report.changedAt);
    Object.assign(card.querySelector("[data-when]"), { textContent: minuteOf(when), dateTime: when.toISOString() });
    const trouble = card.querySelector("[data-trouble]");
    trouble.hidden = state !== "needs_you" || !report.trouble;
    trouble.textContent = trouble.hidden ? "" : troubleWords(report.trouble);
    card.querySelector("[data-actions]").replaceChildren(...this.#caseLink(report), ...buttonsOf(report, state, isEdited));
  }

  #factsOf({ kind, fields, place, photos, dispute }) {
    const parts = [
      kind === "supplement" ? interpolate(gettext("补充到 %s"), [dispute.case_number]) : "",
      fields.category ? this.nameOfCategory(fields.category) : "",
      place?.unit?.name ?? "",
      photos.length ? interpolate(gettext("%s 张照片"), [photos.length]) : "",
    ];
    return parts.filter(Boolean).join(" · ");
  }

  #caseLink({ receipt, trouble }) {
    const found = receipt ?? trouble?.received;
    if (!found) return [];
    const link = document.createElement("a");
    Object.assign(link, { className: "btn btn-outline-primary", href: this.caseUrl(found.dispute_id) });
    const number = Object.assign(document.createElement("strong"), { textContent: found.case_number });
    number.dataset.caseNumber = found.case_number;
    link.append(`${gettext("查看案件")} `, number);
    return [link];
  }
}

function buttonsOf(report, state, isEdited) {
  const offered = ACTIONS[situation(report, state)]().filter(([action]) => {
    if (action === "edit") return !isEdited;
    // The case is there already: only its photos are still to come.
    return action !== "take-back" || !report.receipt;
  });
  return offered.map(([action, words, look = "secondary"]) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: words });
    button.className = look === "primary" ? "btn btn-primary" : `btn btn-outline-${look}`;
    button.dataset.action = action;
    return button;
  });
}

function situation({ trouble, receipt }, state) {
  if (state !== "needs_you") return state;
  // The case is there: only a photo is in the way.
  if (receipt) return "stuck";
  return trouble?.received ? "received" : state;
}

/** Unsent ones oldest first, then the sent ones, newest first. */
function inOrder(reports) {
  const sent = reports.filter((report) => !isUnsent(report)).reverse();
  return [...reports.filter(isUnsent), ...sent];
}

function minuteOf(date) {
  const two = (number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
