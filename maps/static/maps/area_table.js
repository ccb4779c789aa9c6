/** The table that says what the map says. Its names lead down as a click on the map does. */
import { stayingLink, textual } from "./elements.js";
import { nameOf } from "./settings.js";
import { count, rate } from "./sentences.js";

export class AreaTable {
  /** `onChoose(code)` for a name that is followed, `onPoint(code or null)` while the mouse or focus is on a row. */
  constructor(element, { onChoose, onPoint, addressOf }) {
    this.element = element;
    this.onChoose = onChoose;
    this.onPoint = onPoint;
    this.addressOf = addressOf;
    this.order = { key: "count", down: true };
    for (const header of element.querySelectorAll("th[data-sort]")) {
      header.querySelector("button").addEventListener("click", () => this.sortBy(header.dataset.sort));
    }
  }

  draw(answer) {
    this.answer = answer;
    const title = interpolate(gettext("%(area)s的 %(count)s 个%(level)s"),
      { area: answer.area.name, count: answer.areas.length, level: nameOf("level", answer.by) }, true);
    this.element.caption.textContent = title;
    this.element.tBodies[0].replaceChildren(...this.sorted().map((area) => this.row(area)));
    this.element.tFoot.replaceChildren(...footRows(answer));
    this.markOrder();
  }

  sortBy(key) {
    const same = this.order.key === key;
    this.order = { key, down: same ? !this.order.down : key !== "name" };
    this.draw(this.answer);
  }

  sorted() {
    const { key, down } = this.order;
    const sign = down ? -1 : 1;
    // Names follow the codes: "第2网格" comes before "第10网格".
    const value = key === "name" ? "code" : key;
    return [...this.answer.areas].sort((a, b) => (
      a[value] === b[value] ? a.code.localeCompare(b.code) : sign * (a[value] < b[value] ? -1 : 1)
    ));
  }

  markOrder() {
    for (const header of this.element.querySelectorAll("th[data-sort]")) {
      const chosen = header.dataset.sort === this.order.key;
      header.setAttribute("aria-sort", chosen ? (this.order.down ? "descending" : "ascending") : "none");
    }
  }

  row(area) {
    const row = document.createElement("tr");
    row.dataset.code = area.code;
    const name = document.createElement("th");
    name.scope = "row";
    name.append(this.link(area));
    row.append(name, number(count(area.count)), number(rate(area.per_km2)));
    for (const event of ["mouseenter", "focusin"]) row.addEventListener(event, () => this.onPoint(area.code));
    for (const event of ["mouseleave", "focusout"]) row.addEventListener(event, () => this.onPoint(null));
    return row;
  }

  link(area) {
    if (area.code === this.answer.area.code) return textual("span", area.name);
    return stayingLink(area.name, this.addressOf(area.code), () => this.onChoose(area.code));
  }

  /** Mark the row of an area, or none. */
  point(code) {
    for (const row of this.element.tBodies[0].rows) row.classList.toggle("is-pointed", row.dataset.code === code);
  }
}

function footRows({ areas, total, unplaced, per_km2: perKm2 }) {
  const rows = [];
  if (unplaced) rows.push(foot(gettext("边界已撤销的区域"), count(unplaced), ""));
  if (areas.length > 1) rows.push(foot(gettext("合计"), count(total), rate(perKm2)));
  return rows;
}

function foot(words, ...numbers) {
  const row = document.createElement("tr");
  const name = textual("th", words);
  name.scope = "row";
  row.append(name, ...numbers.map(number));
  return row;
}

function number(text) {
  return textual("td", text, "number");
}
