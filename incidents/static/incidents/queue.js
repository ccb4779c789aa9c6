/**
 * The queue by keyboard: j and k go down and up, Enter opens (the row is a link that has the focus).
 */
import { rememberQueue } from "./last_queue.js";

rememberQueue(location.search);
const links = Array.from(document.querySelectorAll("[data-queue] a"));

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) return;
  const step = { j: 1, k: -1 }[event.key];
  if (!step || !links.length) return;
  event.preventDefault();
  const here = links.indexOf(document.activeElement);
  const next = here === -1 ? 0 : Math.min(Math.max(here + step, 0), links.length - 1);
  links[next].focus();
  links[next].scrollIntoView({ block: "nearest" });
});

// An empty field says nothing, and need not stand in the address.
document.querySelector("[data-filter]")?.addEventListener("submit", ({ target }) => {
  for (const field of target.elements) field.disabled = field.name !== "" && field.value === "";
});

// One button for all that can be chosen on this page.
const pickAll = document.querySelector("[data-pick-all]");
if (pickAll) {
  const boxes = Array.from(document.querySelectorAll(".queue-pick input"));
  pickAll.hidden = false;
  pickAll.addEventListener("click", () => {
    const all = boxes.every((box) => box.checked);
    boxes.forEach((box) => { box.checked = !all; });
  });
}

function isTyping(element) {
  return element.matches("input, textarea, select, [contenteditable]");
}
