/**
 * The map that every page shares: Leaflet (django-leaflet's, the global L) with the administrator's tiles if
 * there are any, areas as outlines, and the words "示意图" where boundaries are schematic.
 *
 * All coordinates that enter and leave are [lon, lat] in WGS84. Where the tiles are GCJ-02 or BD-09, they are shifted
 * only on their way to and from the screen: pass everything through `toMap` and `fromMap`.
 */
import { fromWgs84, toWgs84 } from "./datum.js";
import { fetchJson } from "./requests.js";

const DISTRICT_CENTRE = [113.325, 23.083];
const tileDatums = new WeakMap();

/** [lon, lat] in WGS84 -> where to draw it. */
export function toMap(map, lonLat) {
  const [lon, lat] = fromWgs84(lonLat, tileDatums.get(map));
  return L.latLng(lat, lon);
}

/** A place on the map -> [lon, lat] in WGS84. */
export function fromMap(map, latLng) {
  return toWgs84([latLng.lng, latLng.lat], tileDatums.get(map));
}

/** {west, south, east, north} of what is seen, in WGS84. */
export function seenBounds(map) {
  const bounds = map.getBounds();
  const [west, south] = fromMap(map, bounds.getSouthWest());
  const [east, north] = fromMap(map, bounds.getNorthEast());
  return { west, south, east, north };
}

/**
 * A Leaflet map in `element`, whose data-tile-url, data-tile-attribution and data-tile-datum hold the
 * administrator's settings (template grids/map_data.html). Without tiles the ground is a plain colour.
 * `options` go to L.map.
 */
export function createMap(element, options = {}) {
  const map = L.map(element, { zoom: 13, maxZoom: 20, minZoom: 10, zoomSnap: 0.5, ...options });
  map.attributionControl.setPrefix(false);
  const { tileUrl, tileAttribution, tileDatum } = element.dataset;
  tileDatums.set(map, tileUrl ? tileDatum : "wgs84");
  if (!options.center) map.setView(toMap(map, DISTRICT_CENTRE), map.options.zoom);
  if (tileUrl) L.tileLayer(tileUrl, { attribution: escapeHtml(tileAttribution || ""), maxZoom: 20 }).addTo(map);
  nameButtons(element);
  return map;
}

/**
 * Areas from GeoJSON (a FeatureCollection, or the address of one) as a layer on the map. `options` go to
 * L.geoJSON. Says "示意图" once on the map when a feature has `schematic: true`.
 */
export async function addAreas(map, source, options = {}) {
  const areas = typeof source === "string" ? await fetchJson(source) : source;
  const layer = L.geoJSON(areas, { style: areaStyle, ...options, coordsToLatLng: (lonLat) => toMap(map, lonLat) });
  layer.addTo(map);
  if (areas.features.some((feature) => feature.properties.schematic)) labelSchematic(map);
  return layer;
}

/** Outlines that stay quiet behind what is drawn on them. Colours come from tokens.css. */
export function areaStyle() {
  return { color: token("--gg-map-line"), weight: 1, fillOpacity: 0, interactive: false };
}

/** The outline of the one area that the page is about. */
export function chosenAreaStyle() {
  return { color: token("--gg-accent"), weight: 3, fillColor: token("--gg-accent"), fillOpacity: 0.12, interactive: false };
}

/** The circle in which the position lies with 95 % (Geolocation's `accuracy`), in metres. */
export function accuracyCircle(map, lonLat, accuracyM) {
  return L.circle(toMap(map, lonLat), {
    radius: accuracyM, color: token("--gg-accent"), weight: 1, fillOpacity: 0.1, interactive: false,
  });
}

/** A pin. Not Leaflet's picture, whose name changes with static files' hashes. */
export function pin(map, lonLat, options = {}) {
  const icon = L.divIcon({
    className: "map-pin", html: '<i class="bi bi-geo-alt-fill" aria-hidden="true"></i>', iconSize: [40, 40], iconAnchor: [20, 40],
  });
  return L.marker(toMap(map, lonLat), { icon, ...options });
}

/** Value of a colour or size in tokens.css. */
export function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function labelSchematic(map) {
  if (map.getContainer().querySelector(".schematic-label")) return;
  const label = L.control({ position: "bottomleft" });
  label.onAdd = () => {
    const element = L.DomUtil.create("div", "schematic-label");
    element.textContent = gettext("示意图");
    element.title = gettext("边界为示意,不是测绘成果");
    return element;
  };
  label.addTo(map);
}

/** Leaflet's zoom buttons speak English; give them the page's language. */
function nameButtons(element) {
  const names = { ".leaflet-control-zoom-in": gettext("放大"), ".leaflet-control-zoom-out": gettext("缩小") };
  for (const [selector, name] of Object.entries(names)) {
    const button = element.querySelector(selector);
    if (!button) continue;
    button.title = name;
    button.setAttribute("aria-label", name);
  }
}

function escapeHtml(text) {
  const element = document.createElement("span");
  element.textContent = text;
  return element.innerHTML;
}
