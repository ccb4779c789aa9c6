/** The map in words. */
import { nameOf } from "./settings.js";

const language = document.documentElement.lang;
const wholeNumber = new Intl.NumberFormat(language);
const decimals = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });

export const count = (value) => wholeNumber.format(value);
export const rate = (value) => decimals.format(value);

/** An area in few words, for the mouse. */
export function areaWords(area) {
  return interpolate(gettext("%s:%s 起,每平方公里 %s 起"), [area.name, count(area.count), rate(area.per_km2)]);
}

/** Two sentences on the area that is looked at: how many there are, and how it compares. */
export function explanation(answer, state) {
  const asked = [period(state), ...kinds(state)].join(gettext(","));
  if (!answer.total) {
    return interpolate(gettext("%s:%s,没有纠纷。可以放宽时间或其他筛选条件。"), [answer.area.name, asked]);
  }
  return howMany(answer, asked) + comparison(answer);
}

function howMany({ area, total, standing }, asked) {
  if (!standing) return interpolate(gettext("%s:%s,共 %s 起纠纷。"), [area.name, asked, count(total)]);
  const share = decimals.format((100 * total) / standing.total);
  return interpolate(gettext("%s:%s,共 %s 起纠纷,占%s的 %s%。"), [area.name, asked, count(total), standing.within, share]);
}

function comparison({ area, areas, by, standing, per_km2: perKm2 }) {
  if (standing) {
    return interpolate(gettext("每平方公里 %s 起,纠纷数在%s的 %s 个%s中排第 %s。"),
      [rate(perKm2), standing.within, standing.of, nameOf("level", area.level), standing.rank]);
  }
  const most = areas.reduce((one, other) => (other.count > one.count ? other : one));
  return interpolate(gettext("每平方公里 %s 起,%s个%s中最多的是%s(%s 起)。"),
    [rate(perKm2), areas.length, nameOf("level", by), most.name, count(most.count)]);
}

function period({ from, to }) {
  if (from && to) return interpolate(gettext("%s 至 %s"), [from, to]);
  if (from) return interpolate(gettext("%s 以来"), [from]);
  if (to) return interpolate(gettext("截至 %s"), [to]);
  return gettext("全部时间");
}

/** What else narrows the count, in the words of the form's own choices. */
function kinds({ category, level, state }) {
  const words = { category, level, state };
  return Object.entries(words).filter(([, code]) => code).map(([name, code]) => {
    const option = document.querySelector(`#map-controls [name=${name}] option[value="${CSS.escape(code)}"]`);
    return (option?.textContent ?? code).replace(/^—\s*/, "");
  });
}
