"""The maps of the back office."""

import psycopg
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
SIZES = ["phone", "desk"]


@pytest.fixture(params=SIZES)
def administrator(request, demo_server, visit):
    return visit(request.param).sign_in(demo_server.login("administrator"))


def one(server, query: str) -> int:
    """The first value that the server's database answers; what the query changes, stays."""
    with psycopg.connect(server.database_url.replace("postgis:", "postgresql:", 1)) as connection:
        return connection.execute(query).fetchone()[0]


LAST_UNIT = "(SELECT max(id) FROM grids_areaversion WHERE length(area_id) = 15)"


@pytest.fixture
def closed_version(demo_server):
    """Key of a unit's version that is no longer in force."""
    change = f"UPDATE grids_areaversion SET valid_to = %s WHERE id = {LAST_UNIT} RETURNING id"
    yield one(demo_server, change % "current_date - 1")
    one(demo_server, change % "NULL")


def check_ground(visitor) -> None:
    """Outlines on the map, and no complaint of the browser."""
    # Leaflet keeps an empty path for what lies outside the view.
    expect(visitor.page.locator("path.map-ground:not([d='M0 0'])").first).to_be_visible()
    visitor.page.wait_for_load_state("networkidle")
    assert not visitor.complaints


def share_of_map(page) -> float:
    """How much of the map's longer side the drawn boundary takes."""
    drawn = page.locator("path.leaflet-interactive").first.bounding_box()
    whole = page.locator(".leaflet-container").bounding_box()
    return max(drawn[side] / whole[side] for side in ("width", "height"))


def test_a_known_address_has_a_marker_among_the_units_around_it(demo_server, administrator):
    key = one(demo_server, "SELECT min(id) FROM grids_address")
    page = administrator.open(f"/admin/grids/address/{key}/change/").page
    check_ground(administrator)
    marker = page.locator("img.leaflet-marker-icon")
    expect(marker).to_be_visible()
    assert marker.evaluate("image => image.complete && image.naturalWidth") > 0
    administrator.keep_picture("admin-address")


def test_a_new_address_is_placed_by_a_tap_on_the_map_of_the_district(administrator):
    page = administrator.open("/admin/grids/address/add/").page
    check_ground(administrator)
    page.click(".leaflet-draw-draw-marker")
    page.click(".leaflet-container", position={"x": 160, "y": 200})
    assert '"Point"' in page.input_value("textarea[name=location]")
    marker = page.locator("img.leaflet-marker-icon")
    assert marker.first.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    administrator.keep_picture("admin-address-new")


def test_a_boundary_opens_large_enough_to_be_changed(demo_server, administrator):
    key = one(demo_server, f"SELECT {LAST_UNIT}")
    page = administrator.open(f"/admin/grids/areaversion/{key}/change/").page
    check_ground(administrator)
    expect(page.locator(".leaflet-draw-edit-edit")).to_be_visible()
    assert 0.3 < share_of_map(page) < 0.9
    administrator.keep_picture("admin-boundary")


def test_a_closed_boundary_is_shown_on_a_map_that_changes_nothing(administrator, closed_version):
    page = administrator.open(f"/admin/grids/areaversion/{closed_version}/change/").page
    check_ground(administrator)
    expect(page.locator(".leaflet-draw-edit-edit")).to_have_count(0)
    assert 0.3 < share_of_map(page) < 0.9
    page.locator(".leaflet-container").scroll_into_view_if_needed()
    administrator.keep_picture("admin-boundary-closed")
