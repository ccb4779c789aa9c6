"""The browser's GCJ-02, used only to draw on an administrator's tiles, agrees with the server's."""

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


def in_browser(page, name: str) -> np.ndarray:
    converted = page.evaluate(
        """async ([name, places]) => {
            const datum = await import("/static/grids/datum.js");
            return places.map((place) => datum[name](place));
        }""",
        [name, PLACES],
    )
    return np.array(converted)


def test_wgs84_to_gcj02(page):
    lon, lat = np.array(PLACES).T
    expected = np.column_stack(crs.from_wgs84(lon, lat, "gcj02"))
    assert np.abs(in_browser(page, "wgs84ToGcj02") - expected).max() < 0.01 * DEGREES_PER_METRE


def test_gcj02_to_wgs84(page):
    lon, lat = np.array(PLACES).T
    expected = np.column_stack(crs.to_wgs84(lon, lat, "gcj02"))
    assert np.abs(in_browser(page, "gcj02ToWgs84") - expected).max() < 0.01 * DEGREES_PER_METRE


@pytest.mark.parametrize(("datum", "shifted"), [("gcj02", True), ("wgs84", False)])
def test_a_map_shifts_what_it_draws_on_gcj02_tiles_and_reads_taps_back(demo_server, visit, datum, shifted):
    page = visit("desk").sign_in(demo_server.login("grid_worker")).open("/report").page
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
