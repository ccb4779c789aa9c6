/** Pieces of a page, made by hand: text is always text, never markup. */

/** An element with a text. */
export function textual(tag, text, className = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  if (className) element.className = className;
  return element;
}

/** A link that stays on the page: `onFollow` instead of loading `address`, unless a new tab is wanted. */
export function stayingLink(text, address, onFollow) {
  const link = textual("a", text);
  link.href = address;
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    onFollow();
  });
  return link;
}
