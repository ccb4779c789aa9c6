/**
 * Finding a category among ninety: by a tap on one of those chosen last, by a part of its name, by an everyday word for it
 * (category_words.py), or by how either is typed by ear. The select below stays what counts: it shows the groups in
 * order, and works without any typing.
 */
import { soundsLike } from "./pinyin.js";

const MOST_SHOWN = 6;
const MOST_RECENT = 6;

export function searchCategories(form) {
  const [input, list] = [form.querySelector("[data-category-search]"), form.querySelector("[data-category-list]")];
  const select = form.elements.category;
  const entries = Array.from(select.querySelectorAll("option[value]:not([value=''])"), (option) => ({
    code: option.value, words: option.dataset.words.toLowerCase(), everyday: option.dataset.everyday.toLowerCase(),
    spoken: option.dataset.pinyin.split("|"), label: option.dataset.words,
  }));

  const choose = (code) => {
    select.value = code;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    input.value = "";
    list.replaceChildren();
  };

  const show = () => {
    const sought = input.value.trim().toLowerCase();
    const found = sought ? matching(entries, sought) : [];
    list.replaceChildren(...found.slice(0, MOST_SHOWN).map(({ code, label }) => suggestion(label, () => {
      choose(code);
      select.focus({ preventScroll: true });
    })));
    if (sought && !found.length) list.append(noneFound());
  };

  input.addEventListener("input", (event) => {
    event.stopPropagation(); // what is typed to search is no part of the report
    show();
  });
  input.addEventListener("change", (event) => event.stopPropagation());
  takeFirstOnEnter(input, list);
  const chips = form.querySelector("[data-chips]");
  chips.addEventListener("click", ({ target }) => { if (target.dataset.category) choose(target.dataset.category); });
  select.addEventListener("change", () => markChip(chips, select.value));
  return { mark: () => markChip(chips, select.value), offer: (codes) => offerChips(chips, select, codes) };
}

/** The codes chosen last, newest first, with `code` among them. */
export function withRecent(codes, code) {
  return [code, ...codes.filter((each) => each !== code)].slice(0, MOST_RECENT);
}

/** A line of a list of suggestions. */
export function suggestion(words, choose) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "list-group-item list-group-item-action";
  button.textContent = words;
  button.addEventListener("click", choose);
  return button;
}

/** Enter takes the first one, and never sends the report. */
export function takeFirstOnEnter(input, list) {
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") list.replaceChildren();
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    list.querySelector("button")?.click();
  });
}

/** Those whose name has the words, then those that are called so in everyday speech, then those that sound so. */
function matching(entries, sought) {
  const ways = [({ words }) => words.includes(sought), ({ everyday }) => everyday.includes(sought)];
  if (/^[a-z]+$/.test(sought)) ways.push(({ spoken }) => spoken.some((syllables) => soundsLike(sought, syllables)));
  return [...new Set(ways.flatMap((way) => entries.filter(way)))];
}

/** The worker's own choices first, then the usual ones that stand there. */
function offerChips(chips, select, codes) {
  const usual = Array.from(chips.children, (chip) => chip.dataset.category);
  const wanted = [...new Set([...codes, ...usual])].filter((code) => select.querySelector(`option[value="${CSS.escape(code)}"]`));
  chips.replaceChildren(...wanted.slice(0, MOST_RECENT).map((code) => {
    const chip = document.createElement("button");
    Object.assign(chip, { type: "button", className: "chip", textContent: nameOf(select, code) });
    chip.dataset.category = code;
    return chip;
  }));
  markChip(chips, select.value);
}

/** "Other" says nothing without its group. */
function nameOf(select, code) {
  const option = select.querySelector(`option[value="${code}"]`);
  return code.endsWith("99") ? option.dataset.words : option.textContent.trim();
}

function markChip(chips, chosen) {
  for (const chip of chips.children) chip.setAttribute("aria-pressed", String(chip.dataset.category === chosen));
}

function noneFound() {
  const words = document.createElement("p");
  words.className = "form-text mb-0";
  words.textContent = gettext("没有找到,请在下面的列表中选择。");
  return words;
}
