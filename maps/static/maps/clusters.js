/** Disputes on the screen: a circle with a number for several, the risk's word for one. Both lead to the cases. */
import { toMap } from "../grids/area_map.js";
import { caseList } from "./case_list.js";
import { textual } from "./elements.js";
import { nameOf } from "./settings.js";

const SMALLEST_PX = 26;
const LARGEST_PX = 46;
// Disputes that lie closer than this are not told apart by zooming in.
const ONE_SPOT_DEGREES = 0.00005;

export class Clusters {
  /** `listCases(bbox)` answers the cases in a box of WGS84 degrees. */
  constructor(map, { listCases }) {
    this.map = map;
    this.listCases = listCases;
    this.layer = L.layerGroup().addTo(map);
  }

  /** Draw the FeatureCollection of the server, or nothing for null. */
  draw(answer) {
    this.layer.clearLayers();
    for (const feature of answer?.features ?? []) this.layer.addLayer(this.marker(feature));
  }

  marker(feature) {
    return feature.properties.case_number ? this.single(feature) : this.several(feature);
  }

  single({ geometry, properties }) {
    const risk = nameOf("risk", properties.risk);
    const html = textual("span", [...risk][0]);
    const icon = L.divIcon({ className: `map-case risk-${properties.risk}`, html, iconSize: [28, 28] });
    const name = interpolate(gettext("案件 %s,风险%s"), [properties.case_number, risk]);
    return L.marker(toMap(this.map, geometry.coordinates), { icon, title: name, alt: name })
      .bindPopup(() => caseList([properties], 1), { className: "map-popup" });
  }

  several({ geometry, properties, bbox }) {
    const size = Math.min(LARGEST_PX, SMALLEST_PX + 2 * Math.log2(properties.count));
    const html = textual("span", inBrief(properties.count));
    const icon = L.divIcon({ className: "map-cluster", html, iconSize: [size, size] });
    const name = interpolate(gettext("%s 起纠纷,点击展开"), [properties.count]);
    const marker = L.marker(toMap(this.map, geometry.coordinates), { icon, title: name, alt: name });
    return marker.on("click", () => this.open(marker, bbox));
  }

  /** Zoom in on a cluster; where that would show no more, list its cases. */
  async open(marker, bbox) {
    const [west, south, east, north] = bbox;
    const oneSpot = Math.max(east - west, north - south) < ONE_SPOT_DEGREES;
    if (!oneSpot && this.map.getZoom() < this.map.getMaxZoom()) {
      this.map.flyToBounds([toMap(this.map, [west, south]), toMap(this.map, [east, north])],
        { maxZoom: this.map.getMaxZoom(), padding: [40, 40], duration: 0.4 });
      return;
    }
    const answer = await this.listCases(bbox);
    if (!answer) return;
    marker.unbindPopup();
    marker.bindPopup(caseList(answer.cases, answer.total), { className: "map-popup", maxHeight: 320 }).openPopup();
  }
}

/** Four digits fit in a circle; 12345 -> "1.2万" or "12K". */
function inBrief(count) {
  if (count < 10_000) return String(count);
  const language = document.documentElement.lang;
  return new Intl.NumberFormat(language, { notation: "compact", maximumSignificantDigits: 2 }).format(count);
}
