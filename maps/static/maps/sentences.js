/** The map in words. */
import { nameOf } from "./settings.js";

const language = document.documentElement.lang;
const wholeNumber = new Intl.NumberFormat(language);
const decimals = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });

export const count = (value) => wholeNumber.format(value);
export const rate = (value) => decimals.format(value);

/** A sentence with its facts put in by name: languages order them differently. */
const say = (sentence, facts) => interpolate(sentence, facts, true);

/** An area in few words, for the mouse. */
export function areaWords(area) {
  return say(gettext("%(area)s:%(count)s 起,每平方公里 %(rate)s 起"),
    { area: area.name, count: count(area.count), rate: rate(area.per_km2) });
}

/** Two sentences on the area that is looked at: how many there are, and how it compares. */
export function explanation(answer, state) {
  const asked = [period(state), ...kinds(state)].join(gettext(","));
  if (!answer.total) {
    return say(gettext("%(area)s:%(asked)s,没有纠纷。可以放宽时间或其他筛选条件。"), { area: answer.area.name, asked });
  }
  return howMany(answer, asked) + comparison(answer);
}

function howMany({ area, total, standing }, asked) {
  const facts = { area: area.name, asked, count: count(total) };
  if (!standing) return say(gettext("%(area)s:%(asked)s,共 %(count)s 起纠纷。"), facts);
  const share = `${rate((100 * total) / standing.total)}%`;
  return say(gettext("%(area)s:%(asked)s,共 %(count)s 起纠纷,占%(within)s的 %(share)s。"),
    { ...facts, within: standing.within, share });
}

function comparison({ area, areas, by, standing, per_km2: perKm2 }) {
  if (standing) {
    return say(gettext("每平方公里 %(rate)s 起,纠纷数在%(within)s的 %(of)s 个%(level)s中排第 %(rank)s。"),
      { ...standing, rate: rate(perKm2), level: nameOf("level", area.level) });
  }
  const most = areas.reduce((one, other) => (other.count > one.count ? other : one));
  return say(gettext("每平方公里 %(rate)s 起,%(of)s 个%(level)s中最多的是%(most)s(%(count)s 起)。"), {
    rate: rate(perKm2), of: areas.length, level: nameOf("level", by), most: most.name, count: count(most.count),
  });
}

function period({ from, to }) {
  if (from && to) return say(gettext("%(from)s 至 %(to)s"), { from, to });
  if (from) return say(gettext("%(from)s 以来"), { from });
  if (to) return say(gettext("截至 %(to)s"), { to });
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
