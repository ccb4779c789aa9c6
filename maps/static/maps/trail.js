/** The way from one's own area to the one that is looked at. */
import { stayingLink, textual } from "./elements.js";

/** Fill the list `element`: links up, and the area itself as the page's heading. */
export function drawTrail(element, trail, addressOf, onChoose) {
  element.replaceChildren(...trail.map((area, index) => {
    const item = document.createElement("li");
    const last = index === trail.length - 1;
    item.append(last ? heading(area) : stayingLink(area.name, addressOf(area.code), () => onChoose(area.code)));
    return item;
  }));
}

function heading(area) {
  const title = textual("h1", area.name);
  title.setAttribute("aria-current", "location");
  return title;
}
