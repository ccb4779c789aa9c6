/**
 * The map's page: the state in the address decides what is asked of the server, and the answers are drawn as
 * shades, heat, circles, legend, table and two sentences.
 */
import { createMap, fromMap, seenBounds, toMap } from "../grids/area_map.js";
import { AreaTable } from "./area_table.js";
import { Clusters } from "./clusters.js";
import { Controls } from "./controls.js";
import { Heat } from "./heat.js";
import { drawLegend } from "./legend.js";
import { ask, forget } from "./map_data.js";
import { explanation } from "./sentences.js";
import { settings } from "./settings.js";
import { Shading } from "./shading.js";
import { drawTrail } from "./trail.js";
import { dataQuery, readState, writeState } from "./view_state.js";

const SETTLE_MS = 150;
const MARGIN_PX = 12;
const element = (id) => document.getElementById(id);

/** Height of the legend where it lies over the map, 0 where it stands in the panel. */
function legendHeight() {
  const legend = element("map-legend");
  return getComputedStyle(legend).position === "absolute" ? legend.offsetHeight + MARGIN_PX : 0;
}

class MapPage {
  constructor() {
    this.state = readState(location.search);
    this.working = 0; // questions under way
    this.map = createMap(element("map"), { zoomSnap: 0.25 });
    const onChoose = (code) => this.lookAt(code);
    const onPoint = (code) => [this.shading, this.table].forEach((part) => part.point(code));
    this.shading = new Shading(this.map, { onChoose, onPoint });
    this.heat = new Heat(this.map);
    const listCases = (bbox) => this.attempt(() => ask("cases", this.query({ bbox })));
    this.clusters = new Clusters(this.map, { listCases });
    this.table = new AreaTable(element("map-table"), { onChoose, onPoint, addressOf: (code) => this.addressOf(code) });
    this.controls = new Controls({ onChange: (change) => this.change(change), onChoose });
    this.map.on("moveend", () => this.moved());
    window.addEventListener("popstate", () => this.goBack());
    // Folding the panel changes the map's height, which Leaflet does not notice.
    new ResizeObserver(() => this.map.invalidateSize({ animate: false })).observe(element("map"));
  }

  query(more) {
    return dataQuery(this.state, more);
  }

  /** Address of this view for another area: as large as shows it all. */
  addressOf(code) {
    return location.pathname + writeState({ ...this.state, area: code, by: "", view: null });
  }

  /** Go to another area. */
  lookAt(code) {
    if (code === this.answer?.area.code) return this.fit();
    return this.change({ area: code, by: "", view: null });
  }

  /** Apply a change that one can go back from. */
  change(change) {
    const moves = "area" in change;
    this.state = { ...this.state, ...change };
    history.pushState(null, "", location.pathname + writeState(this.state));
    return this.show({ fit: moves });
  }

  goBack() {
    this.state = readState(location.search);
    return this.show({ fit: true });
  }

  /** Ask for everything anew and draw it. `fit` moves the map to the area, or to the view in the address. */
  async show({ fit }) {
    this.controls.show(this.state);
    await this.attempt(async () => {
      const query = this.query(this.state.by ? { by: this.state.by } : {});
      const place = new URLSearchParams([...query].filter(([name]) => ["area", "by"].includes(name)));
      const [answer, boundaries] = await Promise.all([ask("areas", query), ask("boundaries", place)]);
      if (!answer || !boundaries) return;
      this.answer = answer;
      await this.shading.draw(boundaries, answer, this.state.measure);
      this.describe();
      if (fit) this.fit(this.state.view);
      await this.showCases();
    });
  }

  /** Move to `view`, or as far out as shows the whole area. */
  fit(view = null) {
    this.settled = false;
    if (view) this.map.setView(toMap(this.map, [view.lon, view.lat]), view.zoom, { animate: false });
    else if (this.shading.bounds().isValid()) this.fitAll(this.shading.bounds());
    this.settled = true;
  }

  /** Show all of `bounds`: above the legend, unless that would make them much smaller. */
  fitAll(bounds) {
    const below = legendHeight() + MARGIN_PX;
    const zoom = (height) => this.map.getBoundsZoom(bounds, false, L.point(2 * MARGIN_PX, MARGIN_PX + height));
    const bottom = zoom(below) >= zoom(MARGIN_PX) - this.map.options.zoomSnap ? below : MARGIN_PX;
    this.map.fitBounds(bounds, {
      paddingTopLeft: [MARGIN_PX, MARGIN_PX], paddingBottomRight: [MARGIN_PX, bottom], animate: false,
    });
  }

  describe() {
    document.title = document.title.replace(/(· ).*?( ·)/, `$1${this.answer.area.name}$2`);
    drawTrail(element("map-trail"), this.answer.trail, (code) => this.addressOf(code), (code) => this.lookAt(code));
    element("map-explanation").textContent = explanation(this.answer, this.state);
    this.table.draw(this.answer);
    this.controls.offer(this.answer);
    element("map-export").href = `${settings.urls.export}${writeState({ ...this.state, view: null })}`;
    const { measure, heat, points } = this.state;
    const shown = this.answer.shows_cases;
    drawLegend(element("map-legend"), { answer: this.answer, measure, heat: heat && shown, points: points && shown });
  }

  /** Heat and circles of the part on screen. */
  async showCases() {
    const { heat, points } = this.state;
    const shown = this.answer.shows_cases;
    const [squares, clusters] = await Promise.all([
      shown && heat ? ask("heat", this.query(this.screen())) : forget("heat"),
      shown && points ? ask("points", this.query(this.screen())) : forget("points"),
    ]);
    if (squares === null || clusters === null) return;
    this.heat.draw(squares);
    this.clusters.draw(clusters);
  }

  screen() {
    const { west, south, east, north } = seenBounds(this.map);
    return { bbox: [west, south, east, north].map((degrees) => degrees.toFixed(6)), zoom: this.map.getZoom() };
  }

  /** The user moved the map: the address follows, and the cases on screen. */
  moved() {
    if (!this.settled) return;
    clearTimeout(this.settling);
    this.settling = setTimeout(() => {
      const [lon, lat] = fromMap(this.map, this.map.getCenter());
      this.state = { ...this.state, view: { lon, lat, zoom: this.map.getZoom() } };
      history.replaceState(null, "", location.pathname + writeState(this.state));
      this.attempt(() => this.showCases());
    }, SETTLE_MS);
  }

  /** Do something with the server, and say it where it fails. */
  async attempt(work) {
    const status = element("map-status");
    this.markBusy(1);
    const saying = setTimeout(() => { status.textContent = gettext("正在读取…"); }, 400);
    try {
      const result = await work();
      status.textContent = "";
      return result;
    } catch (error) {
      if (!["RequestRefused", "ServerUnreachable"].includes(error.name)) throw error;
      status.textContent = error.message;
      return null;
    } finally {
      clearTimeout(saying);
      this.markBusy(-1);
    }
  }

  /** Tell assistive technology whether the panel is still changing. `change` is 1 or -1. */
  markBusy(change) {
    this.working += change;
    element("map-panel").setAttribute("aria-busy", String(this.working > 0));
  }
}

new MapPage().show({ fit: true });
