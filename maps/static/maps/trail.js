/** The way from one's own area to the one that is looked at. */

/** Fill the list `element`: links up, and the area itself as the page's heading. */
export function drawTrail(element, trail, addressOf, onChoose) {
  element.replaceChildren(...trail.map((area, index) => {
    const item = document.createElement("li");
    item.append(index === trail.length - 1 ? heading(area) : link(area, addressOf, onChoose));
    return item;
  }));
}

function heading(area) {
  const title = document.createElement("h1");
  title.setAttribute("aria-current", "location");
  title.textContent = area.name;
  return title;
}

function link(area, addressOf, onChoose) {
  const anchor = document.createElement("a");
  anchor.href = addressOf(area.code);
  anchor.textContent = area.name;
  anchor.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    onChoose(area.code);
  });
  return anchor;
}
