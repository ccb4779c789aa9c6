/**
 * The map of the report page: the worker's own units, the pin and its circle, the units to choose among by outline
 * and name. Comes after the form (Leaflet is heavy), and may not come at all.
 */
import {
  accuracyCircle, addAreas, areaStyle, chosenAreaStyle, createMap, fromMap, pin, toMap, token,
} from "../../grids/area_map.js";
import { fetchJson, orNothing } from "../../grids/requests.js";
import { loadLeaflet } from "./leaflet_loader.js";
import { offeredUnits } from "./place_view.js";

const CLOSE_ZOOM = 17;
const FAR_ZOOM = 14;
// Leaflet ignores a new view while it animates to another.
const AT_ONCE = { animate: false };
// Pixels around the worker's own area, so that its neighbours are seen.
const HOME_PADDING = [48, 32];
const STREET_CODE_LENGTH = 9;

/** @throws {Error} where Leaflet did not come. `onPin(lonLat)` hears of taps, drags and the keyboard. */
export async function openPlaceMap(element, onPin) {
  await loadLeaflet(element.dataset);
  element.classList.remove("is-missing");
  element.textContent = "";
  return new PlaceMap(element, onPin);
}

class PlaceMap {
  #map;
  #onPin;
  #home = null;
  #units = null; // layer of the units that are drawn
  #names = null; // their names, where they matter
  #around = null; // code of the street that was drawn for a place beyond the phone's own units
  #marker = null;
  #circle = null;
  #reference = null;
  #shown = null;

