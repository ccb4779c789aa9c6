/**
 * The report's form: its fields as a record keeps them, and what is wrong beside the field.
 */
const FIELDS = ["title", "description", "category", "scale", "people_involved", "occurred_at", "source", "address",
  "injury_or_threat", "amount_yuan"];

/** Values of the fields by name, as they stand in the form. */
export function readFields(form) {
  return Object.fromEntries(FIELDS.map((name) => [name, form.elements[name].value]));
}

/** Parties that have a name or a telephone. */
export function readParties(form) {
  const rows = Array.from(form.querySelectorAll("[data-party]"), (row) => ({
    name: row.querySelector("[name=party_name]").value.trim(),
    phone: row.querySelector("[name=party_phone]").value.trim(),
    role: row.querySelector("[name=party_role]").value,
  }));
  return rows.filter((party) => party.name || party.phone);
}

/** Show `report` in the form, or an empty one's beginnings. */
export function fillForm(form, { kind, fields, parties, dispute }) {
  form.reset();
  for (const [name, value] of Object.entries(fields)) {
    if (FIELDS.includes(name) && value) form.elements[name].value = value;
  }
  if (!form.elements.occurred_at.value) sayNow(form);
  const rows = form.querySelector("[data-parties]");
  rows.replaceChildren(...parties.map((party) => partyRow(party)), partyRow());
  const supplement = kind === "supplement";
  form.querySelectorAll("[data-report-only], .report-place").forEach((part) => { part.hidden = supplement; });
  form.querySelector("[data-supplement]").hidden = !supplement;
  form.querySelector("[data-supplement-number]").textContent = dispute?.case_number ?? "";
  form.querySelectorAll("details").forEach((fold) => { fold.open = false; });
  clearFieldErrors(form);
}

/** It happened just now, as long as the worker says nothing else. */
export function sayNow(form) {
  form.elements.occurred_at.value = localMinute(new Date());
}

/** A row for one more party, with the cursor in it. */
export function addParty(form) {
  const rows = form.querySelector("[data-parties]");
  rows.append(partyRow());
  rows.lastElementChild.querySelector("input").focus();
}

function partyRow(party = {}) {
  const row = document.getElementById("party-row").content.firstElementChild.cloneNode(true);
  for (const [name, value] of Object.entries(party)) {
    const field = row.querySelector(`[name="party_${name}"]`);
    // A role in the other language of the page is a role as well.
    if (value && field.tagName === "SELECT" && ![...field.options].some((option) => option.value === value)) field.append(new Option(value));
    field.value = value;
  }
  return row;
}

/** {field: [words]} of what the phone itself can tell is missing. `placeProblem` is "" for a place that can be sent. */
export function whatIsMissing(form, { kind }, placeProblem) {
  if (kind === "supplement") return form.elements.description.value.trim() ? {} : { description: [gettext("请填写这一项。")] };
  const missing = placeProblem ? { location: [placeProblem] } : {};
  for (const name of ["category", "scale", "people_involved", "title", "occurred_at"]) {
    if (!form.elements[name].value.trim()) missing[name] = [gettext("请填写这一项。")];
  }
  const people = form.elements.people_involved;
  if (!missing.people_involved && !people.checkValidity()) {
    missing.people_involved = [interpolate(gettext("请填写 1 到 %s 的整数。"), [people.max])];
  }
  const nameless = readParties(form).some(({ name }) => !name);
  if (nameless) missing.parties = [gettext("请填写当事人姓名。")];
  return missing;
}

/** − and + beside the number of people. */
export function stepPeople(form) {
  const field = form.elements.people_involved;
  for (const button of form.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => {
      const people = Number(field.value || 0) + Number(button.dataset.step);
      field.value = Math.min(Math.max(people, Number(field.min)), Number(field.max));
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}

/** A title that follows the category until the worker writes their own. */
export function followCategory(form) {
  const { title, category } = form.elements;
  const titleOf = () => category.selectedOptions[0]?.dataset.title ?? "";
  let before = titleOf();
  category.addEventListener("change", () => {
    if (title.value === "" || title.value === before) {
      title.value = titleOf();
      clearError(form, "title");
    }
    before = titleOf();
  });
  return { filled: () => { before = titleOf(); } };
}

/**
 * Put each error beside its field and go to the first. `errors` is {field: [text or {message}]}; what belongs to no field
 * of the form, and `words` about the whole, stand above the button.
 */
export function showFieldErrors(form, errors, words = "") {
  const rest = words ? [words] : [];
  for (const [name, found] of Object.entries(errors)) {
    const place = form.querySelector(`[data-error-for="${CSS.escape(name)}"]`);
    if (!place) {
      rest.push(...messages(found));
      continue;
    }
    place.textContent = messages(found).join(" ");
    place.hidden = false;
    place.closest("details")?.setAttribute("open", "");
    form.querySelectorAll(`[name="${CSS.escape(name)}"]`).forEach((field) => field.setAttribute("aria-invalid", "true"));
  }
  const box = form.querySelector("[data-failure]");
  box.hidden = !rest.length;
  box.textContent = rest.join(" ");
  const first = form.querySelector("[data-error-for]:not([hidden])");
  const target = first ? form.querySelector(`[name="${first.dataset.errorFor}"]`) ?? first : box;
  target.scrollIntoView({ block: "center" });
  target.focus({ preventScroll: true });
}

/** All messages in the API's errors of one field, which may be nested (location, parties). */
export function messages(found) {
  if (typeof found === "string") return [inReadersLanguage(found)];
  if (typeof found?.message === "string") return [inReadersLanguage(found.message)];
  return Object.values(found ?? {}).flatMap(messages);
}

/** Rules of the domain say their sentence twice: "中文。 / English." */
function inReadersLanguage(sentence) {
  const [chinese, english] = sentence.split(" / ");
  return english && document.documentElement.lang.startsWith("en") ? english : chinese;
}

export function clearFieldErrors(form) {
  form.querySelectorAll("[data-error-for], [data-failure]").forEach((place) => { place.hidden = true; });
  form.querySelectorAll("[aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
}

/** A field that is touched again is no longer wrong, as far as one knows: its error goes. */
export function clearErrorsAsMended(form) {
  for (const kind of ["input", "change"]) {
    form.addEventListener(kind, ({ target }) => {
      if (target.name) clearError(form, target.name.startsWith("party_") ? "parties" : target.name);
    });
  }
}

export function clearError(form, name) {
  form.querySelectorAll(`[data-error-for="${CSS.escape(name)}"]`).forEach((place) => { place.hidden = true; });
  form.querySelectorAll(`[name="${CSS.escape(name)}"]`).forEach((field) => field.removeAttribute("aria-invalid"));
}

function localMinute(date) {
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60000);
  return local.toISOString().slice(0, 16);
}
