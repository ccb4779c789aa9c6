/**
 * Saying in words where the pin is: the unit in large type, how sure that is, the units to choose among, and
 * what to do when the phone does not tell its position.
 */
import { RequestRefused } from "../grids/requests.js";
import { PositionTooVague } from "./report_place.js";

// Beyond this a position says less than a tap on the map.
const POOR_ACCURACY_M = 200;
const PERMISSION_DENIED = 1;
// Units that the circle hardly touches, or the tenth of them, are no help to choose.
const LEAST_SHARE = 0.03;
const MOST_OFFERED = 5;

export function showWhere(place, form) {
  const unit = form.querySelector("[data-unit]");
  const note = form.querySelector("[data-unit-note]");
  const choice = form.querySelector("[data-candidates]");
  const button = form.querySelector("[data-use-position]");
  const say = (name, words) => {
    unit.textContent = name;
    note.textContent = words;
  };
  let failure = "";

  place.addEventListener("asking", () => {
    say(gettext("正在确定网格…"), "");
    choice.hidden = true;
    failure = gettext("还没有确定网格,请稍候。");
    form.querySelector('[data-error-for="location"]').hidden = true;
  });
  place.addEventListener("located", ({ detail }) => {
    say(detail.grid_unit.name, `${detail.street.name} · ${detail.community.name} · ${sureness(place, detail)}`);
    offerCandidates(place, choice, detail, unit);
  });
  place.addEventListener("failed", ({ detail }) => {
    failure = whyNot(detail);
    say(gettext("没有确定网格"), failure);
  });

  const usePosition = async () => {
    button.disabled = true;
    say(gettext("正在定位…"), "");
    try {
      await place.usePosition();
    } catch (error) {
      failure = noPosition(error);
      if (!place.place) say(gettext("请在地图上点出位置"), failure);
      else if (place.located) say(place.located.grid_unit.name, failure);
    } finally {
      button.disabled = false;
    }
  };
  button.addEventListener("click", usePosition);

  return {
    usePosition,
    /** Code of the candidate that the worker chose, null where nothing was to choose. */
    chosenUnit: () => choice.querySelector("input:checked")?.value ?? null,
    unitName: () => unit.textContent,
    whyNotLocated: () => failure || gettext("请在地图上点出位置。"),
  };
}

function sureness(place, located) {
  const { accuracyM } = place.place;
  if (accuracyM === null) return gettext("位置由您在地图上确定。");
  const metres = Math.round(accuracyM);
  if (metres > POOR_ACCURACY_M) {
    return interpolate(gettext("定位误差约 %s 米,请把图钉拖到准确位置。"), [metres]);
  }
  const words = located.certain ? gettext("定位误差约 %s 米。") : gettext("定位误差约 %s 米,靠近边界,请选择所在网格:");
  return interpolate(words, [metres]);
}

/** Radio buttons with name and share, where the circle of accuracy touches several units. */
function offerCandidates(place, choice, located, unit) {
  choice.hidden = located.certain || located.candidates.length < 2;
  choice.querySelectorAll("label").forEach((label) => label.remove());
  if (choice.hidden) return;
  const found = located.grid_unit.code;
  const offered = located.candidates.filter(({ code, share }) => code === found || share >= LEAST_SHARE).slice(0, MOST_OFFERED);
  choice.append(...offered.map((candidate) => candidateLabel(candidate, candidate.code === found)));
  choice.onchange = ({ target }) => {
    place.markUnit(target.value);
    unit.textContent = target.dataset.name;
  };
}

function candidateLabel({ code, name, share }, chosen) {
  const label = document.createElement("label");
  label.className = "candidate";
  const radio = Object.assign(document.createElement("input"), { type: "radio", name: "grid_unit", value: code, checked: chosen });
  radio.className = "form-check-input";
  radio.dataset.name = name;
  const words = Object.assign(document.createElement("span"), { textContent: name });
  const part = Object.assign(document.createElement("span"), { className: "candidate-share", textContent: `${Math.round(share * 100)}%` });
  label.append(radio, words, part);
  return label;
}

function whyNot(error) {
  const distance = error instanceof RequestRefused ? error.problem.distance_m : undefined;
  if (distance === undefined) return error.message;
  const words = distance < 1000
    ? interpolate(gettext("%s 米"), [Math.round(distance)])
    : interpolate(gettext("%s 公里"), [(distance / 1000).toFixed(1)]);
  return interpolate(gettext("这个位置在本区之外,离最近的网格 %s。请把图钉移到纠纷发生的地方。"), [words]);
}

function noPosition(error) {
  if (error instanceof PositionTooVague) {
    const kilometres = (error.accuracyM / 1000).toFixed(1);
    return interpolate(gettext("定位误差约 %s 公里,不能确定网格。请在地图上点出位置。"), [kilometres]);
  }
  if (error.code === PERMISSION_DENIED) return gettext("手机没有允许定位。请在地图上点出位置,或在浏览器设置中允许定位。");
  return gettext("没有取得定位。请在地图上点出位置,或到空旷处再试。");
}
