/**
 * Where it happened: the phone's position or a pin set by hand, and the grid unit that the server finds for it.
 *
 * Every move asks the server anew. Answers may overtake each other on a slow network, so only that to the last
 * question counts.
 */
import { accuracyCircle, addAreas, areaStyle, chosenAreaStyle, createMap, fromMap, pin, toMap } from "../grids/area_map.js";
import { fetchJson, orNothing } from "../grids/requests.js";

const GEOLOCATION = { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 };
const CLOSE_ZOOM = 17;
const FAR_ZOOM = 14;
// Leaflet ignores a new view while it animates to another.
const AT_ONCE = { animate: false };
// Pixels around the worker's own area, so that its neighbours are seen.
const HOME_PADDING = [48, 32];
const STREET_CODE_LENGTH = 9;
// A position from the mobile network alone: it names a street at best, so the worker says where.
const VAGUE_M = 1000;

export class PositionTooVague extends Error {
  constructor(accuracyM) {
    super("position too vague");
    this.accuracyM = accuracyM;
  }
}

export class ReportPlace extends EventTarget {
  /** `element` holds the map. Events: "asking", "located" (detail: the Location), "failed" (detail: the error). */
  constructor(element, { locateUrl, areasUrl, streetsUrl, bounds, home }) {
    super();
    this.locateUrl = locateUrl;
    this.areasUrl = areasUrl;
    this.streetsUrl = streetsUrl;
    this.place = null; // {lonLat, accuracyM or null}
    this.located = null;
    this.map = createMap(element, { zoomControl: true });
    this.bounds = bounds; // [west, south, east, north] of the worker's own area, or null
    if (bounds) this.map.fitBounds(this.#home(), { ...AT_ONCE, padding: HOME_PADDING });
    this.#drawStreets();
    this.#drawHome(home);
    this.map.on("click", (event) => this.putPin(fromMap(this.map, event.latlng)));
    element.addEventListener("keydown", (event) => {
      // Without a finger: the arrows move the map, Enter puts the pin in its middle.
      if (event.key === "Enter" && event.target === element) this.putPin(fromMap(this.map, this.map.getCenter()));
    });
  }

  /**
   * Ask the phone where it is. Settles when it has answered.
   * @throws {GeolocationPositionError | PositionTooVague} with no pin put
   */
  async usePosition() {
    const { coords } = await currentPosition();
    const lonLat = [coords.longitude, coords.latitude];
    if (coords.accuracy > VAGUE_M) {
      this.map.setView(toMap(this.map, lonLat), FAR_ZOOM, AT_ONCE);
      throw new PositionTooVague(coords.accuracy);
    }
    this.map.setView(toMap(this.map, lonLat), CLOSE_ZOOM, AT_ONCE);
    this.#moveTo(lonLat, coords.accuracy);
  }

  /** A place chosen by hand: it is as exact as the hand, so no accuracy goes with it. */
  putPin(lonLat) {
    this.#moveTo(lonLat, null);
  }

  /** The place for the report's body. */
  asJson() {
    const [lon, lat] = this.place.lonLat.map((degrees) => Number(degrees.toFixed(7)));
    const accuracy = this.place.accuracyM === null ? {} : { accuracy_m: Math.round(this.place.accuracyM) };
    return { lon, lat, datum: "wgs84", ...accuracy };
  }

  /** Where the worker is on duty. */
  #home() {
    return L.latLngBounds(toMap(this.map, this.bounds.slice(0, 2)), toMap(this.map, this.bounds.slice(2)));
  }

  /** A pin in no unit: show it together with the worker's own area, so that one sees which way to move it. */
  #showWithHome() {
    if (this.bounds) this.map.fitBounds(this.#home().extend(this.marker.getLatLng()), { ...AT_ONCE, paddingTopLeft: [70, 60], paddingBottomRight: [30, 30] });
  }

