/**
 * A map of the back office (django-leaflet's widget): draws the areas around what is edited, which would otherwise
 * stand on nothing, and begins with a view in which both can be seen. Settings: template admin/grids/map_ground.html.
 */
const settings = JSON.parse(document.getElementById("map-ground").textContent);

// Leaflet finds its pictures by the address of its style sheet, which knows nothing of hashed names.
L.Icon.Default.imagePath = "";
L.Icon.Default.mergeOptions(settings.icon);

// Its own first view animates, and would end after ours.
L.GeometryField.include({ _setView() {} });

window.addEventListener("map:init", ({ detail: { map } }) => {
  map.options.zoomSnap = 0.5;
  // Fired once what is edited stands on the map.
  map.on("map:loadfield", ({ field }) => {
    showGround(map, field.drawnItems);
    // Before any other listener, and before the browser reads the fields.
    field.store.formfield?.form?.addEventListener("submit", () => finishEditing(field), { capture: true });
  });
});

/** Takes over corners that were dragged, or shapes removed, when the page is saved without the map's own Save. */
function finishEditing({ _drawControl: control, drawnItems }) {
  const handler = control?._toolbars.edit?._activeMode?.handler;
  if (!handler?.enabled()) return;
  // Writing an untouched boundary anew would round it, and so change it.
  const untouched = handler.type === "edit" && !drawnItems.getLayers().some((layer) => layer.edited);
  if (!untouched) handler.save();
  handler.disable();
}

async function showGround(map, drawn) {
  // A boundary is its own measure at once; a lone point waits for the outlines.
  fit(map, drawn.getBounds(), settings.pad);
  const response = settings.areas && (await fetch(settings.areas, { headers: { Accept: "application/json" } }));
  if (!response?.ok) return;
  const style = { color: "#666", weight: 1, fill: false, interactive: false, className: "map-ground" };
  const outlines = L.geoJSON(await response.json(), { style }).addTo(map);
  const shown = outlines.getLayers().filter((layer) => !settings.unit || layer.feature.id === settings.unit);
  if (settings.fitOutlines) fit(map, L.featureGroup([...shown, drawn]).getBounds(), settings.pad);
}

function fit(map, bounds, pad) {
  if (bounds.isValid()) map.fitBounds(bounds.pad(pad), { animate: false });
}
