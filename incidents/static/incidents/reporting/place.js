/**
 * Where it happened: the phone's position or a pin set by hand, and the grid unit that it lies in.
 *
 *   const place = new ReportPlace(form.querySelector(".report-place"));   // partials/report_map.html
 *   place.setReference(reference);        // answer of reporting/reference, when it is there, and when it is newer
 *   place.setBounds([w, s, e, n]);        // of the worker's own area, from reporting/worker; may be null
 *   await place.usePosition();            // asks the phone; says in words what goes wrong, throws nothing
 *   place.value                           // `place` of a report's record, or null
 *   place.set(record.place);              // another draft is opened: null empties; dispatches nothing by itself
 *   place.problem                         // why it cannot be sent like this, in words, or ""
 *   place.located                         // last answer: {grid_unit, community, street, …}, or null
 *   place.startMap();                     // loads Leaflet and the map: once the form is ready; never throws
 *   place.addEventListener("changed", …)  // `value` is another: keep it
 *   place.addEventListener("answered", …) // `located` or `problem` may be another: addresses, errors
 *
 * Settings come from the form around the element: data-locate-url, data-fix-wait-ms, data-gcj02-browsers.
 */
import { toWgs84 } from "../../grids/datum.js";
import { watchForFix } from "./fix.js";
import { PlaceView } from "./place_view.js";
import { noPosition, outsideWords } from "./place_words.js";
import { askForUnit } from "./unit_question.js";

export class ReportPlace extends EventTarget {
  #element;
  #settings;
  #view;
  #map = null;
  #mapComing = false;
  #reference = null;
  #bounds = null;
  #spot = null; // {lon, lat, datum, accuracyM, foundBy, lonLat}: as it was found, and lonLat in WGS84
  #answer = { state: "none" };
  #chosen = null; // {code, name} that the worker chose among the candidates
  #kept = null; // {unit, certain} of a draft that was opened, until it is found anew
  #finding = null; // AbortController of the search for a position
  #asking = null; // AbortController of the question for the unit
  #failure = "";
  #told = "null";

