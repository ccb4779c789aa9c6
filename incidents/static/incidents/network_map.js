/**
 * Where a mediation body is: a pin, with the outline of the area that it serves.
 */
import { addAreas, areaStyle, chosenAreaStyle, createMap, pin, toMap } from "../grids/area_map.js";
import { orNothing } from "../grids/requests.js";

const element = document.getElementById("network-map");
const { lon, lat, area, areasUrl } = element.dataset;
const lonLat = [Number(lon), Number(lat)];
const map = createMap(element, { scrollWheelZoom: false });
map.setView(toMap(map, lonLat), 15, { animate: false });
pin(map, lonLat, { interactive: false, keyboard: false }).addTo(map);
showAreas();

async function showAreas() {
  const serves = (code) => code === area || code.startsWith(area);
  const style = (feature) => (serves(feature.properties.code) ? chosenAreaStyle() : areaStyle());
  const areas = await orNothing(addAreas(map, areasUrl, { style }));
  const own = areas?.getLayers().filter((layer) => serves(layer.feature.properties.code)) ?? [];
  if (!own.length) return;
  const bounds = own.reduce((all, layer) => all.extend(layer.getBounds()), L.latLngBounds([toMap(map, lonLat)]));
  // Above, room for the pin, which stands on its place.
  map.fitBounds(bounds, { paddingTopLeft: [16, 48], paddingBottomRight: [16, 16], animate: false });
}
