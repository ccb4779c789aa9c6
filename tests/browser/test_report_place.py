"""The place of a report: a better fix, the units to choose among, GCJ-02, and all of it without a network.

The place's own modules on the report page's own markup, without the rest of that page's scripts.
"""

import json
import re
import subprocess

import pytest
from playwright.sync_api import expect

from grids import crs
from tests.browser.places import boundary, middle, shared_edge
from tests.conftest import ROOT

pytestmark = pytest.mark.browser
MODULES = ROOT / "var" / "modules" / "incidents" / "reporting"
ENTRY = 'export * from "./place.js"; export * from "./similar.js";'
LOCATE = "**/api/v1/locate?*"
OPEN = """async ({ script, options }) => {
    globalThis.done = false;
    globalThis.gettext = (words) => words;
    globalThis.interpolate = (words, values) => words.replace("%s", () => values.shift());
    const shell = new DOMParser().parseFromString(await (await fetch("/report")).text(), "text/html");
    const form = document.adoptNode(shell.getElementById("report"));
    Object.assign(form.dataset, options.form);
    document.querySelector("main").replaceChildren(form);
    form.querySelector(".report-map").style.height = "240px";
    globalThis.reporting = (0, eval)(`(() => { ${script}; return reporting; })()`);
    const place = new reporting.ReportPlace(form.querySelector(".report-place"));
    globalThis.place = place;
    const reference = await (await fetch("/api/v1/reporting/reference")).json();
    globalThis.reference = reference;
    if (options.reference !== false) place.setReference(reference);
    place.setBounds(reference.covered);
    await place.startMap();
}"""


@pytest.fixture(scope="session")
def script() -> str:
    """The modules as one script that gives `reporting`."""
    from gridgov.setup.site_files import bundle_scripts

    bundle_scripts()
    esbuild = [ROOT / "node_modules" / ".bin" / "esbuild", "--bundle", "--format=iife"]
    options = ["--global-name=reporting", "--log-level=error", f"--sourcefile={MODULES}/entry.js"]
    made = subprocess.run(
        [*esbuild, *options], input=ENTRY, text=True, check=True, cwd=MODULES, stdout=subprocess.PIPE
    )
    return made.stdout


@pytest.fixture
def worker(demo_server):
    return demo_server.login("grid_worker")


@pytest.fixture
def open_place(visit, worker, script):
    """`open_place(position=…)`: a worker's page with the place and its map on it; no position asked for."""

    def open_page(*, form=None, reference=True, **phone):
        # The script is put in by the test, where the policy of the page's own does not reach.
        visitor = visit("phone", bypass_csp=True, **phone).sign_in(worker)
        options = {"form": form or {}, "reference": reference}
        visitor.page.evaluate(OPEN, {"script": script, "options": options})
        return visitor.page

    return open_page


def use_position(page) -> None:
    """Begin, without waiting for the end."""
    page.evaluate(
        "() => { globalThis.done = false; place.usePosition().then(() => { globalThis.done = true; }); }"
    )


def value(page) -> dict:
    return page.evaluate("place.value")


def move(page, lon, lat, accuracy_m) -> None:
    page.context.set_geolocation({"longitude": lon, "latitude": lat, "accuracy": accuracy_m})


def circle_width(page) -> float:
    """Of the accuracy circle, in pixels."""
    # Redrawn at each better fix: a box may be asked for while there is none.
    box = page.wait_for_function(
        """() => {
            const circle = [...document.querySelectorAll("#report-map .leaflet-overlay-pane path")].at(-1);
            return circle?.getBoundingClientRect().width;
        }"""
    )
    return box.json_value()


def test_the_place_waits_for_a_better_fix_and_shows_the_first_at_once(demo_server, worker, open_place):
    lon, lat = middle(demo_server, worker)
    page = open_place(position=(lon, lat), accuracy_m=180)
    use_position(page)
    page.wait_for_function("place.value?.accuracy_m === 180")
    assert not page.evaluate("done")
    wide = circle_width(page)
    move(page, lon, lat, 12)
    page.wait_for_function("place.value?.accuracy_m === 12 && done")
    assert circle_width(page) < wide / 5
    expect(page.locator("[data-unit]")).to_have_text(worker.area_name)
    expect(page.locator("[data-unit-note]")).to_contain_text("12 米")
    assert value(page) == {
        "lon": lon, "lat": lat, "datum": "wgs84", "accuracy_m": 12, "found_by": "device", "certain": True,
        "unit": {"code": worker.area_code, "name": worker.area_name}, "chosen_unit": None,
    }  # fmt: skip