  constructor(element) {
    super();
    this.#element = element;
    this.#settings = settingsOf(element.closest("form"));
    this.#view = new PlaceView(element, { onChoose: (unit) => this.#choose(unit), onUsePosition: () => this.usePosition() });
    window.addEventListener("online", () => this.#comeOnline());
  }

  get value() {
    if (!this.#spot) return null;
    const { lon, lat, datum, accuracyM, foundBy } = this.#spot;
    const unit = this.#chosen ?? this.located?.grid_unit ?? this.#kept?.unit ?? null;
    return {
      lon, lat, datum, accuracy_m: accuracyM, found_by: foundBy,
      unit: unit && { code: unit.code, name: unit.name },
      chosen_unit: this.#chosen?.code ?? null,
      certain: this.located?.certain ?? this.#kept?.certain ?? false,
    };
  }

  get located() {
    return this.#answer.located ?? null;
  }

  get problem() {
    if (!this.#spot) return this.#failure || gettext("请在地图上点出位置。");
    if (this.#answer.state === "outside") return outsideWords(this.#answer.distance_m);
    return this.#answer.state === "refused" ? this.#answer.words : "";
  }

  set(place) {
    this.#finding?.abort();
    this.#failure = "";
    this.#chosen = place?.chosen_unit ? place.unit : null;
    this.#kept = place && { unit: place.unit, certain: place.certain };
    this.#told = JSON.stringify(place);
    if (place) {
      const { lon, lat, datum, accuracy_m: accuracyM, found_by: foundBy } = place;
      this.#spot = { lon, lat, datum, accuracyM, foundBy, lonLat: toWgs84([lon, lat], datum) };
      this.#ask();
      this.#map?.lookAt(this.#spot);
    } else {
      this.#asking?.abort();
      this.#spot = null;
      this.#hear({ state: "none" });
      this.#map?.lookHome();
    }
  }

  setReference(reference) {
    this.#reference = reference;
    this.#map?.setReference(reference);
    if (this.#spot && !this.#answer.confirmed) this.#ask();
    else this.#show();
  }

  setBounds(bounds) {
    this.#bounds = bounds;
    if (!this.#spot) this.#map?.lookHome(bounds);
    else this.#map?.rememberHome(bounds);
  }

  /** Ask the phone where it is. Settles when it has nothing better to say; a pin set meanwhile ends it. */
  async usePosition() {
    this.#finding?.abort();
    this.#finding = new AbortController();
    const { signal } = this.#finding;
    this.#failure = "";
    this.#view.setFinding(true);
    let first = true;
    try {
      await watchForFix({
        waitMs: this.#settings.fixWaitMs, signal,
        onFix: (coords) => {
          this.#moveTo(this.#spotOfDevice(coords));
          if (first) this.#map?.lookAt(this.#spot);
          first = false;
        },
      });
    } catch (error) {
      this.#failure = noPosition(error);
      if (!this.#spot && error.lonLat) this.#map?.lookAround(error.lonLat);
    } finally {
      // Another search that has begun meanwhile says for itself when it ends.
      if (this.#finding.signal === signal) this.#view.setFinding(false);
      this.#show();
    }
  }

  /** Leaflet and the map, when there is time for them. Without them the words and the phone's position do. */
  async startMap() {
    if (this.#map || this.#mapComing) return;
    this.#mapComing = true;
    try {
      const { openPlaceMap } = await import("./place_map.js");
      this.#map = await openPlaceMap(this.#element.querySelector(".report-map"), (lonLat) => this.#putPin(lonLat));
      this.#map.setReference(this.#reference);
      this.#map.lookHome(this.#bounds);
      this.#show();
      if (this.#spot) this.#map.lookAt(this.#spot);
    } catch (error) {
      // A chunk or Leaflet did not come: no network, and not in the cache.
      console.warn(error);
      this.#view.sayNoMap();
    } finally {
      this.#mapComing = false;
    }
  }

  /** A place chosen by hand: it is as exact as the hand, so no accuracy goes with it. */
  #putPin([lon, lat]) {
    this.#finding?.abort();
    const lonLat = [lon, lat].map((degrees) => Number(degrees.toFixed(7)));
    this.#moveTo({ lon: lonLat[0], lat: lonLat[1], datum: "wgs84", accuracyM: null, foundBy: "hand", lonLat });
  }

  #spotOfDevice({ longitude: lon, latitude: lat, accuracy }) {
    const { datum } = this.#settings;
    const accuracyM = Math.round(accuracy * 10) / 10;
    return { lon, lat, datum, accuracyM, foundBy: "device", lonLat: toWgs84([lon, lat], datum) };
  }

  #moveTo(spot) {
    this.#spot = spot;
    this.#kept = null;
    this.#failure = "";
    this.#ask();
  }

  #ask() {
    this.#asking?.abort();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    const tell = (answer) => this.#hear(answer);
    askForUnit(this.#spot, { reference: this.#reference, locateUrl: this.#settings.locateUrl, signal, tell });
  }

  #hear(answer) {
    this.#answer = answer;
    // A choice holds as long as it is one: not where another place, or a better fix, leaves nothing to choose.
    const { located } = answer;
    const offered = located && !located.certain && located.candidates.some(({ code }) => code === this.#chosen?.code);
    if (["outside", "refused", "none"].includes(answer.state) || (located && !offered)) this.#chosen = null;
    this.#show();
    this.#tell();
  }

  #choose(unit) {
    this.#chosen = unit;
    this.#show();
    this.#tell();
  }

  #show() {
    const shown = {
      answer: this.#answer, spot: this.#spot, chosen: this.#chosen, kept: this.#kept?.unit ?? null,
      failure: this.#failure, reference: this.#reference,
    };
    this.#view.show(shown);
    this.#map?.show(shown);
  }

  #tell() {
    const now = JSON.stringify(this.value);
    const changed = now !== this.#told;
    this.#told = now;
    if (changed) this.dispatchEvent(new CustomEvent("changed"));
    this.dispatchEvent(new CustomEvent("answered"));
  }

  #comeOnline() {
    if (this.#spot && !this.#answer.confirmed) this.#ask();
    if (this.#view.mapIsMissing) this.startMap();
  }
}

function settingsOf({ dataset }) {
  const parts = (dataset.gcj02Browsers ?? "").split(",").map((part) => part.trim().toLowerCase()).filter(Boolean);
  const browser = navigator.userAgent.toLowerCase();
  return {
    locateUrl: dataset.locateUrl,
    fixWaitMs: Number(dataset.fixWaitMs ?? 8000),
    // Some browsers made for China hand out the shifted coordinates of Chinese maps; which ones is a setting.
    datum: parts.some((part) => browser.includes(part)) ? "gcj02" : "wgs84",
  };
}
