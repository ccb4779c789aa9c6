/**
 * Finding a category among ninety by typing a part of its name or an everyday word for it (CATEGORY_WORDS
 * in category_words.py). The select below stays what counts: it shows the groups in order, and works without any typing.
 */
const MOST_SHOWN = 6;

export function searchCategories(input, select, list) {
  const entries = Array.from(select.querySelectorAll("option[value]:not([value=''])"), (option) => ({
    code: option.value, words: option.dataset.words ?? option.textContent.trim(),
    everyday: option.dataset.everyday ?? "",
  }));

  const choose = (code) => {
    select.value = code;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    input.value = "";
    list.replaceChildren();
    select.focus();
  };

  const show = () => {
    const sought = input.value.trim().toLowerCase();
    const found = sought ? matching(entries, sought) : [];
    list.replaceChildren(...found.slice(0, MOST_SHOWN).map((entry) => suggestion(entry, choose)));
    if (sought && !found.length) list.append(noneFound());
  };

  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    // Enter takes the first one, and never sends the report.
    event.preventDefault();
    list.querySelector("button")?.click();
  });
}

/** Those whose name has the words, then those that are called so in everyday speech. */
function matching(entries, sought) {
  const named = entries.filter(({ words }) => words.toLowerCase().includes(sought));
  const called = entries.filter((entry) => !named.includes(entry) && entry.everyday.toLowerCase().includes(sought));
  return [...named, ...called];
}

function suggestion({ code, words }, choose) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "list-group-item list-group-item-action";
  button.textContent = words;
  button.addEventListener("click", () => choose(code));
  return button;
}

function noneFound() {
  const words = document.createElement("p");
  words.className = "form-text mb-0";
  words.textContent = gettext("没有找到,请在下面的列表中选择。");
  return words;
}