  constructor(element, onPin) {
    this.#map = createMap(element, { zoomControl: true });
    // On the right: names of units stand in the middle of what is seen of them, mostly on the left.
    this.#map.zoomControl.setPosition("topright");
    this.#onPin = onPin;
    this.#map.on("click", (event) => onPin(fromMap(this.#map, event.latlng)));
    element.addEventListener("keydown", (event) => {
      // Without a finger: the arrows move the map, Enter puts the pin in its middle.
      if (event.key === "Enter" && event.target === element) onPin(fromMap(this.#map, this.#map.getCenter()));
    });
    this.#drawStreets(element.dataset.streetsUrl);
  }

  /** The units that the phone holds; drawn at once. */
  setReference(reference) {
    this.#reference = reference;
    this.#drawUnits(reference?.units ?? []);
  }

  rememberHome(bounds) {
    this.#home = bounds;
  }

  /** The worker's own area, [west, south, east, north]; where none is given, that of the last time. */
  lookHome(bounds = this.#home) {
    this.#home = bounds;
    if (bounds) this.#map.fitBounds(this.#homeBounds(), { ...AT_ONCE, padding: HOME_PADDING });
  }

  lookAt({ lonLat, accuracyM }) {
    const close = toMap(this.#map, lonLat);
    if (accuracyM) this.#map.fitBounds(close.toBounds(2 * accuracyM), { ...AT_ONCE, maxZoom: CLOSE_ZOOM });
    else this.#map.setView(close, CLOSE_ZOOM, AT_ONCE);
  }

  /** About where a position is that names a part of the town at best. */
  lookAround(lonLat) {
    this.#map.setView(toMap(this.#map, lonLat), FAR_ZOOM, AT_ONCE);
  }

  /** What ReportPlace knows, after each change. */
  show(shown) {
    this.#shown = shown;
    this.#drawSpot(shown.spot);
    this.#markUnits();
    if (shown.answer.located) this.#drawAround(shown.answer);
    if (shown.answer.state === "outside") this.#showWithHome();
  }

  #drawSpot(spot) {
    this.#circle?.remove();
    this.#circle = spot?.accuracyM ? accuracyCircle(this.#map, spot.lonLat, spot.accuracyM).addTo(this.#map) : null;
    if (!spot) {
      this.#marker?.remove();
      this.#marker = null;
    } else if (this.#marker) {
      this.#marker.setLatLng(toMap(this.#map, spot.lonLat));
    } else {
      this.#marker = pin(this.#map, spot.lonLat, { draggable: true, autoPan: true, alt: gettext("纠纷位置"), keyboard: false }).addTo(this.#map);
      this.#marker.on("dragend", () => this.#onPin(fromMap(this.#map, this.#marker.getLatLng())));
    }
  }

  /** Until there is a place, the worker's own units by name; then the found one, and the others it may be. */
  #markUnits() {
    if (!this.#shown) return;
    const { answer, spot, chosen } = this.#shown;
    this.#names?.remove();
    this.#names = L.layerGroup().addTo(this.#map);
    const own = new Set(spot ? [] : (this.#reference?.units ?? []).filter((unit) => unit.own).map(({ code }) => code));
    const offered = new Set(offeredUnits(answer.located).map(({ code }) => code));
    const marked = (chosen ?? answer.located?.grid_unit)?.code;
    this.#units?.eachLayer((layer) => {
      const { code, name } = layer.feature.properties;
      layer.setStyle(styleOf({ chosen: code === marked, offered: offered.has(code), own: own.has(code), alone: own.size === 1 }));
      if (code === marked || offered.has(code)) layer.bringToFront();
      // Names of many units would cover them all.
      if (offered.has(code) || (own.has(code) && own.size === 1)) nameOn(layer, name).addTo(this.#names);
    });
    this.#circle?.bringToFront();
  }

  /** The units of the street around a place that the phone's own units do not reach. */
  async #drawAround({ located, confirmed }) {
    const { code } = located.grid_unit;
    const street = code.slice(0, STREET_CODE_LENGTH);
    const isDrawn = this.#units?.getLayers().some((layer) => layer.feature.properties.code === code);
    if (isDrawn || !confirmed || this.#around === street) return;
    this.#around = street;
    const areas = await orNothing(fetchJson(`${this.#map.getContainer().dataset.areasUrl}?within=${street}`));
    if (this.#around !== street) return;
    if (areas) this.#replaceUnits(areas);
    else this.#around = null;
  }

  #drawUnits(units) {
    const feature = ({ code, name, schematic, geometry }) => ({ type: "Feature", properties: { code, name, schematic }, geometry });
    this.#around = null;
    this.#replaceUnits({ type: "FeatureCollection", features: units.map(feature) });
  }

  async #replaceUnits(areas) {
    const layer = await addAreas(this.#map, areas);
    this.#units?.remove();
    this.#units = layer;
    this.#markUnits();
  }

  /** The streets' outlines, so that the map is never blank. Only with a network, and after everything else. */
  async #drawStreets(url) {
    if (!navigator.onLine) return;
    const streets = await orNothing(addAreas(this.#map, url));
    streets?.bringToBack();
  }

  #homeBounds() {
    return L.latLngBounds(toMap(this.#map, this.#home.slice(0, 2)), toMap(this.#map, this.#home.slice(2)));
  }

  /** A pin in no unit: show it together with the worker's own area, so that one sees which way to move it. */
  #showWithHome() {
    if (!this.#home) return;
    const both = this.#homeBounds().extend(this.#marker.getLatLng());
    this.#map.fitBounds(both, { ...AT_ONCE, paddingTopLeft: [70, 60], paddingBottomRight: [30, 30] });
  }
}

function styleOf({ chosen, offered, own, alone }) {
  if (chosen) return chosenAreaStyle();
  if (offered) return { ...areaStyle(), color: token("--gg-accent"), weight: 2, dashArray: "6 4" };
  // Thick lines between many units would leave nothing else to see.
  if (own) return alone ? chosenAreaStyle() : { ...chosenAreaStyle(), weight: 1 };
  return { ...areaStyle(), dashArray: null };
}

/** The name of an area in its middle. */
function nameOn(layer, name) {
  const words = Object.assign(document.createElement("span"), { textContent: name });
  return L.tooltip({ permanent: true, direction: "center", className: "report-name", opacity: 1 }).setLatLng(layer.getCenter()).setContent(words);
}
