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


@pytest.fixture
def unit_version(demo_server):
    """Key and area of a unit's version in force; what a test draws after it goes again."""
    key = one(demo_server, f"SELECT {LAST_UNIT}")
    area = one(demo_server, f"SELECT area_id FROM grids_areaversion WHERE id = {key}")
    yield key, area
    one(
        demo_server,
        f"WITH gone AS (DELETE FROM grids_areaversion WHERE area_id = '{area}' AND id > {key}) SELECT 1",
    )
    one(demo_server, f"UPDATE grids_areaversion SET valid_to = NULL WHERE id = {key} RETURNING id")


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


def drag_a_corner_inwards(page) -> None:
    """A tenth of the way to the middle of the boundary, so that no neighbour is overlapped."""
    shape = page.locator("path.leaflet-interactive").first.bounding_box()
    # Leaflet.draw's half-transparent handles stand between the corners.
    corner = page.locator(".leaflet-editing-icon:not([style*='opacity: 0.6'])").first.bounding_box()
    x, y = (corner[at] + corner[side] / 2 for at, side in (("x", "width"), ("y", "height")))
    middle = [shape[at] + shape[side] / 2 for at, side in (("x", "width"), ("y", "height"))]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + (middle[0] - x) / 10, y + (middle[1] - y) / 10, steps=5)
    page.mouse.up()


def test_a_dragged_corner_is_kept_when_the_page_is_saved_without_the_maps_own_save(
    demo_server, visit, unit_version
):
    key, area = unit_version
    visitor = visit("desk").sign_in(demo_server.login("administrator"))
    page = visitor.open(f"/admin/grids/areaversion/{key}/change/").page
    check_ground(visitor)
    page.locator(".leaflet-container").scroll_into_view_if_needed()
    page.click(".leaflet-draw-edit-edit")
    drag_a_corner_inwards(page)
    page.click("input[name=_save]")
    expect(page.locator(".messagelist .success")).to_contain_text("起的新版本")
    expect(page.locator(".messagelist .warning").first).to_contain_text("平方米")
    visitor.keep_picture("admin-boundary-saved")
    visitor.open(f"/admin/grids/areaversion/?q={area}")
    expect(page.locator("#result_list tbody tr")).to_have_count(2)
    assert not visitor.complaints


def test_edit_mode_without_a_change_opens_no_version(demo_server, visit, unit_version):
    key, area = unit_version
    visitor = visit("desk").sign_in(demo_server.login("administrator"))
    page = visitor.open(f"/admin/grids/areaversion/{key}/change/").page
    check_ground(visitor)
    page.click(".leaflet-draw-edit-edit")
    page.click("input[name=_save]")
    expect(page.locator(".messagelist .info")).to_have_text("没有改动,未产生新版本。")
    visitor.open(f"/admin/grids/areaversion/?q={area}")
    expect(page.locator("#result_list tbody tr")).to_have_count(1)


@pytest.mark.parametrize("model", ["area", "areaversion"])
def test_the_names_of_areas_stand_on_one_line(administrator, model):
    page = administrator.open(f"/admin/grids/{model}/").page
    name = page.locator("#result_list tbody .field-name, #result_list tbody .field-current_name").first
    assert name.evaluate("cell => getComputedStyle(cell).whiteSpace") == "nowrap"
    administrator.keep_picture(f"admin-{model}-list")


def test_the_door_to_the_areas_shows_the_boundaries_in_force(administrator):
    page = administrator.open("/").page
    page.click("a.door:has-text('区域')")
    expect(page).to_have_url(f"{administrator.base_url}/admin/grids/areaversion/?valid_to__isempty=1")
    expect(page.locator("#result_list .field-name").first).to_be_visible()
