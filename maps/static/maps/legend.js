/** What the colours and signs mean, in words. */
import { textual } from "./elements.js";
import { nameOf, settings } from "./settings.js";
import { rate } from "./sentences.js";

/** Fill `element`. `answer` is that of the areas; `heat` and `points` say whether these are drawn as well. */
export function drawLegend(element, { answer, measure, heat, points }) {
  element.replaceChildren(
    textual("p", shadeTitle(answer.by, measure), "map-legend-title"),
    scale(answer.classes[measure], measure),
  );
  if (heat) element.append(note(heatStrip(), gettext("热力:浅黄为零星,橙为较集中,深红为屏幕内最集中")));
  if (points) {
    element.append(note(sample("map-cluster", "8"), gettext("圆圈里的数字:该处的纠纷数,点击展开")));
    const risk = Object.values(settings.names.risk)[0];
    element.append(note(sample("map-case risk-red", [...risk][0]), gettext("单起纠纷,字为风险颜色(红、橙、黄、蓝),点击打开案件")));
  }
}

function shadeTitle(by, measure) {
  const words = measure === "count" ? gettext("底色:每个%s的纠纷数(起)") : gettext("底色:每个%s每平方公里的纠纷数(起)");
  return interpolate(words, [nameOf("level", by)]);
}

function scale(classes, measure) {
  const list = document.createElement("ol");
  list.className = "map-scale";
  list.append(step(settings.palette.nothing, gettext("没有"), ""));
  classes.forEach((each, index) => {
    list.append(step(settings.palette.shades[index], range(each, measure), extremeWords(index, classes.length)));
  });
  return list;
}

/** Which end of the scale is which; a scale of one class has no ends. */
function extremeWords(index, length) {
  if (length < 2) return "";
  return { 0: gettext("最少"), [length - 1]: gettext("最多") }[index] ?? "";
}

function step(colour, words, extreme) {
  const item = document.createElement("li");
  const swatch = document.createElement("span");
  swatch.className = "map-swatch";
  swatch.style.backgroundColor = colour;
  item.append(swatch, textual("span", words), textual("span", extreme, "map-extreme"));
  return item;
}

function range({ low, high }, measure) {
  const [from, to] = measure === "count" ? [low, high] : [rate(low), rate(high)];
  // A zero-width space: large numbers break after the dash.
  return low === high ? `${from}` : `${from}–\u200b${to}`;
}

function heatStrip() {
  const strip = document.createElement("span");
  strip.className = "map-heat-strip";
  strip.style.backgroundImage = `linear-gradient(to right, ${Object.values(settings.palette.heat).join(", ")})`;
  return strip;
}

function note(sign, words) {
  const line = document.createElement("p");
  line.className = "map-legend-note";
  line.append(sign, textual("span", words));
  return line;
}

function sample(className, text) {
  const element = textual("span", text, `map-sample ${className}`);
  element.setAttribute("aria-hidden", "true");
  return element;
}
