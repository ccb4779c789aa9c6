/**
 * The report's form: its fields as the API's body, and the API's errors beside the fields.
 */

/** Values of the plain fields by name. Parties are read only for the body. */
export function formFields(form) {
  return Object.fromEntries(Array.from(new FormData(form)).filter(([name]) => !name.startsWith("party_")));
}

export function fillForm(form, fields) {
  for (const [name, value] of Object.entries(fields)) {
    const field = form.elements[name];
    if (field) field.value = value;
  }
  if (!form.elements.occurred_at.value) form.elements.occurred_at.value = localMinute(new Date());
}

/** What the API wants. `unit` is the worker's choice among candidates, null where the place alone decides. */
export function readBody(form, location, unit) {
  const fields = formFields(form);
  const parties = readParties(form);
  return {
    title: fields.title.trim(),
    description: fields.description.trim(),
    category: fields.category,
    scale: fields.scale,
    people_involved: Number(fields.people_involved),
    occurred_at: new Date(fields.occurred_at).toISOString(),
    source: fields.source,
    location,
    ...(fields.address.trim() ? { address: fields.address.trim() } : {}),
    ...(unit ? { grid_unit: unit } : {}),
    ...(fields.injury_or_threat ? { injury_or_threat: true } : {}),
    ...(fields.amount_yuan.trim() ? { amount_yuan: fields.amount_yuan.trim() } : {}),
    ...(parties.length ? { parties } : {}),
  };
}

function readParties(form) {
  const rows = Array.from(form.querySelectorAll("[data-party]"), (row) => ({
    name: row.querySelector("[name=party_name]").value.trim(),
    phone: row.querySelector("[name=party_phone]").value.trim(),
    role: row.querySelector("[name=party_role]").value,
  }));
  return rows.filter((party) => party.name || party.phone);
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

/**
 * Put each error beside its field and go to the first. `errors` is {field: [text or {message}]}; what belongs
 * to no field of the form stands above the button.
 */
export function showFieldErrors(form, errors) {
  const rest = [];
  for (const [name, found] of Object.entries(errors)) {
    const words = messages(found).join(" ");
    const place = form.querySelector(`[data-error-for="${CSS.escape(name)}"]`);
    if (!place) {
      rest.push(words);
      continue;
    }
    place.textContent = words;
    place.hidden = false;
    place.closest("details")?.setAttribute("open", "");
    form.querySelectorAll(`[name="${CSS.escape(name)}"]`).forEach((field) => field.setAttribute("aria-invalid", "true"));
  }
  const box = form.querySelector("[data-failure]");
  if (rest.length) {
    box.hidden = false;
    box.querySelector("[data-failure-words]").textContent = rest.join(" ");
  }
  const first = form.querySelector("[data-error-for]:not([hidden])");
  const target = first ? form.querySelector(`[name="${first.dataset.errorFor}"]`) ?? first : box;
  target.scrollIntoView({ block: "center" });
  target.focus?.({ preventScroll: true });
}

/** All messages in the API's errors of one field, which may be nested (location, parties). */
function messages(found) {
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
      const name = target.name?.startsWith("party_") ? "parties" : target.name;
      if (!name) return;
      form.querySelectorAll(`[data-error-for="${CSS.escape(name)}"]`).forEach((place) => { place.hidden = true; });
      form.querySelectorAll(`[name="${CSS.escape(target.name)}"]`).forEach((field) => field.removeAttribute("aria-invalid"));
    });
  }
}

function localMinute(date) {
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60000);
  return local.toISOString().slice(0, 16);
}
