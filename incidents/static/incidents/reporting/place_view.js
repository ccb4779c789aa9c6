/**
 * Saying in words where the pin is: the unit in large type, how sure that is, the units to choose among, and what to
 * do when the phone does not tell its position. Says all there is to say where the map is missing.
 */
import { notOwnWords, outsideWords, sureness } from "./place_words.js";
import { isOwn } from "./unit_question.js";

// Units that the circle hardly touches, or the tenth of them, are no help to choose.
const LEAST_SHARE = 0.03;
const MOST_OFFERED = 5;

/** The candidates worth offering, the found unit always among them; none where there is nothing to choose. */
export function offeredUnits(located) {
  if (!located || located.certain || located.candidates.length < 2) return [];
  const found = located.grid_unit.code;
  return located.candidates.filter(({ code, share }) => code === found || share >= LEAST_SHARE).slice(0, MOST_OFFERED);
}

export class PlaceView {
  #part;
  #choice;
  #button;
  #finding = false;
  #shown = null;
  #offered = "";

  constructor(element, { onChoose, onUsePosition }) {
    this.#part = (name) => element.querySelector(`[data-${name}]`);
    this.#choice = this.#part("candidates");
    this.#button = this.#part("use-position");
    this.#button.addEventListener("click", onUsePosition);
    this.#choice.addEventListener("change", ({ target }) => onChoose({ code: target.value, name: target.dataset.name }));
  }

  setFinding(now) {
    this.#finding = now;
    // Not disabled: pale words are no help in sunlight, and who taps again begins anew.
    this.#button.setAttribute("aria-busy", String(now));
    if (now && !this.#shown?.spot) this.#say(gettext("正在定位…"), "");
  }

  /** `answer` as in unit_question.js, and whatever else ReportPlace knows. */
  show(shown) {
    this.#shown = shown;
    const { answer, spot, failure } = shown;
    const [name, note] = this.#words(shown);
    this.#say(name, [note, spot && failure].filter(Boolean).join(" "));
    this.#part("unit").dataset.unit = (shown.chosen ?? answer.located?.grid_unit ?? shown.kept)?.code ?? "";
    this.#offer(offeredUnits(answer.located), shown);
    this.#warn(shown);
  }

  /** The map did not come. Leaves its place small, so that the form is near. */
  sayNoMap() {
    const map = this.#part("leaflet-js");
    map.classList.add("is-missing");
    map.textContent = gettext("地图暂时打不开,不影响上报。");
  }

  get mapIsMissing() {
    return this.#part("leaflet-js").classList.contains("is-missing");
  }

  #words({ answer, spot, chosen, kept, failure }) {
    const { state, located } = answer;
    if (!spot) return this.#finding ? [gettext("正在定位…"), ""] : [gettext("请在地图上点出位置"), failure];
    if (state === "located") {
      return [(chosen ?? located.grid_unit).name, `${located.street.name} · ${located.community.name} · ${sureness(spot, located)}`];
    }
    if (state === "outside") return [gettext("没有确定网格"), outsideWords(answer.distance_m)];
    if (state === "refused") return [gettext("没有确定网格"), answer.words];
    if (state === "unknown") return [kept?.name ?? gettext("网格待定"), gettext("没有网络,送达后由服务器确定网格。")];
    return [kept?.name ?? gettext("正在确定网格…"), ""];
  }

  #warn({ answer, spot, chosen, reference }) {
    const unit = chosen ?? answer.located?.grid_unit;
    const own = unit ? isOwn(reference, unit.code) : null;
    this.#put("not-own", own === false ? notOwnWords(unit.name) : "");
    this.#put("datum-note", spot?.datum === "gcj02" ? gettext("这个浏览器给出的是 GCJ-02 坐标,地图上已换算。") : "");
  }

  #say(name, note) {
    this.#put("unit", name);
    this.#put("unit-note", note);
  }

  /** Only what is another: a screen reader says again whatever is written again. */
  #put(part, words) {
    const element = this.#part(part);
    if (element.textContent !== words) element.textContent = words;
    element.hidden = !words;
  }

  /** Radio buttons with name and share, where the circle of accuracy touches several units. */
  #offer(offered, { answer, chosen }) {
    const checked = chosen?.code ?? answer.located?.grid_unit.code;
    const now = JSON.stringify([offered, checked]);
    // Not drawn anew under a finger when the server only confirms what the phone said.
    if (now === this.#offered) return;
    this.#offered = now;
    const focused = this.#choice.contains(document.activeElement);
    this.#choice.hidden = !offered.length;
    this.#choice.querySelectorAll("label").forEach((label) => label.remove());
    this.#choice.append(...offered.map((candidate) => candidateLabel(candidate, candidate.code === checked)));
    if (focused) this.#choice.querySelector("input:checked")?.focus();
  }
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