  /** The streets' outlines, so that the map is never blank. The page works without them. */
  async #drawStreets() {
    const streets = await orNothing(addAreas(this.map, this.streetsUrl));
    streets?.bringToBack();
  }

  /**
   * Until there is a place: the worker's own areas (`home`, a list of {code, name}), filled and named among the
   * units of their street. Nothing of it for work in the whole district, whose streets are drawn anyway.
   */
  async #drawHome(home) {
    const streets = new Set(home.map(({ code }) => code.slice(0, STREET_CODE_LENGTH)));
    const [street] = streets;
    if (streets.size !== 1 || street.length < STREET_CODE_LENGTH) return;
    const areas = await orNothing(fetchJson(`${this.areasUrl}?within=${street}`));
    if (!areas || this.place) return;
    this.units = await addAreas(this.map, areas);
    this.unitsOf = street;
    const names = home.map(({ code, name }) => {
      const own = this.units.getLayers().filter((layer) => layer.feature.properties.code.startsWith(code));
      // Thick lines between the many units of a street would leave nothing else to see.
      const style = own.length === 1 ? chosenAreaStyle() : { ...chosenAreaStyle(), weight: 1 };
      own.forEach((layer) => layer.setStyle(style).bringToFront());
      return own.length ? nameOn(own, name) : null;
    });
    this.homeNames = L.layerGroup(names.filter(Boolean)).addTo(this.map);
  }

  #moveTo(lonLat, accuracyM) {
    this.homeNames?.remove();
    this.place = { lonLat, accuracyM };
    this.#draw();
    this.#locate();
  }

  #draw() {
    const { lonLat, accuracyM } = this.place;
    if (this.marker) {
      this.marker.setLatLng(toMap(this.map, lonLat));
    } else {
      this.marker = pin(this.map, lonLat, { draggable: true, autoPan: true, alt: gettext("纠纷位置"), keyboard: false }).addTo(this.map);
      this.marker.on("dragend", () => this.putPin(fromMap(this.map, this.marker.getLatLng())));
    }
    this.circle?.remove();
    this.circle = accuracyM ? accuracyCircle(this.map, lonLat, accuracyM).addTo(this.map) : null;
  }

  async #locate() {
    this.asking?.abort();
    this.asking = new AbortController();
    const { signal } = this.asking;
    this.located = null;
    this.dispatchEvent(new CustomEvent("asking"));
    try {
      const located = await fetchJson(`${this.locateUrl}?${new URLSearchParams(this.asJson())}`, { signal });
      this.located = located;
      this.dispatchEvent(new CustomEvent("located", { detail: located }));
      await this.#drawUnits(located.grid_unit.code, signal);
    } catch (error) {
      if (signal.aborted) return;
      this.#eraseUnits();
      this.#showWithHome();
      this.dispatchEvent(new CustomEvent("failed", { detail: error }));
    }
  }

  /** The units of the street around the place, the found one marked. */
  async #drawUnits(code, signal) {
    const street = code.slice(0, STREET_CODE_LENGTH);
    if (this.unitsOf !== street) {
      const areas = await fetchJson(`${this.areasUrl}?within=${street}`, { signal });
      this.#eraseUnits();
      this.units = await addAreas(this.map, areas);
      this.unitsOf = street;
    }
    this.markUnit(code);
  }

  /** Mark the unit that is found, or that the worker chose. */
  markUnit(code) {
    this.units?.eachLayer((layer) => {
      const chosen = layer.feature.properties.code === code;
      layer.setStyle(chosen ? chosenAreaStyle() : areaStyle());
      if (chosen) layer.bringToFront();
    });
  }

  #eraseUnits() {
    this.units?.remove();
    this.units = null;
    this.unitsOf = null;
  }
}

/** The name of an area in the middle of its `layers`. */
function nameOn(layers, name) {
  const middle = layers.length === 1 ? layers[0].getCenter() : L.featureGroup(layers).getBounds().getCenter();
  const words = Object.assign(document.createElement("span"), { textContent: name });
  return L.tooltip({ permanent: true, direction: "center", className: "report-home", opacity: 1 }).setLatLng(middle).setContent(words);
}

function currentPosition() {
  return new Promise((resolve, reject) => {
    // Missing on plain http, except on localhost.
    if (!navigator.geolocation) reject(new Error("no geolocation"));
    else navigator.geolocation.getCurrentPosition(resolve, reject, GEOLOCATION);
  });
}