def test_a_poor_fix_is_taken_when_nothing_better_comes(demo_server, worker, open_place):
    page = open_place(position=middle(demo_server, worker), accuracy_m=40, form={"fixWaitMs": "300"})
    page.evaluate("place.usePosition()")
    assert value(page)["accuracy_m"] == 40


def test_a_pin_set_by_hand_is_not_replaced_by_a_fix(demo_server, worker, open_place):
    lon, lat = middle(demo_server, worker)
    page = open_place(position=(lon, lat), accuracy_m=60)
    use_position(page)
    page.wait_for_function("place.value !== null")
    page.locator("#report-map").tap(position={"x": 60, "y": 120})
    page.wait_for_function("place.value.found_by === 'hand' && done")
    by_hand = value(page)
    move(page, lon, lat, 5)
    # Another watch hears of the better fix: so the place's own would have, too.
    page.evaluate("new Promise((heard) => navigator.geolocation.getCurrentPosition(heard, heard))")
    assert (by_hand["lon"], by_hand["lat"]) == (value(page)["lon"], value(page)["lat"])
    assert value(page)["accuracy_m"] is None


def test_near_a_border_the_units_are_offered_by_name_and_on_the_map_also_without_network(
    demo_server, worker, open_place
):
    page = open_place(position=shared_edge(demo_server, worker), accuracy_m=14)
    page.context.set_offline(True)
    page.evaluate("place.usePosition()")
    choices = page.locator(".candidate")
    expect(choices.nth(1)).to_be_visible()
    expect(page.locator("#report-map .report-name")).to_have_count(choices.count())
    assert value(page)["chosen_unit"] is None
    other = page.locator(".candidate:not(:has(:checked))").first
    name = other.locator("span").first.inner_text()
    other.tap()
    expect(page.locator("[data-unit]")).to_have_text(name)
    chosen = value(page)
    assert chosen["unit"] == {"code": chosen["chosen_unit"], "name": name}
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_load_state("networkidle")
    assert value(page) == chosen, "the server's answer takes the choice away"


def test_a_place_of_somebody_elses_unit_says_so(demo_server, worker, open_place):
    page = open_place(position=middle(demo_server, worker))
    other = page.evaluate("reference.units.find((unit) => !unit.own)")
    spot = boundary(demo_server, worker, other["code"]).representative_point()
    move(page, spot.x, spot.y, 5)
    page.evaluate("place.usePosition()")
    expect(page.locator("[data-unit]")).to_have_text(other["name"])
    expect(page.locator("[data-not-own]")).to_have_text(f"不在您负责的网格内,将由{other['name']}处理。")


def test_without_network_the_phone_gives_the_servers_answer(demo_server, worker, open_place):
    page = open_place(position=middle(demo_server, worker), accuracy_m=15)
    ask = """([lon, lat]) => new Promise((heard) => {
        place.addEventListener("answered", () => heard({ ...place.located }), { once: true });
        const found = { accuracy_m: 30, found_by: "device", unit: null, chosen_unit: null };
        place.set({ lon, lat, datum: "wgs84", ...found });
    })"""
    # Its corners: a circle there lies over several units, or over the district's edge.
    places = boundary(demo_server, worker, worker.area_code).geoms[0].exterior.coords[:8]
    page.context.set_offline(True)
    phone = [page.evaluate(ask, place) for place in places]
    page.context.set_offline(False)
    with demo_server.token_session(worker) as session:
        for (lon, lat), found in zip(places, phone, strict=True):
            query = {"lon": lon, "lat": lat, "datum": "wgs84", "accuracy_m": 30}
            answer = session.get(f"{demo_server.base_url}/api/v1/locate", params=query, timeout=30).json()
            assert found.pop("own") in (True, False)
            assert found == {key: answer[key] for key in found}


def test_what_the_phone_cannot_tell_waits_for_the_server_and_may_be_sent(demo_server, worker, open_place):
    page = open_place(position=middle(demo_server, worker), reference=False)
    page.context.set_offline(True)
    page.evaluate("place.usePosition()")
    expect(page.locator("[data-unit-note]")).to_have_text("没有网络,送达后由服务器确定网格。")
    assert value(page)["unit"] is None
    assert page.evaluate("place.problem") == ""
    page.context.set_offline(False)
    expect(page.locator("[data-unit]")).to_have_text(worker.area_name)


