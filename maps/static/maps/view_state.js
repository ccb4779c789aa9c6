/**
 * What the map shows, and its spelling in the page's address, so that an address sent to a colleague opens the
 * same view. Only what differs from the first view is written.
 */
const FILTERS = ["from", "to", "category", "level", "state"];
const FIRST_VIEW = {
  area: "", by: "", measure: "count", heat: true, points: true, view: null,
  ...Object.fromEntries(FILTERS.map((name) => [name, ""])),
};

/** The state in a query string. `view` is {lon, lat, zoom} or null: as much as shows the whole area. */
export function readState(search) {
  const query = new URLSearchParams(search);
  const text = (name) => query.get(name) ?? FIRST_VIEW[name];
  return {
    ...Object.fromEntries(["area", "by", ...FILTERS].map((name) => [name, text(name)])),
    measure: text("measure") === "per_km2" ? "per_km2" : "count",
    heat: query.get("heat") !== "0",
    points: query.get("points") !== "0",
    view: readView(query.get("view")),
  };
}

/** The query string of a state, "" for the first view. */
export function writeState(state) {
  const query = new URLSearchParams();
  for (const name of ["area", "by", "measure", ...FILTERS]) {
    if (state[name] !== FIRST_VIEW[name]) query.set(name, state[name]);
  }
  for (const name of ["heat", "points"]) if (!state[name]) query.set(name, "0");
  if (state.view) query.set("view", writeView(state.view));
  return query.size ? `?${query}` : "";
}

/** Parameters of the data's addresses: the area and the filter, and what the layer adds. */
export function dataQuery(state, more = {}) {
  const query = new URLSearchParams(more);
  for (const name of ["area", ...FILTERS]) if (state[name]) query.set(name, state[name]);
  return query;
}

/** Whether something narrows what is counted. */
export const isFiltered = (state) => FILTERS.some((name) => state[name]);

/** `state` without its filter. */
export const withoutFilter = (state) => ({ ...state, ...Object.fromEntries(FILTERS.map((name) => [name, ""])) });

function readView(text) {
  const [lon, lat, zoom] = (text ?? "").split(",").map(Number);
  return [lon, lat, zoom].every(Number.isFinite) && text.split(",").length === 3 ? { lon, lat, zoom } : null;
}

const writeView = ({ lon, lat, zoom }) => [lon.toFixed(5), lat.toFixed(5), zoom].join(",");
