/* Draws the areas around the one whose boundary is being changed, which would otherwise be drawn against nothing. */
window.addEventListener("map:init", async (event) => {
  const url = JSON.parse(document.getElementById("neighbours-url").textContent);
  const response = await fetch(url, { headers: { Accept: "application/json" } });
  if (!response.ok) return;
  const style = { color: "#666", weight: 1, fill: false, interactive: false };
  L.geoJSON(await response.json(), { style }).addTo(event.detail.map);
});