def test_the_server_has_the_last_word(demo_server, worker, open_place):
    page = open_place(position=middle(demo_server, worker))
    area = {"code": "440105001001001", "name": "服务器的网格"}
    answer = {"grid_unit": area, "community": area, "street": area, "certain": True, "candidates": []}
    held = []
    page.route(LOCATE, lambda route: held.append(route))
    page.evaluate("place.usePosition()")
    expect(page.locator("[data-unit]")).to_have_text(worker.area_name)
    held[-1].fulfill(json=answer)
    expect(page.locator("[data-unit]")).to_have_text("服务器的网格")


def test_outside_the_district_it_cannot_be_sent_and_says_how_far(open_place):
    page = open_place(position=(113.264, 23.129))
    page.evaluate("place.usePosition()")
    expect(page.locator("[data-unit-note]")).to_contain_text("公里")
    assert "在本区之外" in page.evaluate("place.problem")


def test_a_browser_that_gives_gcj02_is_converted_and_marked(demo_server, worker, open_place):
    wgs84 = middle(demo_server, worker)
    given = crs.from_wgs84(*wgs84, "gcj02")
    page = open_place(position=given, form={"gcj02Browsers": "No such browser, chROME/"})
    with page.expect_request(LOCATE) as asked:
        page.evaluate("place.usePosition()")
    assert "datum=gcj02" in asked.value.url
    expect(page.locator("[data-unit]")).to_have_text(worker.area_name)
    expect(page.locator("[data-datum-note]")).to_contain_text("GCJ-02")
    found = value(page)
    assert (found["lon"], found["lat"], found["datum"]) == (*given, "gcj02")


def test_without_leave_or_with_a_vague_fix_the_page_says_what_to_do(demo_server, worker, open_place):
    page = open_place()
    page.evaluate("place.usePosition()")
    expect(page.locator("[data-unit-note]")).to_contain_text("没有允许定位")
    page.context.grant_permissions(["geolocation"])
    move(page, *middle(demo_server, worker), 2600)
    page.evaluate("reference.fixWaitMs = 1; place.usePosition()")
    expect(page.locator("[data-unit-note]")).to_contain_text("2.6 公里")
    assert value(page) is None


def test_the_pin_can_be_placed_by_keyboard_and_a_draft_brings_its_own(worker, open_place):
    page = open_place()
    page.focus("#report-map")
    page.keyboard.press("Enter")
    expect(page.locator("#report-map .map-pin")).to_be_visible()
    kept = value(page)
    assert kept["found_by"] == "hand"
    page.evaluate("place.set(null)")
    expect(page.locator("#report-map .map-pin")).to_have_count(0)
    page.evaluate("place => globalThis.place.set(place)", kept)
    expect(page.locator("#report-map .map-pin")).to_be_visible()


def test_without_leaflet_the_words_and_the_position_do(demo_server, worker, open_place, visit, script):
    visitor = visit("phone", bypass_csp=True, position=middle(demo_server, worker)).sign_in(worker)
    page = visitor.page
    page.route(re.compile("leaflet.*js"), lambda route: route.abort())
    page.evaluate(OPEN, {"script": script, "options": {"form": {}}})
    expect(page.locator("#report-map")).to_contain_text("不影响上报")
    page.evaluate("place.usePosition()")
    expect(page.locator("[data-unit]")).to_have_text(worker.area_name)
    page.unroute_all()
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("#report-map .map-pin")).to_be_visible()


def test_similar_cases_that_the_phone_knows_are_those_of_the_server(demo_server, worker, open_place):
    page = open_place()
    disputes = page.evaluate("reference.disputes")
    assert disputes
    with demo_server.token_session(worker) as session:
        for case in disputes[:20]:
            query = {key: case[key] for key in ("lon", "lat", "category")}
            known = page.evaluate(
                """({ lon, lat, category }) =>
                    reporting.similarNearby(reference, { lonLat: [lon, lat], category, now: Date.now() })""",
                query,
            )
            url = f"{demo_server.base_url}/api/v1/disputes/similar"
            answer = session.get(url, params={**query, "datum": "wgs84"}, timeout=30)
            assert answer.ok, answer.text
            said = {each["id"]: each["distance_m"] for each in answer.json()["disputes"]}
            here = {each["id"]: each["distance_m"] for each in known}
            assert list(here) == list(said), json.dumps([known, answer.json()], ensure_ascii=False)
            assert here == pytest.approx(said, abs=1)
