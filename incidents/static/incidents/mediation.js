/**
 * The page of the legal loop: more rows of instalments, and printing a code. Both work without it.
 */
for (const rows of document.querySelectorAll("[data-instalments]")) {
  const button = rows.querySelector("[data-add-row]");
  button.hidden = false;
  button.addEventListener("click", () => addRow(rows, button));
}
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
openNamed();
window.addEventListener("hashchange", openNamed);

/** Django counts the rows in TOTAL_FORMS; the template's fields carry __prefix__ for the number. */
function addRow(rows, button) {
  const total = rows.querySelector("[name$=-TOTAL_FORMS]");
  const number = Number(total.value);
  const html = rows.querySelector("template").innerHTML.replaceAll("__prefix__", number);
  button.insertAdjacentHTML("beforebegin", html);
  total.value = number + 1;
  button.hidden = number + 1 >= Number(rows.dataset.most);
  button.previousElementSibling.querySelector("input").focus();
}

/** A link to a folded form opens it. */
function openNamed() {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (target instanceof HTMLDetailsElement) {
    target.open = true;
    target.scrollIntoView();
  }
}
