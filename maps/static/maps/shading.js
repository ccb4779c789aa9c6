/** Areas in the colour of their count or rate. */
import { addAreas, token } from "../grids/area_map.js";
import { textual } from "./elements.js";
import { settings } from "./settings.js";
import { areaWords } from "./sentences.js";

const LABEL_PX = 14; // a Chinese character; Latin ones are narrower
const OPACITY = 0.8;
const OPACITY_ON_TILES = 0.55; // streets stay readable
// A finger has no hover: there the tooltip would stay in the way.
const HAS_MOUSE = matchMedia("(hover: hover)").matches;

export class Shading {
  /** `onChoose(code)` is called for a click on an area, `onPoint(code or null)` while the mouse is on one. */
  constructor(map, { onChoose, onPoint }) {
    this.map = map;
    this.onChoose = onChoose;
    this.onPoint = onPoint;
    this.paths = new Map();
    this.opacity = map.getContainer().dataset.tileUrl ? OPACITY_ON_TILES : OPACITY;
    map.on("zoomend", () => this.fitLabels());
  }

  /** Draw `boundaries` (GeoJSON), shaded by `answer.areas` and `measure`. */
  async draw(boundaries, answer, measure) {
    this.paths = new Map();
    const areas = new Map(answer.areas.map((area) => [area.code, area]));
    const layer = await addAreas(this.map, boundaries, {
      style: (feature) => shade(areas.get(feature.id), measure, this.opacity),
      onEachFeature: (feature, path) => this.prepare(path, areas.get(feature.id)),
    });
    this.layer?.remove();
    this.layer = layer;
    layer.bringToBack();
    this.fitLabels();
  }

  prepare(path, area) {
    if (!area) return;
    this.paths.set(area.code, path);
    path.area = area;
    if (HAS_MOUSE) path.bindTooltip(textual("span", areaWords(area)), { sticky: true, className: "map-tip" });
    path.on({
      click: () => this.onChoose(area.code),
      mouseover: () => this.onPoint(area.code),
      mouseout: () => this.onPoint(null),
    });
  }

  /** Bounds of all that is drawn. */
  bounds() {
    return this.layer.getBounds();
  }

  /** Make one area stand out, or none. */
  point(code) {
    for (const [each, path] of this.paths) {
      const pointed = each === code;
      path.setStyle({ weight: pointed ? 4 : 1, color: pointed ? token("--gg-accent-dark") : settings.palette.line });
      if (pointed) path.bringToFront();
    }
  }

  /** Names on the areas that have room for them. */
  fitLabels() {
    this.labels?.remove();
    if (!this.layer) return;
    const labels = this.layer.getLayers().filter((path) => path.area && hasRoom(this.map, path)).map(label);
    this.labels = L.layerGroup(labels).addTo(this.map);
  }
}

function shade(area, measure, opacity) {
  const index = area?.[`${measure}_class`];
  return {
    color: settings.palette.line,
    weight: 1,
    fillColor: index === null || index === undefined ? settings.palette.nothing : settings.palette.shades[index],
    fillOpacity: area ? opacity : 0,
    className: "map-area",
  };
}

function hasRoom(map, path) {
  const bounds = path.getBounds();
  const [southWest, northEast] = [map.project(bounds.getSouthWest()), map.project(bounds.getNorthEast())];
  const [width, height] = [northEast.x - southWest.x, southWest.y - northEast.y];
  return width * 0.8 > path.area.short_name.length * LABEL_PX && height > 2.5 * LABEL_PX;
}

function label(path) {
  return L.marker(path.getBounds().getCenter(), {
    icon: L.divIcon({ className: "map-label", html: textual("span", path.area.short_name), iconSize: null }),
    interactive: false, keyboard: false,
  });
}
