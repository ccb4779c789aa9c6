/** Heat of the disputes: counts in squares of the ground, spread over the screen by leaflet.heat. */
import { toMap } from "../grids/area_map.js";
import { settings } from "./settings.js";

const RADIUS_PX = 18;
const BLUR_PX = 16;
// Few disputes leave hardly a trace, so that the shades under the heat keep their colour. The hottest squares are this share of all; they have the last colour.
const HOTTEST = 0.01;
// Spots of neighbouring squares lie over one another and add up: alone, a square must look weaker than it is.
const NEIGHBOURS = 1.5;
const LEAST_FULL = 3; // disputes in a square: fewer are never drawn as the hottest

export class Heat {
  constructor(map) {
    this.map = map;
    this.layer = L.heatLayer([], {
      radius: RADIUS_PX, blur: BLUR_PX, minOpacity: 0.01, maxZoom: 0, gradient: settings.palette.heat,
    });
  }

  /** Draw the answer of the server, or nothing without one. */
  draw(answer) {
    if (!answer?.cells.length) {
      this.layer.remove();
      return;
    }
    this.layer.setOptions({ max: fullCount(answer.cells.map(([, , count]) => count)) });
    this.layer.setLatLngs(answer.cells.map(([lon, lat, count]) => {
      const place = toMap(this.map, [lon, lat]);
      return L.latLng(place.lat, place.lng, count);
    }));
    if (!this.map.hasLayer(this.layer)) this.layer.addTo(this.map);
  }
}

/** The count at which a square alone has the hottest colour. */
function fullCount(counts) {
  const sorted = [...counts].sort((a, b) => a - b);
  return NEIGHBOURS * Math.max(LEAST_FULL, sorted[Math.floor((sorted.length - 1) * (1 - HOTTEST))]);
}
