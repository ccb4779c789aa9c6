"""The browser's datums, used only to draw on an administrator's tiles, agree with the server's."""

import numpy as np
import pytest

from grids import crs

pytestmark = pytest.mark.browser
# The corners of Haizhu and its middle: longitude, latitude in WGS84.
PLACES = [(113.23, 23.04), (113.41, 23.04), (113.23, 23.12), (113.41, 23.12), (113.32, 23.08)]
DEGREES_PER_METRE = 1e-5


@pytest.fixture
def page(visit):
    return visit("desk").open("/sign-in").page


def in_browser(page, name: str, datum: str) -> np.ndarray:
    converted = page.evaluate(
        """async ([name, datum, places]) => {
            const module = await import("/static/grids/datum.js");
            return places.map((place) => module[name](place, datum));
        }""",
        [name, datum, PLACES],
    )
    return np.array(converted)


@pytest.mark.parametrize("datum", ["gcj02", "bd09", "wgs84"])
def test_both_ways_agree_with_the_servers_to_a_centimetre(page, datum):
    lon, lat = np.array(PLACES).T
    there = np.column_stack(crs.from_wgs84(lon, lat, datum))
    back = np.column_stack(crs.to_wgs84(lon, lat, datum))
    assert np.abs(in_browser(page, "fromWgs84", datum) - there).max() < 0.01 * DEGREES_PER_METRE
    assert np.abs(in_browser(page, "toWgs84", datum) - back).max() < 0.01 * DEGREES_PER_METRE


@pytest.mark.parametrize(("datum", "shifted"), [("gcj02", True), ("bd09", True), ("wgs84", False)])
def test_a_map_shifts_what_it_draws_to_its_tiles_and_reads_taps_back(demo_server, visit, datum, shifted):
    page = visit("desk").sign_in(demo_server.login("street_centre")).open("/map").page
    drawn, read = page.evaluate(
        """async ([datum, place]) => {
            const { createMap, toMap, fromMap } = await import("/static/grids/area_map.js");
            const element = document.createElement("div");
            Object.assign(element.dataset, { tileUrl: "data:,", tileDatum: datum });
            document.body.append(element);
            const map = createMap(element);
            const latLng = toMap(map, place);
            return [[latLng.lng, latLng.lat], fromMap(map, latLng)];
        }""",
        [datum, PLACES[4]],
    )
    assert (abs(drawn[0] - PLACES[4][0]) > 500 * DEGREES_PER_METRE) == shifted
    assert read == pytest.approx(PLACES[4], abs=1e-9)
