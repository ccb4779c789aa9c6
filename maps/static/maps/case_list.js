/** Cases at one place, as a list of links. No titles: they may say something about people. */
import { textual } from "./elements.js";
import { nameOf } from "./settings.js";

/** An element that lists `cases`; `total` may be more. */
export function caseList(cases, total) {
  const element = document.createElement("div");
  element.className = "map-cases";
  if (total > 1) element.append(textual("p", totalWords(cases.length, total), "map-cases-total"));
  const list = document.createElement("ul");
  list.append(...cases.map(entry));
  element.append(list);
  return element;
}

function entry(facts) {
  const item = document.createElement("li");
  const link = textual("a", facts.case_number);
  link.href = facts.url;
  item.append(
    link, textual("span", nameOf("risk", facts.risk), `risk risk-${facts.risk}`),
    textual("span", nameOf("category", facts.category)),
    textual("span", `${nameOf("level", facts.level)} · ${nameOf("state", facts.state)}`, "text-secondary"),
  );
  return item;
}

function totalWords(shown, total) {
  if (shown === total) return interpolate(gettext("此处 %s 起纠纷"), [total]);
  return interpolate(gettext("此处 %s 起纠纷,列出最近 %s 起"), [total, shown]);
}
