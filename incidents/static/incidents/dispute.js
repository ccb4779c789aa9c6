/**
 * The page of one dispute: its map.
 */
import { accuracyCircle, addAreas, areaStyle, chosenAreaStyle, createMap, pin, toMap } from "../grids/area_map.js";
import { orNothing } from "../grids/requests.js";

const element = document.getElementById("dispute-map");
const { lon, lat, accuracyM, unit, areasUrl } = element.dataset;
const lonLat = [Number(lon), Number(lat)];
const map = createMap(element, { scrollWheelZoom: false });
// Leaflet ignores a new view while it animates to another.
map.setView(toMap(map, lonLat), 16, { animate: false });
pin(map, lonLat, { interactive: false, keyboard: false }).addTo(map);
if (accuracyM) accuracyCircle(map, lonLat, Number(accuracyM)).addTo(map);
showUnit();

async function showUnit() {
  const style = (feature) => (feature.properties.code === unit ? chosenAreaStyle() : areaStyle());
  const areas = await orNothing(addAreas(map, areasUrl, { style }));
  const own = areas?.getLayers().find((layer) => layer.feature.properties.code === unit);
  // A unit that is retired is not among those of today: then the pin alone says where.
  own?.bringToFront();
  if (own) map.fitBounds(own.getBounds().extend(toMap(map, lonLat)), { padding: [16, 16], animate: false });
}
