/**
 * Known addresses of the unit, offered as the worker types: by what is written, or by how it is typed by ear. They come
 * with the reference data, so no request is made and none is missed without a network.
 */
import { suggestion, takeFirstOnEnter } from "./category_search.js";
import { soundsLike } from "./pinyin.js";

const MOST_SHOWN = 5;

/** `unitCode` gives the code of the unit of now, or null: then addresses of all own units are offered. */
export function suggestAddresses(form, unitCode) {
  const [input, list] = [form.elements.address, form.querySelector("[data-address-list]")];
  let known = [];

  const choose = (text) => {
    input.value = text;
    list.replaceChildren();
    input.dispatchEvent(new Event("change", { bubbles: true }));
    input.focus({ preventScroll: true });
  };
  const show = () => {
    const unit = unitCode();
    const here = known.some((address) => address.unit === unit) ? known.filter((address) => address.unit === unit) : known;
    const found = matching(here, squeezed(input.value)).filter(({ text }) => text !== input.value);
    list.replaceChildren(...found.slice(0, MOST_SHOWN).map(({ text }) => suggestion(text, () => choose(text))));
  };
  input.addEventListener("input", show);
  input.addEventListener("blur", ({ relatedTarget }) => { if (!list.contains(relatedTarget)) setTimeout(() => list.replaceChildren(), 200); });
  takeFirstOnEnter(input, list);
  return { setKnown: (addresses) => { known = addresses; } };
}

function matching(addresses, sought) {
  if (!sought) return [];
  const written = addresses.filter(({ text }) => squeezed(text).includes(sought));
  if (!/^[a-z]+[0-9]*/.test(sought)) return written;
  return [...new Set([...written, ...addresses.filter(({ pinyin }) => heard(sought, pinyin ?? ""))])];
}

function heard(sought, pinyin) {
  return pinyin.includes(" ") ? soundsLike(sought, pinyin) : pinyin.includes(sought);
}

function squeezed(text) {
  return text.replace(/\s+/g, "").toLowerCase();
}
