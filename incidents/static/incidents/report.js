/**
 * The report page: joins the place (report_place.js), the form and the sending (report_send.js).
 */
import { RequestRefused, fetchJson, orNothing } from "../grids/requests.js";
import { searchCategories } from "./category_search.js";
import { ReportDraft } from "./report_draft.js";
import { clearErrorsAsMended, clearFieldErrors, fillForm, formFields, readBody, showFieldErrors, stepPeople } from "./report_form.js";
import { ReportPlace } from "./report_place.js";
import { sendReport } from "./report_send.js";
import { showWhere } from "./report_where.js";

const form = document.getElementById("report");
const sendButton = form.querySelector("[data-send]");
const sendNote = form.querySelector("[data-send-note]");
const draft = new ReportDraft(form.dataset.user);
const place = new ReportPlace(document.getElementById("report-map"), {
  locateUrl: form.dataset.locateUrl,
  areasUrl: form.dataset.areasUrl,
  streetsUrl: form.dataset.streetsUrl,
  bounds: form.dataset.bounds ? form.dataset.bounds.split(",").map(Number) : null,
  home: JSON.parse(form.dataset.home),
});
const where = showWhere(place, form);
const received = form.querySelector("[data-received]");

fillForm(form, draft.fields);
suggestTitle();
searchCategories(form.querySelector("[data-category-search]"), form.elements.category, form.querySelector("[data-category-list]"));
stepPeople(form);
suggestAddresses();
addParty();
clearErrorsAsMended(form);
form.addEventListener("input", () => draft.keep(formFields(form)));
form.addEventListener("change", () => draft.keep(formFields(form)));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  // Return in a field also submits: while it is open which dispute this is, only the two buttons decide.
  if (draft.received) received.scrollIntoView({ block: "center" });
  else send();
});
received.querySelector("[data-send-anew]").addEventListener("click", sendAnew);
received.querySelector("[data-discard]").addEventListener("click", discard);
if (draft.received) showReceived();
where.usePosition();

let sending = false;

async function send() {
  // A second tap while the first is under way.
  if (sending) return;
  clearFieldErrors(form);
  const missing = whatIsMissing();
  if (Object.keys(missing).length) {
    showFieldErrors(form, missing);
    return;
  }
  setSending(true);
  try {
    const body = readBody(form, place.asJson(), where.chosenUnit());
    const dispute = await sendReport(form.dataset.reportUrl, draft.key, body, (attempt) => {
      sendNote.textContent = interpolate(gettext("网络不通,正在重试(第 %s 次)。请不要关闭页面。"), [attempt]);
    });
    draft.finish();
    showSuccess(dispute, where.unitName());
  } catch (error) {
    if (isReceivedAlready(error)) {
      const { case_number, dispute_id } = error.problem;
      draft.supersede({ case_number, dispute_id });
      showReceived();
    } else showFailure(error);
  } finally {
    setSending(false);
  }
}

function isReceivedAlready(error) {
  return error instanceof RequestRefused && error.problem.code === "report_key_reused";
}

/** An earlier version of these words is a case already: say so, and let the worker decide what the words are. */
function showReceived() {
  const { case_number, dispute_id } = draft.received;
  received.querySelector("[data-received-words]").textContent = interpolate(
    gettext("这份上报的前一版已经送达,案号 %s。之后改动的内容没有送出:可到案件中补充。"), [case_number],
  );
  received.querySelector("[data-received-link]").href = disputeUrl(dispute_id);
  form.querySelector("[data-failure]").hidden = true;
  sendNote.textContent = "";
  sendButton.hidden = true;
  received.hidden = false;
  received.scrollIntoView({ block: "center" });
}

function sendAnew() {
  draft.becomeNew();
  received.hidden = true;
  sendButton.hidden = false;
  send();
}

function discard() {
  const { case_number, dispute_id } = draft.received;
  draft.finish();
  showSuccess({ case_number, id: dispute_id }, "");
}

function whatIsMissing() {
  const missing = {};
  if (!place.located) missing.location = [where.whyNotLocated()];
  for (const name of ["category", "scale", "people_involved", "title", "occurred_at"]) {
    if (!form.elements[name].value.trim()) missing[name] = [gettext("请填写这一项。")];
  }
  const people = form.elements.people_involved;
  if (!missing.people_involved && !people.checkValidity()) {
    missing.people_involved = [interpolate(gettext("请填写 1 到 %s 的整数。"), [people.max])];
  }
  return missing;
}

function setSending(now) {
  sending = now;
  sendButton.disabled = now;
  sendButton.querySelector("[data-send-words]").textContent = now ? gettext("正在发送…") : gettext("上报");
  if (now) sendNote.textContent = "";
}

function showFailure(error) {
  const box = form.querySelector("[data-failure]");
  box.hidden = false;
  box.querySelector("[data-failure-words]").textContent = failureWords(error);
  const signIn = box.querySelector("[data-sign-in]");
  signIn.hidden = !(error instanceof RequestRefused && error.signedOut);
  sendNote.textContent = "";
  if (error instanceof RequestRefused && error.problem.errors) showFieldErrors(form, error.problem.errors);
  else box.scrollIntoView({ block: "center" });
}

function failureWords(error) {
  if (!(error instanceof RequestRefused)) {
    return gettext("还没有发出:连不上服务器。内容已保留,网络恢复后请再点“上报”,不会重复。");
  }
  if (error.problem.errors) return gettext("没有发出:请改正标出的内容。");
  return error.message;
}

function disputeUrl(id) {
  return form.dataset.disputeUrl.replace("00000000-0000-0000-0000-000000000000", id);
}

/** `placeName` is "" where the case was received with an earlier place, which is not known here. */
function showSuccess(dispute, placeName) {
  const done = document.getElementById("report-done");
  done.querySelector("[data-case-number]").textContent = dispute.case_number;
  done.querySelector("[data-case-link]").href = disputeUrl(dispute.id);
  done.querySelector("[data-case-place]").textContent = placeName;
  form.hidden = true;
  done.hidden = false;
  window.scrollTo(0, 0);
  done.focus();
}

/** A title that follows the category until the worker writes their own. */
function suggestTitle() {
  const { title, category } = form.elements;
  let suggested = title.value === "" ? "" : null;
  category.addEventListener("change", () => {
    if (suggested === null || title.value !== suggested) return;
    const chosen = category.selectedOptions[0];
    suggested = chosen?.value ? chosen.dataset.title : "";
    title.value = suggested;
  });
}

/** Known addresses of the unit, asked for as the worker types. */
function suggestAddresses() {
  const list = document.getElementById("known-addresses");
  let asking = null;
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const unit = where.chosenUnit() ?? place.located?.grid_unit.code;
    if (!unit) return;
    const query = new URLSearchParams({ unit, q: form.elements.address.value });
    // Suggestions only: the address can be typed without them.
    const answer = await orNothing(fetchJson(`${form.dataset.addressesUrl}?${query}`, { signal: asking.signal }));
    if (answer) list.replaceChildren(...answer.addresses.map((text) => Object.assign(document.createElement("option"), { value: text })));
  };
  form.elements.address.addEventListener("input", ask);
  place.addEventListener("located", ask);
}

function addParty() {
  const rows = form.querySelector("[data-parties]");
  const template = document.getElementById("party-row");
  const add = () => rows.append(template.content.cloneNode(true));
  form.querySelector("[data-add-party]").addEventListener("click", () => {
    add();
    rows.lastElementChild.querySelector("input").focus();
  });
  add();
}
