/** Heat of the disputes: counts in squares of the ground, spread over the screen by leaflet.heat. */
import { toMap } from "../grids/area_map.js";
import { settings } from "./settings.js";

export class Heat {
  constructor(map) {
    this.map = map;
    this.layer = L.heatLayer([], {
      // Few disputes leave hardly a trace, so that the shades under the heat keep their colour.
      minOpacity: 0.01, maxZoom: 0, gradient: settings.palette.heat, ...settings.heat,
    });
  }

  /** Draw the answer of the server, or nothing without one. */
  draw(answer) {
    if (!answer?.cells.length) {
      this.layer.remove();
      return;
    }
    this.layer.setOptions({ max: answer.full });
    this.layer.setLatLngs(answer.cells.map(([lon, lat, count]) => {
      const place = toMap(this.map, [lon, lat]);
      return L.latLng(place.lat, place.lng, count);
    }));
    if (!this.map.hasLayer(this.layer)) this.layer.addTo(this.map);
  }
}
